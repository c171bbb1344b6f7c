"""Marking attendance at workplaces, at /narvaro/."""

from django.urls import path

from placements.marking import views

app_name = "marking"

urlpatterns = [path("", views.week, name="week")]
