from django.urls import path

from tracks.matching import views

app_name = "track_matching"

urlpatterns = [
    path("deltagare/<uuid:public_id>/jobbspar/som-passar/", views.tracks, name="tracks"),
    path("jobbspar/omgangar/<uuid:public_id>/deltagare-som-passar/", views.participants, name="participants"),
]
