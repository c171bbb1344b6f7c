from django.urls import path

from placements.employers import promise_views, views, workplace_views

app_name = "employers"

_EMPLOYER = "arbetsgivare/<uuid:public_id>/"
_AGREEMENT = _EMPLOYER + "avtal/<uuid:agreement_id>/"
_COMMITMENT = _EMPLOYER + "ataganden/<uuid:commitment_id>/"
_WORKPLACE = "arbetsplatser/<uuid:public_id>/"

urlpatterns = [
    path("arbetsgivare/", views.employer_list, name="list"),
    path("arbetsgivare/ny/", views.employer_create, name="create"),
    path(_EMPLOYER, views.employer_detail, name="employer"),
    path(_EMPLOYER + "andra/", views.employer_change, name="change"),
    path(_EMPLOYER + "placeringar/", views.employer_placements, name="placements"),
    path(_EMPLOYER + "kontakter/ny/", views.contact_create, name="contact_create"),
    path(_EMPLOYER + "kontakter/<uuid:contact_id>/", views.contact_change, name="contact_change"),
    path(_EMPLOYER + "anteckningar/", views.note_write, name="note_write"),
    path(_EMPLOYER + "anteckningar/<uuid:note_id>/ta-bort/", views.note_remove, name="note_remove"),
    path(_EMPLOYER + "avtal/nytt/", promise_views.agreement_create, name="agreement_create"),
    path(_AGREEMENT, promise_views.agreement_change, name="agreement_change"),
    path(_AGREEMENT + "ta-bort/", promise_views.agreement_remove, name="agreement_remove"),
    path(_EMPLOYER + "ataganden/nytt/", promise_views.commitment_create, name="commitment_create"),
    path(_COMMITMENT, promise_views.commitment_change, name="commitment_change"),
    path(_COMMITMENT + "ta-bort/", promise_views.commitment_remove, name="commitment_remove"),
    path(_EMPLOYER + "arbetsplatser/ny/", workplace_views.workplace_create, name="workplace_create"),
    path(_WORKPLACE, workplace_views.workplace_detail, name="workplace"),
    path(_WORKPLACE + "andra/", workplace_views.workplace_change, name="workplace_change"),
    path(_WORKPLACE + "stang/", workplace_views.workplace_close, name="workplace_close"),
    path(_WORKPLACE + "oppna/", workplace_views.workplace_reopen, name="workplace_reopen"),
    path(_WORKPLACE + "kontroll/", workplace_views.check_record, name="check_record"),
]
