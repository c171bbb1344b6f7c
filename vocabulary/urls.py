from django.urls import path

from vocabulary import views

app_name = "vocabulary"

urlpatterns = [
    path("", views.activity_form_list, name="activity_form_list"),
    path("ny/", views.activity_form_create, name="activity_form_create"),
    path("<slug:code>/", views.activity_form_edit, name="activity_form_edit"),
]
