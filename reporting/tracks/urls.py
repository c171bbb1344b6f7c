"""Pictures of job tracks. They stand with the figures, which say what may be told."""

from django.urls import path

from reporting.tracks import views

app_name = "track_pictures"

urlpatterns = [
    path("jamfor/", views.compare, name="compare"),
    path("bild/spar/<uuid:public_id>/", views.steering_of_track, name="track"),
    path("bild/omgang/<uuid:public_id>/", views.steering_of_round, name="round"),
    path("bilder/spar/<uuid:public_id>/", views.pictures_of_track, name="pictures_of_track"),
    path("bilder/omgang/<uuid:public_id>/", views.pictures_of_round, name="pictures_of_round"),
]
