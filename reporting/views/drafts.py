"""The page of a draft: its figures of today, and the comments as they are written."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from reporting.models import Report, ReportComment
from reporting.moment import one_moment
from reporting.report_forms import CommentForm
from reporting.services.reports import frozen_of
from reporting.telling import presentation
from reporting.telling.by_unit import blocks_by_unit
from reporting.telling.chapters import Chapter, chapters, summary_of
from reporting.views.opening import writer_ticket


@dataclass(frozen=True)
class Written:
    """A section of a draft with the form of its comment, and what was last saved of it (None: nothing yet)."""

    chapter: Chapter
    form: CommentForm
    comment: ReportComment | None
    other: ReportComment | None = None


def draft_page(
    request: HttpRequest, report: Report, *, sent: CommentForm | None = None, section="", other=None, status=200
) -> HttpResponse:
    """A draft with its live figures. `sent` is the comment of `section` as it was sent and not saved; `other` what
    somebody else saved there meanwhile."""
    with one_moment():
        frozen = frozen_of(report)
        comments = {each.section: each for each in report.comments.all()}
    shown = presentation.present(frozen.told)

    def written(chapter: Chapter) -> Written:
        if chapter.key == section:
            return Written(chapter, sent, comments.get(chapter.key), other)
        form = CommentForm(initial={"text": chapter.comment}, section=chapter.key, label=chapter.title)
        return Written(chapter, form, comments.get(chapter.key))

    context = {
        "report": report,
        "frozen": frozen,
        "shown": shown,
        "summary": written(summary_of(frozen)),
        "chapters": [written(each) for each in chapters(frozen, shown)],
        "units": blocks_by_unit(frozen),
        "gaps": [gap for gap in frozen.gaps if gap.count],
        "query": urlencode(report.question.address),
        "window": request.POST.get("window") or uuid.uuid4(),
        "writer": writer_ticket(request.user, report),
        "saved": request.GET.get("sparat", ""),
    }
    return render(request, "reporting/reports/draft.html", context, status=status)
