from django.urls import path

from competence.batches import views

_OF = "<uuid:public_id>/"

app_name = "rounds"
urlpatterns = [
    path("", views.round_list, name="list"),
    path("ny/", views.round_new, name="new"),
    path(_OF, views.round_page, name="round"),
    path(_OF + "lage/", views.round_progress, name="progress"),
    path(_OF + "fortsatt/", views.round_resume, name="resume"),
    path(_OF + "stoppa/", views.round_stop, name="stop"),
    path(_OF + "intyg.zip", views.round_zip, name="zip"),
]
