from django.urls import path

from reporting.kolada import views as kolada
from reporting.missing import views as missing
from reporting.targets import views as targets
from reporting.views import as_published, figures, lists, pdfs

app_name = "reporting"

urlpatterns = [
    path("", figures.figures, name="figures"),
    path("siffror.csv", figures.csv_file, name="csv"),
    path("siffror.xlsx", figures.xlsx_file, name="xlsx"),
    path("pdf/", pdfs.pdf_list, name="pdf_list"),
    path("pdf/gor/", figures.pdf_order, name="pdf_order"),
    path("pdf/<uuid:public_id>/", pdfs.pdf_file, name="pdf_file"),
    path("pdf/<uuid:public_id>/igen/", pdfs.pdf_retry, name="pdf_retry"),
    path("lista/<slug:table>/", lists.people, name="list"),
    path("kolada/", kolada.sheet, name="kolada"),
    path("kolada/svar.csv", kolada.csv_file, name="kolada_csv"),
    path("kolada/svar.xlsx", kolada.xlsx_file, name="kolada_xlsx"),
    path("luckor/", missing.missing, name="missing"),
    path("luckor/<slug:key>/", missing.missing_list, name="missing_list"),
    path("publicering/", as_published.as_published, name="as_published"),
    path("mal/", targets.targets, name="targets"),
    path("mal/mal.csv", targets.targets_csv, name="targets_csv"),
    path("mal/mal.xlsx", targets.targets_xlsx, name="targets_xlsx"),
    path("mal/andra/", targets.targets_change, name="targets_change"),
    path("definitioner/", figures.definitions, name="definitions"),
]
