"""Marking attendance at workplaces, at /narvaro/."""

from django.urls import path

from placements.marking import views

app_name = "marking"

urlpatterns = [
    path("", views.week, name="week"),
    path("<uuid:public_id>/<uuid:placement_id>/extra/", views.extra, name="extra"),
]
