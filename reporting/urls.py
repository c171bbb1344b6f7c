from django.urls import path

from reporting import views

app_name = "reporting"

urlpatterns = [
    path("", views.figures, name="figures"),
    path("siffror.csv", views.csv_file, name="csv"),
    path("siffror.xlsx", views.xlsx_file, name="xlsx"),
    path("lista/<slug:table>/", views.people, name="list"),
    path("definitioner/", views.definitions, name="definitions"),
]
