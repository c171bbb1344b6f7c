"""The competence catalogue: administrators only, whatever the version."""

from competence.catalogue.services import HeadFacts, draft_begin, head_change, head_facts, seen_of_part
from competence.models import CatalogueVersion
from tests.cast import Cast
from tests.permissions.rows import ADMINISTRATORS, Row, only


def _draft(cast: Cast) -> CatalogueVersion:
    draft = draft_begin(actor=cast.administrator)
    facts = HeadFacts(draft.code, "Nytt.")
    head_change(version=draft, facts=facts, seen=seen_of_part(head_facts(draft)), actor=cast.administrator)
    return draft


def draft(cast: Cast, _user) -> list:
    return [_draft(cast).pk]


def module_of_draft(cast: Cast, _user) -> list:
    return [_draft(cast).pk, "SPRAK"]


def area_of_draft(cast: Cast, _user) -> list:
    return [_draft(cast).pk, "KOK"]


def in_use(_cast: Cast, _user) -> list:
    return [CatalogueVersion.objects.current().pk]


def module_in_use(_cast: Cast, _user) -> list:
    return [CatalogueVersion.objects.current().pk, "SPRAK"]


FORM = {"get": only(ADMINISTRATORS), "post": only(ADMINISTRATORS, 422)}

CATALOGUE = (
    Row("catalogue:list", "The versions of the catalogue", get=only(ADMINISTRATORS)),
    Row("catalogue:begin", "Begin a draft", post=only(ADMINISTRATORS, 302)),
    Row("catalogue:import", "Read a draft from a file", **FORM),
    Row("catalogue:compare", "What differs between two versions", get=only(ADMINISTRATORS)),
    Row("catalogue:version", "A version", in_use, get=only(ADMINISTRATORS)),
    Row("catalogue:export", "A version as a file", in_use, get=only(ADMINISTRATORS)),
    Row("catalogue:preview", "How a version looks on a certificate", in_use, get=only(ADMINISTRATORS)),
    Row("catalogue:preview_supervisor", "How the supervisor sees it", module_in_use, get=only(ADMINISTRATORS)),
    Row("catalogue:head", "What a draft is called and what is new", draft, **FORM),
    Row("catalogue:levels", "Its levels", draft, **FORM),
    Row("catalogue:evidence", "Its types of evidence", draft, **FORM),
    Row("catalogue:module", "A module of it", module_of_draft, **FORM),
    Row("catalogue:order", "The order of its areas", draft, get=only(ADMINISTRATORS), post=only(ADMINISTRATORS, 302)),
    Row("catalogue:area_new", "Add an area", draft, **FORM),
    Row("catalogue:area", "An area of it", area_of_draft, **FORM),
    Row(
        "catalogue:area_remove",
        "Take an area out",
        area_of_draft,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
    ),
    Row(
        "catalogue:publish",
        "Publish a draft",
        draft,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"seen": str(CatalogueVersion.objects.drafts().get().revision)},
    ),
    Row("catalogue:discard", "Throw a draft away", draft, get=only(ADMINISTRATORS), post=only(ADMINISTRATORS, 302)),
)
