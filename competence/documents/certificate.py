"""The certificate on paper: its content, frozen when it is issued, and its one page drawn from that content alone."""

import datetime as dt
import io
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts import municipal
from accounts.models import User
from competence.models import CertificateDraft, CertificateVersion
from competence.permissions import issuing_role
from competence.querysets import chosen_statements
from delivery.documents.pdf import page_count, render_pdf
from delivery.models import Document
from placements.models import Placement

STYLE = Path(__file__).parent / "certificate.css"
#: The shape of the content. A later shape gets a new number; what was issued keeps its own.
SCHEMA = 1


def certificate_content(*, draft: CertificateDraft, issuer: User, version: int, issued: dt.date) -> dict:
    """What will stand on the certificate, as JSON: words and labels as they are today, dates as ISO.

    Never on it: income support, health, attendance, that somebody was unemployed, anything negative, protected data
    (a protected participant's workplace and unit only if the participant agrees).
    """
    placement = draft.placement
    person, unit = placement.enrolment.participant, placement.enrolment.unit
    open_about_place = draft.with_workplace or not person.is_protected
    modules = groupby(chosen_statements(draft), key=lambda competence: competence.module)
    return {
        "schema": SCHEMA,
        "version": version,
        "issued": issued.isoformat(),
        "municipality": municipal.value_of(municipal.MUNICIPALITY_NAME.key),
        "unit": unit.name if open_about_place else "",
        "name": person.full_name,
        "birth_year": person.birth_year,
        "identity_number": person.written_number if draft.with_identity_number else "",
        "start": placement.start.isoformat(),
        "end": placement.end.isoformat(),
        "form": {"code": placement.form, "label": placement.get_form_display()},
        "scope": scope_in_words(placement),
        "workplace": placement.workplace.name if open_about_place else "",
        "employer": placement.workplace.employer.name if open_about_place else "",
        "area": {"code": draft.area.code, "label": draft.area.label} if draft.area else None,
        "occupation": draft.chosen_occupation
        and {"ssyk": draft.chosen_occupation["code"], "label": draft.chosen_occupation["label"]},
        "tasks": draft.tasks.strip(),
        "modules": [
            {
                "code": module.code,
                "label": module.label,
                "statements": [{"code": each.code, "text": each.text} for each in competences],
            }
            for module, competences in modules
        ],
        "catalogue": draft.catalogue.code,
        "issuer": {"name": issuer.full_name, "role": issuing_role(issuer, placement.enrolment)},
    }


def scope_in_words(placement: Placement) -> str:
    """Part of full time while it lasted: "75 % of full time", or each with the day it began. Empty: none is known."""
    terms = [term for term in placement.grades.all() if placement.end is None or term.valid_from <= placement.end]
    terms.sort(key=lambda term: term.valid_from)
    begun = [term for term in terms if term.valid_from <= placement.start]
    terms = begun[-1:] + terms[len(begun) :]
    if len(terms) == 1:
        return _("%(percent)s of full time") % {"percent": _percent(terms[0].grade)}
    return ", ".join(
        _("%(percent)s from %(day)s") % {"percent": _percent(term.grade), "day": date_format(term.valid_from)}
        for term in terms
    )


def _percent(grade: Decimal) -> str:
    percent = (grade * 100).normalize()
    return f"{number_format(percent if percent % 1 else int(percent))} %"


def verification_address(code: str) -> str:
    """The public page that says whether the certificate with this code is valid."""
    return settings.PUBLIC_ADDRESS + reverse("competence:verification", args=[code])


def _check_page() -> str:
    """The page where the code is typed, as one writes it: without scheme and last slash."""
    address = settings.PUBLIC_ADDRESS + reverse("competence:verification_form")
    return address.partition("://")[2].rstrip("/")


def certificate_pdf(*, content: dict, document: Document | None) -> bytes:
    """The certificate as PDF/A and PDF/UA. Without `document` it is a draft, and says so across the page."""
    code = document.verification_code if document else ""
    context = {
        "content": content,
        "start": dt.date.fromisoformat(content["start"]),
        "end": dt.date.fromisoformat(content["end"]),
        "issued": dt.date.fromisoformat(content["issued"]),
        "number": document.number if document else "",
        "code": code,
        "qr": _qr(verification_address(code)) if code else "",
        "page": _check_page() if code else "",
    }
    pdf = _draw(context, dense=False)
    # One page is what somebody frames: what needs more is set tighter.
    return pdf if page_count(pdf) == 1 else _draw(context, dense=True)


def version_pdf(version: CertificateVersion) -> bytes:
    """The document of an issued version, from what was frozen then."""
    return certificate_pdf(content=version.content, document=version.document)


def _draw(context: dict, *, dense: bool) -> bytes:
    html = render_to_string("competence/certificate.html", context | {"dense": dense})
    return render_pdf(html=html, style=STYLE)


def _qr(address: str) -> str:
    """The address as a QR code: an SVG with its title, for those who hear the document."""
    target = io.BytesIO()
    title = _("QR code that leads to the page where the certificate can be checked")
    segno.make(address, error="m").save(target, kind="svg", xmldecl=False, border=0, title=title, dark="#16323c")
    return mark_safe(target.getvalue().decode())  # our own drawing, of an address that is checked
