"""Reports to the committee, and what is published of them."""

import dataclasses
import datetime as dt

from django.utils import timezone

from accounts.models import Unit
from delivery.services.documents import PDF, document_file_store, document_issue
from reporting.frozen import Frozen
from reporting.models import FrozenReport, Publication, Report
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.periods import Period
from reporting.question import Question
from reporting.services.reports import report_start
from reporting.statement import Statement
from tests.cast import Cast
from tests.permissions.rows import ALL_MANAGERS, MANAGERS, Row, only

HEAD = frozenset({"head"})
READERS = ALL_MANAGERS | {"analyst"}
AS_OF = dt.date(2026, 4, 15)


def begun(cast: Cast, unit: Unit | None, period: str = "2026Q1") -> Report:
    return report_start(
        actor=cast.head,
        kind="quarterly",
        title="Första kvartalet",
        case_number="",
        question=Question(Period.parse(period), AS_OF, unit),
        with_units=False,
        sections=["participants"],
    )


def told(report: Report) -> Frozen:
    """A frozen report that tells nothing: who may see it is the matter here."""
    return Frozen(
        municipality="Björkåkra",
        kind=report.kind,
        kind_label="Kvartalsrapport",
        title=report.title,
        case_number="",
        version=1,
        replaces="",
        reason="",
        sections=("participants",),
        comments={},
        statements=(Statement(report.question.period, AS_OF, None, "Hela kommunen", False, {}),),
        units=(),
        gaps=(),
        settings={DISCLOSURE_THRESHOLD.key: 5},
        frozen_at=timezone.now().isoformat(),
        frozen_by="Greta Gran",
    )


def draft(cast: Cast, _user) -> list:
    """A draft about the coach's unit."""
    return [begun(cast, cast.centrum).public_id]


def summary(cast: Cast, user) -> list:
    return [*draft(cast, user), "summary"]


def frozen_report(cast: Cast, unit: Unit | None, period: str = "2026Q1") -> Report:
    report = begun(cast, unit, period)
    frozen = told(report)
    FrozenReport.objects.create(report=report, content=frozen.as_stored(), sha256=frozen.sha256)
    report.document = issued(cast, "report")
    report.frozen_at, report.frozen_by, report.frozen_by_name = timezone.now(), cast.head, cast.head.get_full_name()
    report.save()
    return report


def issued(cast: Cast, kind: str):
    document = document_issue(kind=kind, series="RAPPORT", actor=cast.head)
    document_file_store(document=document, name="rapport.pdf", media_type=PDF, content=b"%PDF")
    return document


def frozen(cast: Cast, _user) -> list:
    """A frozen report about the coach's unit."""
    return [frozen_report(cast, cast.centrum).public_id]


def frozen_pdf(cast: Cast, user) -> list:
    return [*frozen(cast, user), "pdf"]


def frozen_whole(cast: Cast, _user) -> list:
    """A frozen report about the whole municipality."""
    return [frozen_report(cast, None).public_id]


def prepared(cast: Cast, _user) -> list:
    """What is prepared of it, and not published."""
    return [publication_of(cast).public_id]


def published(cast: Cast, _user) -> list:
    """What is published of it."""
    return [published_of(cast, "2026Q1").public_id]


def published_pdf(cast: Cast, user) -> list:
    return [*published(cast, user), "pdf"]


def published_of(cast: Cast, period: str) -> Publication:
    publication = publication_of(cast, period)
    publication.published_at, publication.published_by = timezone.now(), cast.head
    publication.document = issued(cast, "publication")
    publication.save()
    return publication


def publication_of(cast: Cast, period: str = "2026Q1") -> Publication:
    report = frozen_report(cast, None, period)
    return Publication.objects.create(
        report=report,
        period_start=report.period_start,
        period_end=report.period_end,
        threshold=5,
        created_by=cast.head,
        created_by_name=cast.head.get_full_name(),
        content=dataclasses.replace(told(report), published=True).as_stored(),
    )


def asked(cast: Cast, _user) -> dict:
    """The draft's own form, with another title."""
    return {
        "kind": "quarterly",
        "title": "En annan titel",
        "period": "2026Q1",
        "as_of": AS_OF.isoformat(),
        "unit": cast.centrum.code,
        "sections": ["participants"],
        "seen": "0",
    }


def in_unit(then: int = 200):
    """The unit's managers; for the other unit's it does not exist."""
    return only(MANAGERS, then, other_manager=404)


COMMITTEE = (
    Row("reporting:report_list", "Committee reports", get=only(ALL_MANAGERS)),
    Row("reporting:report_new", "Begin a report", get=only(ALL_MANAGERS), post=only(ALL_MANAGERS, 302)),
    Row("reporting:report", "A draft", draft, get=in_unit()),
    Row("reporting:report_change", "What a draft is about", draft, get=in_unit(), post=in_unit(302), data=asked),
    Row("reporting:report_delete", "Throw a draft away", draft, get=in_unit(), post=in_unit(302)),
    Row(
        "reporting:report_comment",
        "Write under a section",
        summary,
        post=in_unit(302),
        data=lambda cast, user: {"text": "Starkt", "seen": "0"},
    ),
    Row(
        "reporting:report_freeze",
        "Freeze a report",
        draft,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"seen": "0"},
    ),
    Row(
        "reporting:report_correct",
        "Correct a frozen report",
        frozen,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"reason": "Fel dag."},
    ),
    Row("reporting:report_files_make", "Make a report's files again", frozen, post=in_unit(302)),
    Row("reporting:report_file", "A file of a report", frozen_pdf, get=in_unit()),
    Row("reporting:publication_prepare", "Prepare for publishing", frozen_whole, post=only(HEAD, 302)),
    Row("reporting:publication_list", "What is published", get=only(READERS)),
    Row("reporting:publication", "A published report", published, get=only(READERS)),
    Row("reporting:publication_publish", "Publish", prepared, get=only(HEAD), post=only(HEAD, 302)),
    Row("reporting:publication_withdraw", "Take back", prepared, get=only(HEAD), post=only(HEAD, 302)),
    Row("reporting:publication_files_make", "Make public files again", published, post=only(HEAD, 302)),
    Row("reporting:publication_file", "A public file", published_pdf, get=only(READERS)),
)
