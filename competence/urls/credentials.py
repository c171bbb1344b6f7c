from django.urls import path

from competence.credentials import views

_OF = "deltagare/<uuid:public_id>/behorigheter/"

app_name = "credentials"
urlpatterns = [
    path(_OF + "ny/", views.enter, name="enter"),
    path(_OF + "<uuid:credential_id>/", views.change, name="change"),
    path(_OF + "<uuid:credential_id>/ta-bort/", views.remove, name="remove"),
]
