"""The pages of a mapping: written section by section, completed, read, compared, printed to be filled in by hand."""

import contextlib
import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AccessLogEntry, User
from participants.file import ParticipantFile, file_for
from participants.mapping import services
from participants.mapping.file import SLUG, has_health
from participants.mapping.forms import OpenHealthForm, SectionForm
from participants.mapping.permissions import can_read_health, can_write_mapping
from participants.mapping.progress import drawing_of, progress_of
from participants.mapping.questions import OCCUPATIONS, in_section, questions_on
from participants.mapping.told import completed, draft_of, told
from participants.models import Mapping, MappingSection
from participants.models.mapping import MappingSectionKey
from participants.opening import opened_file, participant_log, touched_file
from vocabulary.models import Occupation

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
#: How long a text that is sent after the session has ended is still taken as its writer's.
TICKET_SECONDS = 24 * 60 * 60
SALT = "mapping"
#: What the access log calls a look at what is written about health.
HEALTH_LOOK = "mapping_health"


def _part(public_id: uuid.UUID) -> HttpResponse:
    return redirect("participants:part", public_id, SLUG)


def _open_case(file: ParticipantFile):
    """The open enrolment in which the user may write a mapping; PermissionDenied otherwise."""
    case = next((each for each in file.enrolments if each.end is None), file.latest)
    if not can_write_mapping(file.user, case):
        raise PermissionDenied
    return case


# --- Writing ------------------------------------------------------------------------------------------------------


@require_POST
def mapping_begin(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Begin a mapping, from the answers of the latest one; or go on with the one that is being written."""
    file = touched_file(request, public_id)
    case = _open_case(file)
    former = next(iter(completed(file.enrolments)), None)
    try:
        services.mapping_begin(enrolment=case, actor=request.user, former=former)
    except services.CaseClosed:
        messages.warning(request, _("The enrolment is closed. A mapping belongs to an enrolment that goes on."))
        return _part(public_id)
    return redirect("mapping:section", public_id, MappingSectionKey.WORK)


@dataclass(frozen=True)
class Writing:
    """A section that somebody writes in: the draft, the section as it is stored, and the ways to the others."""

    file: ParticipantFile
    mapping: Mapping
    section: MappingSection

    @property
    def key(self) -> str:
        return self.section.key

    @property
    def is_closed(self) -> bool:
        """Health, which nobody has said must be asked about."""
        return self.key == MappingSectionKey.HEALTH and not self.section.opened_why

    def form(self, data=None) -> SectionForm:
        questions = in_section(questions_on(timezone.localdate()), self.key)
        return SectionForm(
            data,
            questions=questions,
            before=self.section.answers,
            talked=self.section.talked,
            seen=self.section.revision,
        )

    @property
    def after(self) -> str | None:
        """The section that comes next."""
        keys = MappingSectionKey.values
        place = keys.index(self.key) + 1
        return keys[place] if place < len(keys) else None


def _writing(file: ParticipantFile, key: str) -> Writing | None:
    if key not in MappingSectionKey.values:
        raise Http404
    mapping = draft_of(file.enrolments)
    if mapping is None or not can_write_mapping(file.user, _enrolment(file, mapping)):
        return None
    return Writing(file=file, mapping=mapping, section=mapping.sections.get(key=key))


def _enrolment(file: ParticipantFile, mapping: Mapping):
    return next(each for each in file.enrolments if each.pk == mapping.enrolment_id)


def _ticket(file: ParticipantFile, mapping: Mapping) -> str:
    """Signed into each form: who opened it, about which mapping. It opens and shows nothing."""
    return signing.dumps([file.user.pk, str(mapping.public_id)], salt=SALT)


def keep_section(request: HttpRequest, public_id: uuid.UUID, key: str) -> str:
    """A section that is sent after the session has ended is kept for the user who opened the page; where to go after
    signing in. A ticket that is false or old, a mapping that is no draft any more: nothing is kept."""
    with contextlib.suppress(signing.BadSignature, User.DoesNotExist, Mapping.DoesNotExist, Http404):
        user_key, mapping_id = signing.loads(request.POST.get("writer", ""), salt=SALT, max_age=TICKET_SECONDS)
        file = file_for(User.objects.active().get(pk=user_key), public_id)
        writing = _writing(file, key) if file else None
        if writing and str(writing.mapping.public_id) == mapping_id and not writing.is_closed:
            form = writing.form(request.POST)
            form.is_valid()
            with contextlib.suppress(services.SectionChanged, services.NoDraft):
                _save(writing, form, file.user)
    return reverse("mapping:section", args=[public_id, key])


@read_or_write
def section(request: HttpRequest, public_id: uuid.UUID, key: str) -> HttpResponse:
    """Write in one section of the draft. What is typed is saved as it is typed; the buttons lead on."""
    posted = request.method == "POST"
    part = HEALTH_LOOK if key == MappingSectionKey.HEALTH else "mapping"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part=part)
    _open_case(file)
    writing = _writing(file, key)
    if writing is None:
        messages.info(request, _("No mapping is being written. Begin one here."))
        return _part(public_id)
    if writing.is_closed:
        return redirect("mapping:health_open", public_id)
    if not posted:
        return _section_page(request, writing, writing.form())
    form = writing.form(request.POST)
    valid = form.is_valid()
    try:
        saved = _save(writing, form, request.user, overwrite="mine" in request.POST)
    except services.SectionChanged as changed:
        return _overtaken(request, writing, form, changed.section)
    except services.NoDraft:
        messages.warning(request, _("The mapping has been completed or thrown away meanwhile. Nothing was saved."))
        return _part(public_id)
    if request.htmx:
        context = {"section": saved, "form": form, "answer": True}
        return render(request, "participants/mapping/_state.html", context, status=200 if valid else 422)
    if not valid:
        return _section_page(request, writing, form, status=422)
    goal = request.POST.get("go", "")
    if goal == "next" and writing.after:
        return redirect("mapping:section", public_id, writing.after)
    if goal == "next":
        return redirect("mapping:complete", public_id)
    messages.success(request, _("Saved."))
    return redirect("mapping:section", public_id, key)


section.when_signed_out = keep_section


def _save(writing: Writing, form: SectionForm, actor: User, *, overwrite: bool = False) -> MappingSection:
    seen = form.cleaned_data.get("seen") or 0
    return services.section_save(
        mapping=writing.mapping,
        key=writing.key,
        answers=form.answers,
        talked=bool(form.cleaned_data.get("talked")),
        actor=actor,
        seen=writing.section.revision if overwrite else seen,
        window=form.cleaned_data.get("window"),
    )


def _overtaken(request: HttpRequest, writing: Writing, form: SectionForm, other: MappingSection) -> HttpResponse:
    """Somebody else saved the section meanwhile: what was typed stays, and below it stands what is saved."""
    questions = {question.key: question for question in form.questions}
    theirs = [
        (str(questions[name].label), questions[name].told(answer))
        for name, answer in other.answers.items()
        if name in questions and answer != form.answers.get(name)
    ]
    context = {"other": other, "theirs": theirs}
    if request.htmx:
        return render(request, "participants/mapping/_overtaken.html", context)
    return _section_page(request, writing, form, status=409, **context)


def _section_page(
    request: HttpRequest, writing: Writing, form: SectionForm, *, status: int = 200, **more
) -> HttpResponse:
    context = {
        "file": writing.file,
        "mapping": writing.mapping,
        "section": writing.section,
        "sections": told(writing.mapping),
        "form": form,
        "writer": _ticket(writing.file, writing.mapping),
        "after": writing.after,
        "occupations": Occupation.objects.all() if _asks_for_occupations(form) else (),
    }
    return render(request, "participants/mapping/section.html", context | more, status=status)


def _asks_for_occupations(form: SectionForm) -> bool:
    return any(question.kind == OCCUPATIONS for question in form.questions)


@read_or_write
def health_open(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks why health must be asked about, and opens the section."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="mapping")
    _open_case(file)
    writing = _writing(file, MappingSectionKey.HEALTH)
    if writing is None:
        return _part(public_id)
    if not writing.is_closed:
        return redirect("mapping:section", public_id, MappingSectionKey.HEALTH)
    form = OpenHealthForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            services.health_open(mapping=writing.mapping, why=form.cleaned_data["why"], actor=request.user)
        except services.NoDraft:
            return _part(public_id)
        participant_log(request, public_id, AccessLogEntry.Act.OPENED, units=file.unit_codes, part=HEALTH_LOOK)
        return redirect("mapping:section", public_id, MappingSectionKey.HEALTH)
    context = {
        "file": file, "mapping": writing.mapping, "sections": told(writing.mapping), "section": writing.section,
        "form": form, "after": writing.after,
    }  # fmt: skip
    return render(request, "participants/mapping/health.html", context, status=422 if posted else 200)


@read_or_write
def complete(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Shows what has been talked about and what has not, and completes the mapping."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="mapping")
    _open_case(file)
    mapping = draft_of(file.enrolments)
    if mapping is None:
        messages.info(request, _("No mapping is being written. Begin one here."))
        return _part(public_id)
    if posted:
        try:
            services.mapping_complete(mapping=mapping, actor=request.user, day=timezone.localdate())
        except services.NoDraft:
            messages.warning(request, _("The mapping has been thrown away meanwhile."))
            return _part(public_id)
        messages.success(request, _("The mapping is completed. What changes from now on is a new mapping."))
        return _part(public_id)
    sections = told(mapping)
    context = {
        "file": file,
        "mapping": mapping,
        "sections": sections,
        "missing": [each for each in sections if each.status == "not_asked" and not each.is_health],
        "is_empty": all(each.status == "not_asked" for each in sections),
    }
    return render(request, "participants/mapping/complete.html", context)


@read_or_write
def discard(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks, and throws the draft away."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="mapping")
    _open_case(file)
    mapping = draft_of(file.enrolments)
    if mapping is None:
        return _part(public_id)
    if not posted:
        return render(request, "participants/mapping/discard.html", {"file": file, "mapping": mapping})
    try:
        services.mapping_discard(mapping=mapping)
    except services.NoDraft:
        messages.warning(request, _("The mapping has been completed meanwhile, so it stays."))
    else:
        messages.success(request, _("The draft is thrown away."))
    return _part(public_id)


# --- Reading ------------------------------------------------------------------------------------------------------


@read_or_write
def read(request: HttpRequest, public_id: uuid.UUID, mapping_id: uuid.UUID) -> HttpResponse:
    """A completed mapping, to read and print. What it says about health is shown to who asks for it (a POST), and
    that is written to the access log."""
    posted = request.method == "POST"
    file = opened_file(request, public_id, part=HEALTH_LOOK if posted else "mapping")
    rows = Mapping.objects.filter(enrolment__in=file.enrolments, completed_on__isnull=False)
    mapping = get_object_or_404(rows, public_id=mapping_id)
    mapping.enrolment = _enrolment(file, mapping)
    may_read_health = can_read_health(request.user, mapping.enrolment)
    if posted and not may_read_health:
        raise PermissionDenied
    context = {
        "file": file,
        "mapping": mapping,
        "sections": told(mapping, health=posted),
        "shows_health": posted,
        "may_read_health": may_read_health and has_health(mapping),
    }
    return render(request, "participants/mapping/read.html", context)


@require_safe
def progress(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What has changed from the first completed mapping to the latest."""
    file = opened_file(request, public_id, part="mapping")
    done = completed(file.enrolments)
    context = {"file": file, "progress": None, "drawing": None}
    if len(done) > 1:
        context["progress"] = progress_of(done)
        context["drawing"] = drawing_of(context["progress"])
    return render(request, "participants/mapping/progress.html", context)


@require_safe
def blank(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Every question with room to write by hand, for the meeting. Without health, unless the draft asks about it."""
    file = opened_file(request, public_id, part="mapping")
    draft = draft_of(file.enrolments)
    health = bool(draft) and draft.sections.filter(key=MappingSectionKey.HEALTH).exclude(opened_why="").exists()
    questions = questions_on(timezone.localdate())
    sections = [
        (label, in_section(questions, key))
        for key, label in MappingSectionKey.choices
        if health or key != MappingSectionKey.HEALTH
    ]
    context = {"file": file, "sections": sections, "today": timezone.localdate()}
    return render(request, "participants/mapping/blank.html", context)
