"""Numbers that stand on two people: among the administrators' pages."""

from django.urls import path

from participants.person import questions as number_questions

app_name = "number_questions"

urlpatterns = [
    path("", number_questions.question_list, name="list"),
    path("<uuid:public_id>/", number_questions.question, name="question"),
]
