from django.urls import path

from tracks.rounds import views

app_name = "track_rounds"

_ROUND = "<uuid:public_id>/"

urlpatterns = [
    path("", views.round_list, name="list"),
    # On the latest version of a track.
    path("ny/<uuid:public_id>/", views.round_new, name="new"),
    path(_ROUND, views.round_detail, name="round"),
    path(_ROUND + "andra/", views.round_change, name="change"),
    path(_ROUND + "antal-platser/", views.seats, name="seats"),
    path(_ROUND + "lage/<slug:state>/", views.state, name="state"),
    path(_ROUND + "arbetsgivare/ny/", views.partner_new, name="partner_new"),
    path(_ROUND + "arbetsgivare/<int:partner_id>/", views.partner_change, name="partner"),
    path(_ROUND + "arbetsgivare/<int:partner_id>/ta-bort/", views.partner_remove, name="partner_remove"),
]
