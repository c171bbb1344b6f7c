"""The supervisor's page: a follow-up answered from a link, without an account (`delivery.links`)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from delivery.links import by_link
from delivery.models.link import LinkState
from placements.forms import AnswerForm
from placements.models import FollowUpAnswer, FollowUpLink
from placements.period import Period, period_of
from placements.services import answers, links


def _wanted(token_hash: str) -> FollowUpLink | None:
    """The link, as long as its follow-up is wanted."""
    link = FollowUpLink.objects.whole().filter(token_hash=token_hash).first()
    return link if link and link.followup.is_wanted else None


from_link = by_link(_wanted)


@from_link
@require_http_methods(["GET", "HEAD", "POST"])
def supervisor(request: HttpRequest, link: FollowUpLink) -> HttpResponse:
    """The questions, or what was answered already."""
    if link.state == LinkState.EXPIRED:
        context = {"renew": request.path + "ny/", "typed": _typed(request)}
        return render(request, "placements/supervisor/expired.html", context)
    answer = getattr(link.followup, "answer", None)
    if not link.followup.is_open and (answer is None or answer.supervisor_id != link.supervisor_id):
        return render(request, "placements/supervisor/done.html", {"link": link, "typed": _typed(request)})
    if request.method == "POST":
        return _file(request, link, answer)
    if answer and (answer.is_read or "andra" not in request.GET):
        return _thanks(request, link, answer)
    return _questions(request, link, answer, AnswerForm.of(answer, **_options(link, answer)))


@from_link
@require_POST
def supervisor_renew(request: HttpRequest, link: FollowUpLink) -> HttpResponse:
    """Ask for a new link in place of an expired one. The answer never tells whether one was sent."""
    if link.state == LinkState.HOLDS:
        return redirect(_page(request))
    links.link_renew(link=link)
    return render(request, "placements/supervisor/renewed.html")


def _page(request: HttpRequest) -> str:
    return request.path.removesuffix("ny/")


def _options(link: FollowUpLink, answer: FollowUpAnswer | None) -> dict:
    person = link.followup.participant
    period = Period(*answer.days) if answer else period_of(link.followup, timezone.localdate())
    return {"period": period, "name": "" if person.is_protected else person.given_name.split(" ")[0]}


def _context(link: FollowUpLink, answer: FollowUpAnswer | None) -> dict:
    return {"link": link, "workplace": link.placement.workplace, **_options(link, answer)}


def _questions(request, link, answer, form, *, changed=None, status=200) -> HttpResponse:
    context = _context(link, answer) | {"form": form, "answer": answer, "changed": changed}
    return render(request, "placements/supervisor/questions.html", context, status=status)


def _thanks(request, link, answer, *, late=False, status=200) -> HttpResponse:
    context = _context(link, answer) | {"answer": answer, "late": late, "typed": _typed(request)}
    return render(request, "placements/supervisor/thanks.html", context, status=status)


def _typed(request: HttpRequest) -> list[str]:
    """What was written in a form that came too late: it is shown, so that it is not lost with it."""
    return [text for name in ("works_well", "needs", "wishes") if (text := request.POST.get(name, "").strip())]


def _file(request: HttpRequest, link: FollowUpLink, answer: FollowUpAnswer | None) -> HttpResponse:
    form = AnswerForm(request.POST, **_options(link, answer))
    if not form.is_valid():
        return _questions(request, link, answer, form, status=422)
    filed = {"said": form.said, "period": form.period, "version": form.cleaned_data["version"]}
    try:
        answers.answer_file_by_link(link=link, **filed)
    except answers.AnswerChanged as changed:
        # Another tab was quicker. What was typed here stays; who sends again has seen what is filed.
        data = request.POST.copy()
        data["version"] = changed.answer.version
        form = AnswerForm(data, **_options(link, changed.answer))
        return _questions(request, link, changed.answer, form, changed=changed.answer, status=409)
    except answers.AnswerStands as stands:
        return _thanks(request, link, stands.answer, late=True, status=409)
    except answers.FollowUpClosed:
        return redirect(request.path)  # filed or withdrawn this very moment: the page says which
    return redirect(request.path)
