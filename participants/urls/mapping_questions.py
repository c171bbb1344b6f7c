from django.urls import path

from participants.mapping import own_views

app_name = "mapping_questions"

urlpatterns = [
    path("", own_views.question_list, name="list"),
    path("ny/", own_views.question_create, name="create"),
    path("<int:key>/", own_views.question_edit, name="edit"),
]
