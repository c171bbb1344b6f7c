"""Which place suits whom: from the participant's file, and from a place."""

from django.urls import path

from placements.matching import views

app_name = "matching"

urlpatterns = [
    path("deltagare/<uuid:public_id>/platser/", views.places, name="places"),
    path("platser/<uuid:public_id>/deltagare/", views.participants, name="participants"),
]
