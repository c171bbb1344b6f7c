"""Frozen reports made public: prepared under disclosure control, looked at, published once."""

from collections.abc import Iterator
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from accounts.municipal import value_of
from delivery.kinds import JobRefused
from delivery.models import Job
from delivery.services.documents import document_issue, document_job_enqueue
from delivery.services.jobs import job_enqueue
from delivery.states import JobState
from reporting.disclosure.joint import PublishedEarlier, joint
from reporting.frozen import Frozen, answer_of
from reporting.models import Publication, Report
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.permissions import can_publish
from reporting.question import Question
from reporting.services.reports import SERIES
from reporting.statement import Statement, state_published
from reporting.targets import KEY as TARGETS
from reporting.targets import targets_as_published

#: The kind of the background job that hides what must be hidden.
PREPARE = "publication_prepare"
#: The kind of the public document, and of the job that makes its files (`reporting.jobs`).
PUBLICATION = "publication"


class CannotPublish(Exception):
    """Why the report cannot be published, in a sentence for the user."""


def why_not(report: Report) -> str:
    """Why this report cannot be prepared for publication, in a sentence; empty when it can."""
    if not report.is_frozen:
        return _("Freeze the report first: what is published is what was frozen.")
    if report.unit_id is not None:
        return _(
            "A report of one unit is not published by itself: what differs between it and the whole may be a person."
        )
    if not report.question.period.is_standard:
        return _(
            "Only quarters, tertials, years and months from January on are published: other periods would lie across "
            "them."
        )
    if report.as_of < report.period_end:
        return _(
            "The figures are counted as known before the period ended on %(day)s. A period is published once: make a "
            "corrected version when it has ended, and publish that."
        ) % {"day": date_format(report.period_end)}
    if Report.objects.filter(replaces=report, frozen_at__isnull=False).exists():
        return _("A later version has replaced this report: publish that one.")
    if other := _published_for(report):
        return _(
            "This period was published on %(day)s in %(number)s. A period is published once: what differs between "
            "two versions might be a person."
        ) % {"day": timezone.localdate(other.published_at), "number": other.document.number}
    return ""


@transaction.atomic
def publication_prepare(*, report: Report, actor: User) -> Publication:
    """Have a worker work out what of a frozen report may be shown. Asked for while it is being worked out, nothing
    begins anew; prepared before, it is prepared again, with what has been published since. CannotPublish."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if reason := why_not(report):
        raise CannotPublish(reason)
    publication = Publication.objects.select_related("job").filter(report=report).first() or Publication(
        report=report,
        period_start=report.period_start,
        period_end=report.period_end,
        created_by=actor,
        created_by_name=actor.get_full_name(),
    )
    if publication.is_published:
        raise CannotPublish(_("This period is published already."))
    if publication.job and publication.job.state in (JobState.QUEUED, JobState.RUNNING):
        return publication
    publication.content, publication.reasons, publication.considered = None, {}, []
    publication.threshold = value_of(DISCLOSURE_THRESHOLD.key)
    publication.job = job_enqueue(kind=PREPARE, owner=actor, params={"publication": str(publication.public_id)})
    publication.save()
    return publication


def run_prepare(job: Job, progress) -> dict:
    """The work of a preparing job: what is shown of the frozen figures, and why the rest is hidden. JobRefused when
    what was published earlier gives something away whatever is hidden now."""
    found = Publication.objects.filter(public_id=job.params["publication"], published_at=None)
    publication = _there(found.select_related("report__frozen"))
    if not can_publish(job.owner):
        raise JobRefused(_("You no longer have the right to do this."))
    frozen = Frozen.from_stored(publication.report.frozen.content)
    before = list(_before(publication).select_related("report__frozen"))
    progress(10, _("Working out what must be hidden"))
    names = {unit.code: unit for unit in Unit.objects.named()}
    inside = (frozen.now, *frozen.units)
    answers = [
        answer_of(frozen, each, Question(each.period, each.as_of, names.get(each.unit_code))) for each in inside
    ]
    told = frozen.of_sections(frozen.now).tables
    earlier = [each for other in before for each in _earlier(other)]
    made = joint(answers, earlier, publication.threshold, tables=[key for key in told if key in answers[0].tables])
    if made.exposed:
        raise JobRefused(made.refusal)
    progress(90, _("Storing"))
    # Only now: whoever wants to take it back does not wait for the work.
    publication = _there(found.select_for_update(of=("self",)))
    shown = [state_published(each, answer) for each, answer in zip(inside, made.answers, strict=True)]
    if TARGETS in told:
        shown[0] = shown[0].with_table(targets_as_published(told[TARGETS], shown[0]))
    publication.content = _public(frozen, shown, publication.threshold).as_stored()
    publication.reasons = {
        each.unit_code or "": [[*place, str(reason)] for place, reason in reasons.items()]
        for each, reasons in zip(shown, made.reasons, strict=True)
    }
    publication.considered = sorted(str(each.public_id) for each in before)
    publication.save()
    return {"publication": str(publication.public_id)}


@transaction.atomic
def publication_publish(*, publication: Publication, actor: User, seen: int | None) -> Publication:
    """Publish what was prepared, under a number of its own, and have its files made. Published already (two clicks),
    it is returned as it is. `seen` is the key of the job that prepared what the publisher has looked at.
    CannotPublish when it is not prepared, was prepared anew since, or something else was published meanwhile."""
    Report.objects.select_for_update(of=("self",)).get(pk=publication.report_id)
    found = Publication.objects.select_for_update(of=("self",)).select_related("report", "document")
    publication = found.filter(pk=publication.pk).first()
    if publication is None:
        raise CannotPublish(_("The publication was taken back, or is published already."))
    if publication.is_published:
        return publication
    if reason := why_not(publication.report):
        raise CannotPublish(reason)
    if not publication.is_prepared:
        raise CannotPublish(_("What must be hidden is not worked out yet: wait until it is, and look at it."))
    if publication.job_id != seen:
        raise CannotPublish(_("It was prepared anew on another page: look at it again before it is published."))
    # The series is locked from here on: of two reports that are published at once, the second sees the first.
    publication.document = document_issue(kind=PUBLICATION, series=SERIES, actor=actor)
    if publication.considered != sorted(str(each.public_id) for each in _before(publication)):
        raise CannotPublish(
            _(
                "Another report was published since this one was prepared: prepare it again, so that the two do not "
                "give anything away together."
            )
        )
    publication.published_at = timezone.now()
    publication.published_by, publication.published_by_name = actor, actor.get_full_name()
    try:
        with transaction.atomic():
            publication.save()
    except IntegrityError:  # another version of the period, at this very moment
        raise CannotPublish(_("This period is published already.")) from None
    publication_files_make(publication=publication, actor=actor)
    return publication


def publication_files_make(*, publication: Publication, actor: User) -> Job | None:
    """Have the public files made, or made after all when their job failed, under the number they have."""
    return document_job_enqueue(document=publication.document, kind=PUBLICATION, owner=actor)


@transaction.atomic
def publication_withdraw(*, publication: Publication) -> None:
    """Take back what was prepared and not published; taken back already (two clicks), nothing is done. CannotPublish
    when it is published."""
    # As the other acts do, the report first: preparing it again finds the row, or knows that it is gone.
    Report.objects.select_for_update(of=("self",)).get(pk=publication.report_id)
    publication = Publication.objects.select_for_update(of=("self",)).filter(pk=publication.pk).first()
    if publication is None:
        return
    if publication.is_published:
        raise CannotPublish(_("It is published already, and what is published cannot be taken back."))
    publication.delete()


def _there(found: QuerySet[Publication]) -> Publication:
    """The publication that a job works on. JobRefused when it is not there any more."""
    publication = found.first()
    if publication is None:
        raise JobRefused(_("The publication was taken back, or is published already."))
    return publication


def _before(publication: Publication):
    """What is published of other periods that share days with this one."""
    others = Publication.objects.published().exclude(pk=publication.pk).order_by("pk")
    return others.filter(period_start__lte=publication.period_end, period_end__gte=publication.period_start)


def _published_for(report: Report) -> Publication | None:
    same = Publication.objects.published().select_related("document")
    same = same.filter(period_start=report.period_start, period_end=report.period_end)
    return same.exclude(report=report).first()


def _earlier(publication: Publication) -> Iterator[PublishedEarlier]:
    """What went out then, of the whole municipality and of each unit, and what was known inside."""
    public, frozen = Frozen.from_stored(publication.content), Frozen.from_stored(publication.report.frozen.content)
    known = {each.unit_code: each for each in (frozen.now, *frozen.units)}
    for each in (public.now, *public.units):
        yield earlier_of(known[each.unit_code], each)


def earlier_of(known: Statement, published: Statement) -> PublishedEarlier:
    """What disclosure control has to know of an earlier publication: all that was known, and what went out of it."""
    return PublishedEarlier(
        known.period,
        known.unit_code or "",
        {key: known.tables[key].values for key in published.tables},
        {key: table.values for key, table in published.tables.items()},
    )


def _public(frozen: Frozen, shown: list[Statement], threshold: int) -> Frozen:
    """The public report: the figures as they are shown, compared with what was published of the earlier periods and
    with nothing else, and nothing of what stays inside."""
    compared = []
    for each in frozen.statements[1:]:
        of_period = Publication.objects.published().filter(period_start=each.period.start, period_end=each.period.end)
        if published := of_period.first():
            compared.append(Frozen.from_stored(published.content).now)
    return replace(
        frozen,
        published=True,
        statements=(shown[0], *compared),
        units=tuple(shown[1:]),
        gaps=(),
        settings={**frozen.settings, DISCLOSURE_THRESHOLD.key: threshold},
        behind={},
    )
