from django.urls import path

from competence.views import issued, list, verification, writing

OF = "deltagare/<uuid:public_id>/intyg/<int:placement_id>/"

app_name = "competence"
urlpatterns = [
    path("intyg/", list.certificate_list, name="list"),
    path(OF, issued.certificate, name="certificate"),
    path(f"{OF}lage/", issued.certificate_state, name="certificate_state"),
    path(f"{OF}gor-om/", issued.certificate_render, name="certificate_render"),
    path(f"{OF}version-<int:version>.pdf", issued.certificate_pdf, name="certificate_pdf"),
    path(f"{OF}skriv/", writing.certificate_write, name="certificate_write"),
    path(f"{OF}utkast.pdf", writing.certificate_preview, name="certificate_preview"),
    path(f"{OF}utfarda/", writing.certificate_issue, name="certificate_issue"),
    path("kontroll/", verification.verification_form, name="verification_form"),
    path("kontroll/<str:code>/", verification.verification, name="verification"),
]
