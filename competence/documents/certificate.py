"""The certificate on paper: its content, frozen when it is issued, and its pages drawn from that content alone."""

import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from competence.documents.badge import badge_json
from competence.documents.sources import Sources
from competence.language import HeldLevel
from competence.models import (
    AssessedCompetence,
    Assessment,
    AssessmentStage,
    CertificateDraft,
    CertificateVersion,
    Credential,
)
from competence.permissions import issuing_role
from delivery.documents.pdf import Attached, page_count, render_pdf
from delivery.marks.services import mark_content
from delivery.models import Document
from placements.models import Placement
from vocabulary.codes import LanguageLevel

STYLE = Path(__file__).parent / "certificate.css"
#: The shape of the content. A later shape gets a new number; what was issued keeps its own.
SCHEMA = 2
MARK = "picture:mark"
#: The name of the file inside: the same as data. It tells nothing about the person.
DATA_NAME = "kompetensintyg.json"
#: So many lines of text fit one page, by their measure (`_lines`): set at ease, and set tighter.
AT_EASE, TIGHTER = 19, 26
MOST_PAGES = 2
#: A day in text, kept on one line.
UNBROKEN = "j\u00a0F\u00a0Y"
#: When it was assessed, as the paper says it.
STAGES = {
    AssessmentStage.START: gettext_lazy("At the start"),
    AssessmentStage.MID: gettext_lazy("Halfway"),
    AssessmentStage.FINAL: gettext_lazy("At the end"),
}


# --- What stands on it --------------------------------------------------------------------------------------------


def certificate_content(
    *, draft: CertificateDraft, issuer: User, version: int, issued: dt.date, sources: Sources | None = None
) -> dict:
    """What will stand on the certificate, as JSON: words and labels as they are today, dates as ISO.

    From the draft's choices and its assessment: of the ticked competences those that were tried, with the level's
    phrase. Words in English stand beside each Swedish one as far as there are any, whether or not they are printed
    (`languages`). Never in it: income support, health, attendance, that somebody was unemployed, anything negative,
    "not tried", protected data. Of a protected participant neither workplace, unit nor supervisor is told unless the
    participant agrees. `sources` is what was read for many drafts at once.
    """
    sources = sources or Sources([draft])
    mark, enrolment = sources.mark, draft.placement.enrolment
    return {
        "schema": SCHEMA,
        "version": version,
        "issued": issued.isoformat(),
        **content_to_read(draft=draft, day=issued, sources=sources),
        "colour": sources.colour,
        "mark": mark.sha256 if mark else "",
        "issuer": {
            "name": issuer.full_name,
            "role": issuing_role(issuer, enrolment),
            "role_en": _in_english(lambda: issuing_role(issuer, enrolment)),
        },
    }


def content_to_read(*, draft: CertificateDraft, day: dt.date, sources: Sources) -> dict:
    """Of the content what the participant reads before it is issued: all of it but by whom, when and as which version
    that is done, and how the paper looks."""
    placement = draft.placement
    person, unit = placement.enrolment.participant, placement.enrolment.unit
    open_about_place = draft.with_workplace or not person.is_protected
    rows = sources.assessed(draft)
    return {
        "replaces": _replaced(sources.replaced(draft)),
        "languages": ["sv", "en"] if draft.with_english else ["sv"],
        "municipality": sources.municipality,
        "unit": unit.name if open_about_place else "",
        "name": person.full_name,
        "birth_year": person.birth_year,
        "identity_number": person.written_number if draft.with_identity_number else "",
        "start": placement.start.isoformat(),
        "end": placement.end.isoformat(),
        "form": {"code": placement.form, **_both(placement.get_form_display)},
        "scope": scope_in_words(placement),
        "scope_en": _in_english(lambda: scope_in_words(placement)),
        "workplace": placement.workplace.name if open_about_place else "",
        "employer": placement.workplace.employer.name if open_about_place else "",
        "area": draft.area and {"code": draft.area.code, "label": draft.area.label, "label_en": draft.area.label_en},
        "occupation": draft.chosen_occupation
        and {"ssyk": draft.chosen_occupation["code"], "label": draft.chosen_occupation["label"]},
        "tasks": draft.tasks.strip(),
        "tasks_en": draft.tasks_en.strip(),
        "modules": _modules(draft, rows, sources),
        "language": _language(sources.languages(draft, day), open_about_place) if draft.with_language else [],
        "credentials": _credentials(sources.credentials(draft)),
        "assessed": {
            "stages": _stages(draft, sources.held(draft), open_about_place),
            "evidence": _evidence(draft, rows, sources),
            "catalogue": draft.assessment.catalogue.code if draft.assessment else "",
        },
        "supervisor": draft.assessment.signed_by_name if draft.assessment and open_about_place else "",
    }


def _modules(draft: CertificateDraft, rows: list[AssessedCompetence], sources: Sources) -> list[dict]:
    """Module by module the statements with their level, the most independent first. A level without phrase is left
    out: it never stands on a certificate."""
    modules = []
    for module, group in groupby(rows, key=lambda row: row.competence.module):
        statements = [
            {
                "code": row.competence.code,
                "text": row.competence.text,
                "text_en": row.competence.text_en,
                "level": row.level,
                "phrase": level.phrase,
                "phrase_en": level.phrase_en,
            }
            for row in sorted(group, key=lambda row: -row.level)
            if (level := sources.level(draft, row.level))
        ]
        if statements:
            names = {"code": module.code, "label": module.label, "label_en": module.label_en}
            modules.append(names | {"statements": statements})
    return modules


def _language(levels: dict[str, HeldLevel], open_about_place: bool) -> list[dict]:
    """The level of each language skill that holds, in the framework's order. "Not yet A1" is not told. Who assessed
    it may say where the participant was, or goes to school."""
    return [
        {
            "skill": {"code": held.skill, **_both(lambda held=held: held.skill_label)},
            "level": held.level,
            "graded": held.day.isoformat(),
            "assessor": held.assessor if open_about_place else "",
        }
        for held in levels.values()
        if held.level != LanguageLevel.NONE
    ]


def _credentials(credentials: list[Credential]) -> list[dict]:
    return [
        {
            "kind": each.kind,
            "title": each.title,
            "level": each.level,
            "issuer": each.issuer,
            "issued": each.issued_on.isoformat(),
            "valid_until": each.valid_until.isoformat() if each.valid_until else "",
        }
        for each in credentials
    ]


def _stages(draft: CertificateDraft, held: dict[str, Assessment], open_about_place: bool) -> list[dict]:
    """When it was assessed and by whom: each stage's version that holds, and of the last one that which the
    certificate is composed from."""
    if not draft.assessment:
        return []
    order = list(STAGES)
    held[draft.assessment.stage] = draft.assessment
    return [
        {
            "stage": stage,
            **_both(lambda stage=stage: STAGES[stage]),
            "signed": held[stage].signed_on.isoformat(),
            "by": held[stage].signed_by_name if open_about_place else "",
        }
        for stage in order[: order.index(AssessmentStage(draft.assessment.stage)) + 1]
        if stage in held
    ]


def _evidence(draft: CertificateDraft, rows: list[AssessedCompetence], sources: Sources) -> list[dict]:
    """The types of evidence that the chosen statements build on."""
    used = {code for row in rows for code in row.evidence}
    if not used:
        return []
    types = [each for each in sources.types(draft) if each.code in used]
    return [{"code": each.code, "label": each.label, "label_en": each.label_en} for each in types]


def _replaced(found: CertificateVersion | None) -> dict | None:
    """The version that this one takes the place of; None for a first one, and for one that follows a revoked one."""
    return found and {"version": found.version, "issued": found.issued.isoformat()}


def _both(words) -> dict[str, str]:
    return {"label": str(words()), "label_en": _in_english(words)}


def _in_english(words) -> str:
    with translation.override("en"):
        return str(words())


def scope_in_words(placement: Placement) -> str:
    """Part of full time while it lasted: "75 % of full time", or each with the day it began. Empty: none is known."""
    terms = [term for term in placement.grades.all() if placement.end is None or term.valid_from <= placement.end]
    terms.sort(key=lambda term: term.valid_from)
    begun = [term for term in terms if term.valid_from <= placement.start]
    terms = begun[-1:] + terms[len(begun) :]
    if len(terms) == 1:
        return _("%(percent)s of full time") % {"percent": _percent(terms[0].grade)}
    return ", ".join(
        _("%(percent)s from %(day)s")
        % {"percent": _percent(term.grade), "day": date_format(term.valid_from, "j F Y")}
        for term in terms
    )


def _percent(grade: Decimal) -> str:
    percent = (grade * 100).normalize()
    return f"{number_format(percent if percent % 1 else int(percent))} %"


# --- How it looks -------------------------------------------------------------------------------------------------


def verification_address(code: str) -> str:
    """The public page that says whether the certificate with this code is valid."""
    return settings.PUBLIC_ADDRESS + reverse("competence:verification", args=[code])


def _check_page() -> str:
    """The page where the code is typed, as one writes it: without scheme and last slash."""
    address = settings.PUBLIC_ADDRESS + reverse("competence:verification_form")
    return address.partition("://")[2].rstrip("/")


def certificate_pdf(*, content: dict, document: Document | None) -> bytes:
    """The certificate as PDF/A-3a and PDF/UA-1, with the same as data inside (`competence.documents.badge`).

    Without `document` it is a draft: it says so across the page, and has neither code nor data.
    """
    code = document.verification_code if document else ""
    context = {
        "content": content,
        "start": dt.date.fromisoformat(content["start"]),
        "end": dt.date.fromisoformat(content["end"]),
        "issued": dt.date.fromisoformat(content["issued"]),
        "replaced": content["replaces"] and dt.date.fromisoformat(content["replaces"]["issued"]),
        "english": "en" in content["languages"],
        "unbroken": UNBROKEN,
        "modules": [
            module | {"groups": [list(group) for _level, group in groupby(module["statements"], _phrase)]}
            for module in content["modules"]
        ],
        "language": _graded_together(content["language"]),
        "credentials": [each | _days(each, "issued", "valid_until") for each in content["credentials"]],
        "stages": [each | _days(each, "signed") for each in content["assessed"]["stages"]],
        "stages_by": _once(each["by"] for each in content["assessed"]["stages"]),
        "evidence": _listed(each["label"] for each in content["assessed"]["evidence"]),
        "english_evidence": _listed(each["label_en"] for each in content["assessed"]["evidence"]),
        "number": document.number if document else "",
        "code": code,
        "qr": _qr(verification_address(code)) if code else "",
        "page": _check_page() if code else "",
        "mark": MARK if content["mark"] else "",
    }
    made = None
    for setting in _settings(content):
        made = _draw(context | {"setting": setting}, document)
        # One page is what somebody frames, two are the most there may be.
        if page_count(made) <= (1 if setting in ("ease", "tight") else MOST_PAGES):
            break
    return made


def version_pdf(version: CertificateVersion) -> bytes:
    """The document of an issued version, from what was frozen then."""
    return certificate_pdf(content=version.content, document=version.document)


def _settings(content: dict) -> list[str]:
    """How to set the text, in the order to try: each drawing costs a tenth of a second, so what cannot fit one page
    is not tried there."""
    lines = _lines(content)
    one = ["ease"] * (lines <= AT_EASE) + ["tight"] * (lines <= TIGHTER)
    return [*one, "long", "dense", "small", "small least"]


def _lines(content: dict) -> int:
    """About how many lines of text there are below the name, each as wide as a statement."""
    english = "en" in content["languages"]
    statements = [each for module in content["modules"] for each in module["statements"]]
    groups = sum(len({_phrase(each) for each in module["statements"]}) for module in content["modules"])
    texts = [each["text"] for each in statements] + [content["tasks"]]
    if english:
        texts += [each["text_en"] for each in statements if each["text_en"]] + [content["tasks_en"]]
    lines = sum(1 + len(text) // 85 for text in texts) + 1.2 * groups + len(content["language"]) / 3
    lines += 1.5 * len(content["credentials"]) + len(content["assessed"]["stages"]) / 2
    lines += sum(len(content[name]) // 60 for name in ("name", "scope", "workplace", "employer"))
    # English besides: below the heading, of the assessment, at the foot.
    return round(lines + (4 if english else 0))


def _phrase(statement: dict) -> tuple[int, str]:
    return statement["level"], statement["phrase"]


def _days(row: dict, *names: str) -> dict:
    return {name: row[name] and dt.date.fromisoformat(row[name]) for name in names}


def _once(names: Iterable[str]) -> str:
    """The name, if it is the same one everywhere."""
    different = set(names)
    return different.pop() if len(different) == 1 else ""


def _listed(labels: Iterable[str]) -> str:
    """In a row, as in a sentence; nothing unless each has its words."""
    words = [each if number == 0 else each[:1].lower() + each[1:] for number, each in enumerate(labels)]
    return ", ".join(words) if all(words) else ""


def _graded_together(levels: list[dict]) -> list[dict]:
    """Levels of language with who assessed them when: told once for those that were assessed together."""
    together: dict[tuple, list] = {}
    for each in levels:
        together.setdefault((each["graded"], each["assessor"]), []).append(each)
    return [
        {"levels": rows, "day": dt.date.fromisoformat(graded), "assessor": assessor}
        for (graded, assessor), rows in together.items()
    ]


def _draw(context: dict, document: Document | None) -> bytes:
    content = context["content"]
    html = render_to_string("competence/certificate.html", context)
    pictures = {MARK: mark_content(content["mark"])} if content["mark"] else {}
    files = []
    if document:
        address = verification_address(document.verification_code)
        files.append(
            Attached(
                name=DATA_NAME,
                content=badge_json(content=content, number=document.number, address=address),
                description=_("The certificate as data (Open Badges 3.0)"),
                made=context["issued"],
            )
        )
    return render_pdf(html=html, style=STYLE, colour=content["colour"], pictures=pictures, files=files)


def _qr(address: str) -> str:
    """The address as a QR code: an SVG with its title, for those who hear the document."""
    target = io.BytesIO()
    title = _("QR code that leads to the page where the certificate can be checked")
    segno.make(address, error="m").save(target, kind="svg", xmldecl=False, border=0, title=title, dark="#10181c")
    return mark_safe(target.getvalue().decode())  # our own drawing, of an address that is checked
