"""Reports to the committee: drafted, commented, frozen, replaced by a corrected version."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import municipal
from accounts.models import Unit, User
from delivery.models import Job
from delivery.services.documents import document_issue, document_job_enqueue
from reporting.engine import answer_all
from reporting.figures import FIGURES, TRACK_FIGURES
from reporting.figures.definition import Section
from reporting.frozen import SUMMARY, Frozen, Gap, behind
from reporting.missing import missing_in
from reporting.models import FrozenReport, Report, ReportComment
from reporting.moment import at_one_moment
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.question import Question
from reporting.statement import state
from reporting.targets import targets_table

#: The kind of document and of the background job that makes its files (`reporting.jobs`).
REPORT = "report"
SERIES = "RAPPORT"


class ReportChanged(Exception):
    """The draft was changed from another page since this one was opened; `report` is as it is now."""

    def __init__(self, report: Report):
        super().__init__()
        self.report = report


class CommentChanged(Exception):
    """The comment was saved from another page since this one was opened; `comment` is as it is now."""

    def __init__(self, comment: ReportComment):
        super().__init__()
        self.comment = comment


class CannotChange(Exception):
    """Why the report cannot be changed, frozen or replaced, in a sentence for the user."""


@transaction.atomic
def report_start(
    *,
    actor: User,
    kind: str,
    title: str,
    case_number: str,
    question: Question,
    with_units: bool,
    sections: Iterable[str],
) -> Report:
    """Begin the draft of a report on what is asked, with these sections (codes of `Section`)."""
    return Report.objects.create(
        created_by=actor,
        created_by_name=actor.get_full_name(),
        **_written(kind, title, case_number, question, with_units, sections),
    )


@transaction.atomic
def report_change(
    *,
    report: Report,
    seen: int,
    kind: str,
    title: str,
    case_number: str,
    question: Question,
    with_units: bool,
    sections: Iterable[str],
) -> Report:
    """Change what a draft asks and tells. `seen` is the revision that the page showed: ReportChanged when it is
    another now. A corrected version keeps the period and the unit of the one it replaces. CannotChange when frozen.
    """
    report = _locked_draft(report)
    written = _written(kind, title, case_number, question, with_units, sections)
    if all(getattr(report, name) == value for name, value in written.items()):
        return report
    if report.revision != seen:
        raise ReportChanged(report)
    if report.replaces and any(
        written[name] != getattr(report, name) for name in ("period_start", "period_end", "unit")
    ):
        raise CannotChange(_("A corrected version keeps the period and the unit of the report it replaces."))
    for name, value in written.items():
        setattr(report, name, value)
    report.revision += 1
    report.save()
    return report


@transaction.atomic
def report_delete(*, report: Report) -> None:
    """Throw a draft away, with its comments. CannotChange when it is frozen."""
    _locked_draft(report).delete()


@transaction.atomic
def report_comment_save(
    *, report: Report, section: str, text: str, author: User, seen: int, window: uuid.UUID
) -> ReportComment:
    """Keep what is written under a section of a draft.

    `seen` is the comment's revision that the page showed (0: none yet), `window` the page. What another page has
    saved meanwhile is not overwritten: CommentChanged. CannotChange when the report is frozen, or has no such
    section.
    """
    report = _locked_draft(report)
    if section not in (SUMMARY, *report.sections):
        raise CannotChange(_("The report has no such section any more."))
    comment = report.comments.filter(section=section).first() or ReportComment(report=report, section=section)
    text = text.replace("\r\n", "\n").strip()
    if comment.text == text:
        return comment
    if comment.revision != seen and comment.window != window:
        raise CommentChanged(comment)
    comment.text, comment.window = text, window
    comment.revision += 1
    comment.edited_at, comment.edited_by, comment.edited_by_name = timezone.now(), author, author.get_full_name()
    comment.save()
    # A freezing that waits for the report reads as of before the wait. With its row changed it begins again, and does
    # not leave out what was just saved.
    Report.objects.filter(pk=report.pk).update(revision=report.revision)
    return comment


def report_freeze(*, report: Report, actor: User, seen: int) -> Report:
    """Count, and store what the report says as it is known at this moment: figures, comparison, comments, definitions
    and settings. Takes the report's number and has its files made.

    `seen` is the draft's revision that the page showed. Frozen already (two clicks), it is returned as it is.
    """
    return at_one_moment(lambda: _freeze(report, actor, seen))


def _freeze(report: Report, actor: User, seen: int) -> Report:
    report = _locked(report)
    if report.is_frozen:
        return report
    if report.revision != seen:
        raise ReportChanged(report)
    frozen = frozen_of(report, by=actor.get_full_name())
    FrozenReport.objects.create(report=report, content=frozen.as_stored(), sha256=frozen.sha256)
    report.document = document_issue(kind=REPORT, series=SERIES, actor=actor)
    report.frozen_at = frozen.frozen_at
    report.frozen_by, report.frozen_by_name = actor, frozen.frozen_by
    report.save()
    report_files_make(report=report, actor=actor)
    return Report.objects.get(pk=report.pk)


def frozen_of(report: Report, *, by: str = "") -> Frozen:
    """What the report would say if it were frozen now: the preview shows this, and freezing stores it."""
    question = report.question
    questions = question.compared
    units = list(Unit.objects.named().by_name()) if report.with_units else []
    of_units = [Question(question.period, question.as_of, unit) for unit in units]
    figures = (*FIGURES, *TRACK_FIGURES) if Section.TRACKS in report.sections else FIGURES
    answers = answer_all(questions + of_units, figures)
    told = [_stated(answer) for answer in answers[: len(questions)]]
    return Frozen(
        municipality=municipal.value_of(municipal.MUNICIPALITY_NAME.key),
        kind=report.kind,
        kind_label=report.get_kind_display(),
        title=report.title,
        case_number=report.case_number,
        version=report.version,
        replaces=report.replaces.document.number if report.replaces else "",
        reason=report.reason,
        sections=tuple(report.sections),
        comments={each.section: each.text for each in report.comments.all() if each.text},
        statements=tuple(told),
        units=tuple(state(answer) for answer in answers[len(questions) :]),
        gaps=tuple(Gap(found.gap.key, found.label, found.count) for found in missing_in(question)),
        settings={DISCLOSURE_THRESHOLD.key: municipal.value_of(DISCLOSURE_THRESHOLD.key)},
        frozen_at=timezone.now().isoformat(),
        frozen_by=by,
        behind={
            answer.question.unit.code if answer.question.unit else "": behind(answer)
            for answer in (answers[0], *answers[len(questions) :])
        },
    )


def report_files_make(*, report: Report, actor: User) -> Job | None:
    """Have the files of a frozen report made, or made after all when their job failed, under the number it has."""
    return document_job_enqueue(document=report.document, kind=REPORT, owner=actor)


@transaction.atomic
def report_correct(*, report: Report, actor: User, reason: str) -> Report:
    """Begin a new version of a frozen report: the same question, sections and comments, to be corrected and frozen in
    its place. Begun already (two clicks), that draft is returned. CannotChange when a frozen one has replaced it."""
    report = _locked(report)
    if not report.is_frozen:
        raise CannotChange(_("The report is not frozen yet: change it as it is."))
    if later := Report.objects.filter(replaces=report).first():
        if later.is_frozen:
            raise CannotChange(
                _("Version %(version)s has replaced this one: correct that.") % {"version": later.version}
            )
        return later
    kept = ("kind", "title", "case_number", "period", "period_start", "period_end", "unit", "with_units", "sections")
    draft = Report.objects.create(
        **{name: getattr(report, name) for name in kept},
        as_of=max(report.as_of, timezone.localdate()),
        version=report.version + 1,
        replaces=report,
        reason=reason,
        created_by=actor,
        created_by_name=actor.get_full_name(),
    )
    for comment in report.comments.all():
        comment.pk, comment.report, comment.revision, comment.window = None, draft, 1, None
        comment.save(force_insert=True)
    return draft


def _written(kind, title, case_number, question: Question, with_units, sections) -> dict:
    wanted = set(sections)
    return {
        "kind": kind,
        "title": title,
        "case_number": case_number,
        "period": question.period.name,
        "period_start": question.period.start,
        "period_end": question.period.end,
        "as_of": question.as_of,
        "unit": question.unit,
        "with_units": with_units and question.unit is None,
        "sections": [code for code in Section.values if code in wanted],
    }


def _stated(answer):
    """The answer in words, and with it the departments' targets where the whole municipality is asked about."""
    statement = state(answer)
    if answer.question.unit is None:
        table = targets_table(answer.question, answer)
        if table is not None:
            statement = statement.with_table(table)
    return statement


def _locked(report: Report) -> Report:
    """The report as it is stored now, held until the transaction ends. CannotChange when it was thrown away."""
    reports = Report.objects.select_for_update(of=("self",)).select_related("replaces__document")
    found = reports.filter(pk=report.pk).first()
    if found is None:
        raise CannotChange(_("The draft was thrown away on another page."))
    return found


def _locked_draft(report: Report) -> Report:
    """The report as it is stored now, held until the transaction ends. CannotChange when it is frozen."""
    report = _locked(report)
    if report.is_frozen:
        raise CannotChange(
            _("The report was frozen by %(name)s and is not changed any more. Make a corrected version instead.")
            % {"name": report.frozen_by_name}
        )
    return report
