from django.urls import path

from reporting import views

app_name = "reporting"

urlpatterns = [
    path("", views.figures, name="figures"),
    path("siffror.csv", views.csv_file, name="csv"),
    path("siffror.xlsx", views.xlsx_file, name="xlsx"),
    path("pdf/", views.pdf_list, name="pdf_list"),
    path("pdf/gor/", views.pdf_order, name="pdf_order"),
    path("pdf/<uuid:public_id>/", views.pdf_file, name="pdf_file"),
    path("pdf/<uuid:public_id>/igen/", views.pdf_retry, name="pdf_retry"),
    path("lista/<slug:table>/", views.people, name="list"),
    path("definitioner/", views.definitions, name="definitions"),
]
