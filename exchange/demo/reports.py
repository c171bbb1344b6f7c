"""Reports to the invented committee: one that is published, one that is frozen, and one that is being written."""

import datetime as dt
import uuid

from django.utils import timezone

from accounts import demo
from accounts.history import act_as
from accounts.models import Role, User
from delivery.running import job_run
from reporting.figures.definition import Section
from reporting.frozen import SUMMARY
from reporting.models import Report, ReportKind
from reporting.periods import Period, latest_ended_quarter
from reporting.question import Question
from reporting.report_forms import proposed_title
from reporting.services.publishing import publication_prepare, publication_publish
from reporting.services.reports import report_comment_save, report_freeze, report_start

SAID = {
    SUMMARY: (
        "Fler har gått vidare till arbete eller studier än under kvartalet innan. Uppföljningarna på arbetsplatserna "
        "görs oftare i tid.\n\n"
        "Tre saker vill vi lyfta fram:\n"
        "- Förvaltningarna tar emot fler än planerat.\n"
        "- Intygen kommer snabbare efter avslutad anställning.\n"
        "- Andelen utan registrerad utbildning behöver minska."
    ),
    Section.PARTICIPANTS: "Antalet deltagare är i stort sett oförändrat. De flesta anvisas av socialtjänsten.",
    Section.PLACEMENTS: "Serviceförvaltningen och vård- och omsorgsförvaltningen har tagit emot flest.",
}


def demo_reports_create() -> None:
    """The two latest quarters are frozen, the earlier of them published; this year's analysis is begun. Twice is
    once."""
    if Report.objects.exists():
        return
    head = next(each for each in demo.LOGINS if each.role == Role.MANAGER and each.unit is None)
    actor = User.objects.get(email=head.email)
    today = timezone.localdate()
    latest = latest_ended_quarter(today)
    with act_as(actor=actor, source="demo"):
        earlier = _written(actor, ReportKind.QUARTERLY, latest.previous, latest.end)
        publication = publication_prepare(report=_frozen(earlier, actor), actor=actor)
    job_run(job_id=publication.job_id)
    with act_as(actor=actor, source="demo"):
        publication_publish(publication=publication, actor=actor, seen=publication.job_id)
        _frozen(_written(actor, ReportKind.QUARTERLY, latest, today), actor)
        _written(actor, ReportKind.ANNUAL, Period.parse(str(today.year)), today)


def _written(actor: User, kind: ReportKind, period: Period, as_of: dt.date) -> Report:
    report = report_start(
        actor=actor,
        kind=kind,
        title=proposed_title(kind, period),
        case_number=f"AMN {period.end.year}/{period.end.month}",
        question=Question(period, as_of),
        with_units=False,
        sections=Section.values,
    )
    for section, text in SAID.items():
        report_comment_save(report=report, section=section, text=text, author=actor, seen=0, window=uuid.uuid4())
    return report


def _frozen(report: Report, actor: User) -> Report:
    return report_freeze(report=report, actor=actor, seen=report.revision)
