"""The supervisor's page: a follow-up answered from a link, without an account (`delivery.links`). In Swedish, or in
English (`?sprak=en`)."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from delivery.links import by_link, in_same_language, other_language, spoken
from delivery.models.link import LinkState
from placements.forms import AnswerForm
from placements.marking.by_link import DaysForm
from placements.marking.services import MarkedOtherwise
from placements.models import FollowUpAnswer, FollowUpLink
from placements.period import Period, period_of
from placements.providers import asked_besides
from placements.services import answers, links
from placements.services.wishes import reminders_wish


def _wanted(token_hash: str) -> FollowUpLink | None:
    """The link, as long as its follow-up is wanted."""
    link = FollowUpLink.objects.whole().filter(token_hash=token_hash).first()
    return link if link and link.followup.is_wanted else None


def from_link(view):
    """Decorator: a page that is reached by the token of a link, in the language that its reader has chosen."""
    return by_link(_wanted)(spoken(view))


@from_link
@require_http_methods(["GET", "HEAD", "POST"])
def supervisor(request: HttpRequest, link: FollowUpLink) -> HttpResponse:
    """The questions, or what was answered already."""
    if link.state == LinkState.EXPIRED:
        return _shown(request, "expired", {"renew": _address(request, "ny/"), "typed": _typed(request)})
    answer = getattr(link.followup, "answer", None)
    if not link.followup.is_open and (answer is None or answer.supervisor_id != link.supervisor_id):
        return _shown(request, "done", {"link": link, "typed": _typed(request)})
    if request.method == "POST":
        return _file(request, link, answer)
    if answer and (answer.is_read or "andra" not in request.GET):
        return _thanks(request, link, answer)
    return _questions(request, link, answer, AnswerForm.of(answer, **_options(link, answer)))


@from_link
@require_http_methods(["GET", "HEAD", "POST"])
def supervisor_renew(request: HttpRequest, link: FollowUpLink) -> HttpResponse:
    """Ask for a new link in place of an expired one. The answer never tells whether one was sent. A phone that opens
    its pages again asks for the answer without having asked for the link: it is shown the question."""
    if request.method != "POST" or link.state == LinkState.HOLDS:
        return redirect(_address(request))
    links.link_renew(link=link)
    return _shown(request, "renewed")


@from_link
@require_http_methods(["GET", "HEAD", "POST"])
def supervisor_reminders(request: HttpRequest, link: FollowUpLink) -> HttpResponse:
    """Say that one wants no reminders, or that one wants them again. Links still come."""
    if link.state != LinkState.HOLDS:
        return redirect(_address(request))
    if request.method != "POST":
        return _shown(request, "reminders", {"link": link, "back": _address(request)})
    reminders_wish(link=link, wanted=request.POST.get("wanted") == "1")
    return redirect(_address(request, "paminnelser/"))


def _address(request: HttpRequest, ending: str = "") -> str:
    """The page of the link, or one below it, in the language that was chosen."""
    page = request.path.removesuffix("ny/").removesuffix("paminnelser/")
    return in_same_language(request, page + ending)


def _shown(request: HttpRequest, page: str, context: dict | None = None, *, status: int = 200) -> HttpResponse:
    known = {"other_language": other_language(request)}
    return render(request, f"placements/supervisor/{page}.html", known | (context or {}), status=status)


def _options(link: FollowUpLink, answer: FollowUpAnswer | None) -> dict:
    person = link.followup.participant
    period = Period(*answer.days) if answer else period_of(link.followup, timezone.localdate())
    return {"period": period, "name": "" if person.is_protected else person.given_name.split(" ")[0]}


def _context(request: HttpRequest, link: FollowUpLink, answer: FollowUpAnswer | None) -> dict:
    about = {"link": link, "workplace": link.placement.workplace, **_options(link, answer)}
    never_came = answer is not None and answer.no_show
    besides = [] if never_came else asked_besides(link, request.resolver_match.kwargs["token"])
    for each in besides:
        each.address = in_same_language(request, each.address)
    return about | {"answer": answer, "reminders": _address(request, "paminnelser/"), "besides": besides}


def _questions(request, link, answer, form, *, days=None, changed=None, status=200) -> HttpResponse:
    days = days or DaysForm(link=link, period=form.period, today=timezone.localdate())
    context = _context(request, link, answer) | {"form": form, "changed": changed, "days": days}
    context["overtaken"] = status == 409 and days.is_bound and bool(days.errors)
    return _shown(request, "questions", context, status=status)


def _thanks(request, link, answer, *, late=False, status=200) -> HttpResponse:
    change = "?andra" + in_same_language(request, "").replace("?", "&")
    context = _context(request, link, answer) | {"late": late, "typed": _typed(request), "change": change}
    context["replies"] = list(answer.replies.all())
    if not answer.no_show:
        context["told"] = DaysForm(link=link, period=context["period"], today=timezone.localdate()).told()
    return _shown(request, "thanks", context, status=status)


def _typed(request: HttpRequest) -> list[str]:
    """What was written in a form that came too late: it is shown, so that it is not lost with it."""
    return [text for name in ("works_well", "needs", "wishes") if (text := request.POST.get(name, "").strip())]


def _file(request: HttpRequest, link: FollowUpLink, answer: FollowUpAnswer | None) -> HttpResponse:
    form = AnswerForm(request.POST, **_options(link, answer))
    days = DaysForm(request.POST, link=link, period=form.period, today=timezone.localdate())
    if not form.is_valid() & days.is_valid():
        return _questions(request, link, answer, form, days=days, status=422)
    filed = {"said": form.said, "period": form.period, "version": form.cleaned_data["version"]}
    try:
        with transaction.atomic():  # what is said of the days and of the rest is filed together, or not at all
            answers.answer_file_by_link(link=link, **filed)
            if not form.said["no_show"]:
                days.save()
    except MarkedOtherwise:
        return _questions(request, link, answer, form, days=days.again(), status=409)
    except answers.AnswerChanged as changed:
        # Another tab was quicker. What was typed here stays; who sends again has seen what is filed.
        data = request.POST.copy()
        data["version"] = changed.answer.version
        form = AnswerForm(data, **_options(link, changed.answer))
        return _questions(request, link, changed.answer, form, days=days.again(), changed=changed.answer, status=409)
    except answers.AnswerStands as stands:
        return _thanks(request, link, stands.answer, late=True, status=409)
    except answers.FollowUpClosed:
        return redirect(_address(request))  # filed or withdrawn this very moment: the page says which
    return redirect(_address(request))
