"""The supervisor's page of an assessment: filled in and signed from a link, without an account (`delivery.links`).
One statement at a time, or the list of a module; in Swedish, or in English (`?sprak=en`)."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from competence.assessing import links, services, words
from competence.assessing.forms import AreaForm, StatementForm, statement_forms
from competence.assessing.said import shortcomings
from competence.assessing.sheet import Sheet
from competence.models import Assessment, AssessmentLink, AssessmentState, SignedBy
from delivery.links import by_link, in_same_language, other_language, spoken
from delivery.models.link import LinkState
from placements.views.supervisor import from_link as from_followup_link

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
#: Where somebody came from who changes one statement: back to the page that tells all of them.
BACK, FINISH = "ater", "klart"
#: The button that saves and leads to the first page.
STOP = "sluta"


def _wanted(token_hash: str) -> AssessmentLink | None:
    return links.whole().filter(token_hash=token_hash).first()


def from_link(view):
    """Decorator: a page that is reached by the token of a link, in the language that its reader has chosen."""
    return by_link(_wanted)(spoken(view))


def writing(view):
    """Decorator: the page of a link that holds, of an assessment that is a draft; otherwise the link's first page
    says how it is."""

    @read_or_write
    def opened(request: HttpRequest, link: AssessmentLink, **more) -> HttpResponse:
        assessment = links.assessment_of(link)
        if link.state != LinkState.HOLDS or assessment is None or assessment.state != AssessmentState.DRAFT:
            return redirect(_address(request, "by_link"))
        try:
            return view(request, link, assessment, **more)
        except (links.LinkClosed, services.OtherState):  # signed, withdrawn or thrown away this very moment
            return redirect(_address(request, "by_link"))

    return from_link(opened)


# --- The first page -----------------------------------------------------------------------------------------------


@from_link
@require_http_methods(["GET", "HEAD"])
def first(request: HttpRequest, link: AssessmentLink) -> HttpResponse:
    """What it is about and how far it has come; or that the link is too old, or what was signed."""
    assessment = links.assessment_of(link)
    if link.state == LinkState.EXPIRED:
        return _shown(request, link, "expired", renew=_address(request, "by_link_renew"))
    if assessment is None or (assessment.is_locked and assessment.supervisor_id != link.supervisor_id):
        return _shown(request, link, "done")
    if assessment.is_locked:
        return _shown(request, link, "signed", assessment=assessment, modules=_told(request, Sheet(assessment)))
    if assessment.state == AssessmentState.COMPLETED:
        return redirect(_address(request, "by_link_finish"))
    sheet = Sheet(assessment)
    begun = next((line for line in sheet.lines if not line.is_filled), None)
    return _shown(
        request,
        link,
        "first",
        assessment=assessment,
        sheet=sheet,
        levels=[(words.level_label(level), words.level_hint(level)) for level in sheet.levels],
        modules=[
            (words.module_label(each.module), each, _address(request, "by_link_module", each.module.code))
            for each in sheet.modules
        ],
        one=_address(request, "by_link_statement", begun.code) if begun else "",
        finish=_address(request, "by_link_finish"),
        choose_area="" if assessment.area_id else _address(request, "by_link_area"),
        area=words.area_label(assessment.area) if assessment.area else "",
    )


@from_link
@require_POST
def renew(request: HttpRequest, link: AssessmentLink) -> HttpResponse:
    """Ask for a new link in place of an expired one. The answer never tells whether one was sent."""
    if link.state == LinkState.HOLDS:
        return redirect(_address(request, "by_link"))
    links.assessment_link_renew(link=link)
    return _shown(request, link, "renewed")


@from_followup_link
@require_http_methods(["GET", "HEAD", "POST"])
def beside_followup(request: HttpRequest, link) -> HttpResponse:
    """From the page of a follow-up to the assessment that belongs to it."""
    token = request.resolver_match.kwargs["token"]
    back = in_same_language(request, reverse("placements:supervisor", args=[token]))
    if request.method != "POST":
        return redirect(back)
    try:
        found = links.assessment_link_beside(link=link)
    except links.NothingToSend:
        return redirect(back)
    return redirect(in_same_language(request, reverse("assessing:by_link", args=[found.token])))


# --- Writing ------------------------------------------------------------------------------------------------------


@writing
def statement(request: HttpRequest, link: AssessmentLink, assessment: Assessment, code: str) -> HttpResponse:
    """One statement. What is chosen is stored, complete or not, and the next one comes."""
    sheet = Sheet(assessment)
    position = sheet.position(code)
    if position is None:
        raise Http404
    line = sheet.lines[position]
    form = StatementForm(request.POST if request.method == "POST" else None, line=line, sheet=sheet)
    if request.method != "POST":
        return _statement_page(request, link, sheet, form)
    if not form.is_valid():
        return _statement_page(request, link, sheet, form, status=422)
    saved = _save(link, assessment, {line.code: form})
    form.take(saved.said, saved.kept)
    if saved.kept:
        return _statement_page(request, link, sheet, form, status=409)
    if STOP in request.POST:
        return redirect(_address(request, "by_link"))
    if form.lacks_evidence:  # it is stored; what shows it can be said now or later
        return _statement_page(request, link, sheet, form, lacks=True, status=422)
    return redirect(_after(request, sheet, position))


@writing
def module(request: HttpRequest, link: AssessmentLink, assessment: Assessment, code: str) -> HttpResponse:
    """The list of a module. Everything that can be read is stored; what cannot stays on the page with the reason."""
    sheet = Sheet(assessment)
    found = sheet.module(code)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _module_page(request, link, sheet, found, statement_forms(sheet, found.lines))
    typed = statement_forms(sheet, found.lines, request.POST)
    valid = {code: form for code, form in typed.items() if form.is_valid()}
    saved = _save(link, assessment, valid)
    for form in valid.values():
        form.take(saved.said, saved.kept)
    stop = STOP in request.POST  # what shows it can be said later
    lacks = [code for code, form in valid.items() if form.lacks_evidence and not stop]
    if saved.kept or lacks or len(valid) < len(typed):
        status = 409 if saved.kept else 422
        return _module_page(request, link, sheet, found, typed, lacks=lacks, status=status)
    if stop:
        return redirect(_address(request, "by_link"))
    codes = [each.module.code for each in sheet.modules]
    following = codes[codes.index(found.module.code) + 1 :]
    if following:
        return redirect(_address(request, "by_link_module", following[0]))
    return redirect(_address(request, "by_link_finish"))


@writing
def area(request: HttpRequest, link: AssessmentLink, assessment: Assessment) -> HttpResponse:
    """Say in which occupational area the work is, when nobody has."""
    form = AreaForm(request.POST if request.method == "POST" else None, assessment=assessment)
    if request.method == "POST" and form.is_valid():
        with links.by_supervisor(link):
            services.area_choose(assessment=assessment, area=form.cleaned_data["area"], by_name=link.supervisor.name)
        return redirect(_address(request, "by_link"))
    back = _address(request, "by_link")
    return _shown(request, link, "area", form=form, back=back, status=422 if request.method == "POST" else 200)


# --- Signing ------------------------------------------------------------------------------------------------------


@from_link
@read_or_write
def finish(request: HttpRequest, link: AssessmentLink) -> HttpResponse:
    """Everything that is said, what is missing, and the signature: it completes and signs in one act."""
    assessment = links.assessment_of(link)
    if link.state != LinkState.HOLDS or assessment is None or assessment.is_locked:
        return redirect(_address(request, "by_link"))
    if request.method != "POST":
        return _finish_page(request, link, assessment)
    seen = request.POST.get("seen", "")
    try:
        with links.by_supervisor(link, signing=True):
            services.assessment_sign(
                assessment=assessment,
                how=SignedBy.LINK,
                name=link.supervisor.name,
                supervisor=link.supervisor,
                seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
            )
    except services.NotComplete as lacks:
        return _finish_page(request, link, assessment, missing=lacks.missing, status=422)
    except services.Overtaken as changed:
        return _finish_page(request, link, changed.row, changed=True, status=409)
    except (links.LinkClosed, services.OtherState, services.CannotSign):
        pass  # signed or withdrawn this very moment: the first page says which
    return redirect(_address(request, "by_link"))


@from_link
@require_POST
def change(request: HttpRequest, link: AssessmentLink) -> HttpResponse:
    """Take an assessment that the job coach has completed back to draft, to change something in it."""
    assessment = links.assessment_of(link)
    if assessment and link.state == LinkState.HOLDS:
        # Signed or withdrawn this very moment: the first page says which.
        with suppress(links.LinkClosed, services.OtherState), links.by_supervisor(link):
            services.assessment_reopen(assessment=assessment)
    return redirect(_address(request, "by_link"))


# --- What they share ----------------------------------------------------------------------------------------------


def _address(request: HttpRequest, page: str, *args) -> str:
    """A page of the link, in the language that was chosen."""
    token = request.resolver_match.kwargs["token"]
    return in_same_language(request, reverse(f"assessing:{page}", args=[token, *args]))


def _shown(request: HttpRequest, link: AssessmentLink, page: str, *, status: int = 200, **context) -> HttpResponse:
    person = link.placement.enrolment.participant
    known = {
        "link": link,
        "name": "" if person.is_protected else person.given_name.split(" ")[0],
        "workplace": link.placement.workplace,
        "other_language": other_language(request),
        "start": _address(request, "by_link"),
    }
    return render(request, f"competence/assessing/supervisor/{page}.html", known | context, status=status)


def _save(link: AssessmentLink, assessment: Assessment, typed: dict[str, StatementForm]) -> services.Saved:
    """Store what was typed, in the supervisor's name. Raises LinkClosed and OtherState."""
    with links.by_supervisor(link):
        return services.assessment_save(
            assessment=assessment,
            said={code: form.said for code, form in typed.items()},
            was={code: form.cleaned_data["was"] for code, form in typed.items()},
            by_name=link.supervisor.name,
        )


def _after(request: HttpRequest, sheet: Sheet, position: int) -> str:
    """Where to go when a statement is stored: to the next one, or back to where all are told."""
    if request.POST.get(BACK) == FINISH or position + 1 == sheet.total:
        return _address(request, "by_link_finish")
    return _address(request, "by_link_statement", sheet.lines[position + 1].code)


def _statement_page(request, link, sheet: Sheet, form: StatementForm, *, lacks=False, status=200) -> HttpResponse:
    position = sheet.position(form.line.code)
    of_module = next(each for each in sheet.modules if form.line in each.lines)
    back = FINISH if FINISH in (request.GET.get(BACK), request.POST.get(BACK)) else ""
    before = sheet.lines[position - 1].code if position else ""
    return _shown(
        request,
        link,
        "statement",
        form=form,
        lacks=[form.line.code] if lacks else [],
        sheet=sheet,
        module=words.module_label(of_module.module),
        number=of_module.lines.index(form.line) + 1,
        of_module=of_module,
        back=back,
        before=_address(request, "by_link_statement", before) if before else "",
        skip=_after(request, sheet, position),
        list=_address(request, "by_link_module", of_module.module.code),
        status=status,
    )


def _module_page(request, link, sheet: Sheet, found, typed, *, lacks=(), status=200) -> HttpResponse:
    return _shown(
        request,
        link,
        "module",
        forms=list(typed.values()),
        lacks=lacks,
        sheet=sheet,
        label=words.module_label(found.module),
        question=words.module_question(found.module),
        one=_address(request, "by_link_statement", found.lines[0].code),
        wrong=[form for form in typed.values() if form.errors or form.kept or form.line.code in lacks],
        status=status,
    )


def _finish_page(request, link, assessment: Assessment, *, missing=None, changed=False, status=200) -> HttpResponse:
    sheet = Sheet(assessment)
    if missing is None and assessment.state == AssessmentState.DRAFT:
        missing = shortcomings(assessment)
    lacks = [
        (each.sentence, _address(request, "by_link_statement", each.code) if each.code else "")
        for each in missing or ()
    ]
    return _shown(
        request,
        link,
        "finish",
        assessment=assessment,
        sheet=sheet,
        modules=_told(request, sheet),
        missing=lacks,
        refused=status == 422,
        changed=changed,
        is_draft=assessment.state == AssessmentState.DRAFT,
        change=_address(request, "by_link_change"),
        choose_area="" if assessment.area_id else _address(request, "by_link_area"),
        status=status,
    )


def _told(request: HttpRequest, sheet: Sheet) -> list[dict]:
    """Everything that the assessment says, by module, for reading: text and its language, level, what shows it, the
    address where it is changed."""
    told = []
    for each in sheet.modules:
        lines = []
        for line in each.lines:
            text, language = words.statement(line.competence)
            address = _address(request, "by_link_statement", line.code)
            lines.append(
                {
                    "text": text,
                    "language": language,
                    "level": words.level_label(line.level) if line.level else "",
                    "evidence": [words.evidence_of_supervisor(kind) for kind in line.evidence],
                    "note": line.said.note,
                    "lacks": line.lacks_evidence,
                    "address": f"{address}{'&' if '?' in address else '?'}{BACK}={FINISH}",
                }
            )
        filled, empty = [line for line in lines if line["level"]], [line for line in lines if not line["level"]]
        told.append({"label": words.module_label(each.module), "filled": filled, "empty": empty})
    return told
