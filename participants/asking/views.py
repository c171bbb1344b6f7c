"""The page of somebody who has left: one question, answered from a link without an account (`delivery.links`)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from delivery.links import by_link
from delivery.models.link import LinkState
from participants.asking import services
from participants.models import Aftercare, AftercareLink


def _meant(token_hash: str) -> AftercareLink | None:
    return AftercareLink.objects.whole().filter(token_hash=token_hash).first()


from_link = by_link(_meant)


@from_link
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, link: AftercareLink) -> HttpResponse:
    """The question with its three answers, or what was answered already."""
    if link.state == LinkState.EXPIRED:
        return render(request, "participants/asking/expired.html", {"renew": request.path + "ny/"})
    known = link.enrolment.aftercare.filter(days_after=link.days_after).first()
    if known and not services.may_be_changed(known):
        return render(request, "participants/asking/done.html", {"link": link})
    if request.method == "POST":
        return _answered(request, link, known)
    if known and "andra" not in request.GET:
        return render(request, "participants/asking/thanks.html", {"link": link, "answer": known})
    return _question(request, link, known)


@from_link
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, link: AftercareLink) -> HttpResponse:
    """Ask for a new link in place of an expired one. The answer never tells whether one was sent. A phone that opens
    its pages again is shown the question."""
    if request.method != "POST" or link.state == LinkState.HOLDS:
        return redirect(request.path.removesuffix("ny/"))
    services.aftercare_link_renew(link=link)
    return render(request, "participants/asking/renewed.html")


def _question(request: HttpRequest, link: AftercareLink, known: Aftercare | None, *, wrong=False) -> HttpResponse:
    context = {"link": link, "answer": known, "wrong": wrong}
    return render(request, "participants/asking/question.html", context, status=422 if wrong else 200)


def _answered(request: HttpRequest, link: AftercareLink, known: Aftercare | None) -> HttpResponse:
    status = request.POST.get("status", "")
    if status not in services.ANSWERS:
        return _question(request, link, known, wrong=True)
    try:
        services.aftercare_answer_by_link(link=link, status=status)
    except services.AnswerStands:
        return redirect(request.path)  # read or answered this very moment: the page says so
    return redirect(request.path)
