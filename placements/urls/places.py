"""The place bank, at /platser/."""

from django.urls import path

from placements.places import views

app_name = "places"

urlpatterns = [
    path("", views.place_list, name="list"),
    path("lediga/", views.vacancy, name="vacancy"),
    path("ny/", views.workplace_choose, name="choose"),
    path("ny/<uuid:workplace_id>/", views.place_new, name="new"),
    path("<uuid:public_id>/", views.place_detail, name="place"),
    path("<uuid:public_id>/andra/", views.place_change, name="change"),
    path("<uuid:public_id>/status/", views.place_state, name="state"),
]
