from django.urls import path

from competence.certifying import issued, issuing, writing
from competence.checking import views as checking
from competence.listing import views as listing

OF = "deltagare/<uuid:public_id>/intyg/<int:placement_id>/"

app_name = "competence"
urlpatterns = [
    path("intyg/", listing.certificate_list, name="list"),
    path(OF, issued.certificate, name="certificate"),
    path(f"{OF}lage/", issued.certificate_state, name="certificate_state"),
    path(f"{OF}gor-om/", issued.certificate_render, name="certificate_render"),
    path(f"{OF}version-<int:version>.pdf", issued.certificate_pdf, name="certificate_pdf"),
    path(f"{OF}skriv/", writing.certificate_write, name="certificate_write"),
    path(f"{OF}utkast.pdf", writing.certificate_preview, name="certificate_preview"),
    path(f"{OF}kasta/", issuing.certificate_discard, name="certificate_discard"),
    path(f"{OF}utfarda/", issuing.certificate_issue, name="certificate_issue"),
    path(f"{OF}ersatt/", issuing.certificate_replace, name="certificate_replace"),
    path(f"{OF}aterkalla/", issuing.certificate_revoke, name="certificate_revoke"),
    path("kontroll/", checking.verification_form, name="verification_form"),
    path("kontroll/<str:code>/", checking.verification, name="verification"),
]
