from django.urls import path

from reporting.kolada import views as kolada
from reporting.missing import views as missing
from reporting.targets import views as targets
from reporting.tracks import views as tracks
from reporting.views import as_published, comments, figures, lists, pdfs, publications, reports, states

app_name = "reporting"

REPORT = "namndrapporter/<uuid:public_id>/"
PUBLICATION = "publicerat/<uuid:public_id>/"

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
    path("namndrapporter/", reports.report_list, name="report_list"),
    path("namndrapporter/ny/", reports.report_new, name="report_new"),
    path(REPORT, reports.report, name="report"),
    path(f"{REPORT}andra/", reports.report_change, name="report_change"),
    path(f"{REPORT}ta-bort/", reports.report_delete, name="report_delete"),
    path(f"{REPORT}kommentar/<slug:section>/", comments.report_comment, name="report_comment"),
    path(f"{REPORT}las/", states.report_freeze, name="report_freeze"),
    path(f"{REPORT}ratta/", states.report_correct, name="report_correct"),
    path(f"{REPORT}filer/", states.report_files_make, name="report_files_make"),
    path(f"{REPORT}fil/<slug:extension>/", states.report_file, name="report_file"),
    path(f"{REPORT}forbered/", publications.publication_prepare, name="publication_prepare"),
    path("publicerat/", publications.publication_list, name="publication_list"),
    path(PUBLICATION, publications.publication, name="publication"),
    path(f"{PUBLICATION}publicera/", publications.publication_publish, name="publication_publish"),
    path(f"{PUBLICATION}ta-tillbaka/", publications.publication_withdraw, name="publication_withdraw"),
    path(f"{PUBLICATION}filer/", publications.publication_files_make, name="publication_files_make"),
    path(f"{PUBLICATION}fil/<slug:extension>/", publications.publication_file, name="publication_file"),
    path("luckor/", missing.missing, name="missing"),
    path("luckor/<slug:key>/", missing.missing_list, name="missing_list"),
    path("publicering/", as_published.as_published, name="as_published"),
    path("mal/", targets.targets, name="targets"),
    path("mal/mal.csv", targets.targets_csv, name="targets_csv"),
    path("mal/mal.xlsx", targets.targets_xlsx, name="targets_xlsx"),
    path("mal/andra/", targets.targets_change, name="targets_change"),
    path("jobbspar/", tracks.followed_up, name="tracks"),
    path("definitioner/", figures.definitions, name="definitions"),
]
