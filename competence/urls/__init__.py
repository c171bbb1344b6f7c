from django.urls import path

from competence.certifying import issued, writing
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
    path(f"{OF}utfarda/", writing.certificate_issue, name="certificate_issue"),
    path("kontroll/", checking.verification_form, name="verification_form"),
    path("kontroll/<str:code>/", checking.verification, name="verification"),
]
