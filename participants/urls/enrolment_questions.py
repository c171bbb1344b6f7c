"""Enrolments in two units: among the administrators' pages."""

from django.urls import path

from participants.enrolling import questions

app_name = "enrolment_questions"

urlpatterns = [
    path("", questions.question_list, name="list"),
    path("<uuid:public_id>/", questions.question, name="question"),
]
