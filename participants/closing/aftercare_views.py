"""The aftercare: whom to ask now, one click to answer, and the page where an answer is corrected."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Role, Unit
from participants import permissions
from participants.aftercare import Point, point_of, to_ask_on
from participants.aftercare.forms import AftercareForm
from participants.aftercare.services import AnsweredOtherwise, NotClosed, aftercare_answer, aftercare_take_back
from participants.asking.reading import with_links
from participants.asking.services import NothingToSend, aftercare_answer_see, aftercare_link_send
from participants.closing.aftercare_history import answers_of
from participants.closing.case import ClosedCase, closed_case
from participants.closing.views import read_or_write
from participants.models import Enrolment
from participants.opening import opened_file, touched_file
from participants.querysets import CASE_ROLES
from vocabulary.codes import AftercareStatus

PAGE_SIZE = 50
MINE, ALL = "mine", "all"
#: The places from which an answer in one click may come, and to which it leads back.
FROM_LIST, FROM_DAY, FROM_DAY_LIST = "list", "day", "day-list"


@require_safe
def aftercare_list(request: HttpRequest) -> HttpResponse:
    """The closures that are to be asked about now: one's own, or the unit's; the late ones first."""
    user, today = request.user, timezone.localdate()
    if not permissions.can_list_participants(user):
        raise PermissionDenied
    has_own = user.reach.has(*permissions.WRITING_ROLES)
    default = MINE if user.reach.has(Role.JOB_COACH) else ALL
    shown = request.GET.get("show", default) if has_own else ALL
    rows = to_ask_on(Enrolment.objects.visible_to(user), today)
    if shown != ALL:
        rows = rows.filter(coach=user)
    page = Paginator(rows.select_related("participant", "coach"), PAGE_SIZE).get_page(request.GET.get("page"))
    scope = user.reach.scope(*CASE_ROLES)
    units = {unit.pk: unit for unit in Unit.objects.in_scope(scope).by_name()}
    found = []
    for enrolment in page.object_list:
        enrolment.unit = units[enrolment.unit_id]
        point = Point(enrolment=enrolment, days_after=enrolment.days_after, answer=None, today=today)
        found.append(point)
    may_answer = [permissions.can_answer_aftercare(user, point.enrolment) for point in found]
    context = {
        "page": page,
        "found": list(zip(with_links(found), may_answer, strict=True)),
        "units": units,
        "shown": MINE if shown != ALL else ALL,
        "has_own": has_own,
        "everywhere": scope.everything,
        "statuses": AftercareStatus.choices,
    }
    return render(request, "participants/aftercare/list.html", context)


@read_or_write
def aftercare(request: HttpRequest, public_id: uuid.UUID, days_after: int) -> HttpResponse:
    """What is known at one time after a closure: to read, to answer, to correct. A click elsewhere is sent here."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="aftercare")
    case = closed_case(file, request.GET.get("inskrivning", ""))
    point = case and point_of(case.enrolment, days_after, timezone.localdate())
    if point is None:
        raise Http404
    if posted and not case.may_answer:
        raise PermissionDenied
    if posted and request.POST.get("undo"):
        return _take_back(request, case, point)
    if posted and request.POST.get("read"):
        if point.answer:
            aftercare_answer_see(answer=point.answer)
        return HttpResponseRedirect(point.address)
    known = point.answer.checked if point.answer else None
    options = {"due": point.due, "known": known}
    if not posted:
        initial = {"status": point.answer.status, "checked": known} if point.answer else None
        return _page(request, case, point, AftercareForm(initial=initial, **options))
    data = request.POST.copy()
    data.setdefault("checked", timezone.localdate().isoformat())  # in one click: today
    form = AftercareForm(data, **options)
    if not form.is_valid():
        return _page(request, case, point, form, status=422)
    try:
        answer = aftercare_answer(
            enrolment=case.enrolment, days_after=days_after, seen=request.POST.get("seen", ""), **form.cleaned_data
        )
    except NotClosed:
        messages.warning(request, _("The closure has been taken back meanwhile. Nothing was saved."))
        file_address = reverse("participants:file", args=[public_id])
        return HttpResponseClientRedirect(file_address) if request.htmx else HttpResponseRedirect(file_address)
    except AnsweredOtherwise as otherwise:
        point = point_of(case.enrolment, days_after, point.today)
        if request.htmx:
            return _cell(request, case, point, overtaken=True)
        return _page(request, case, point, form, status=409, overtaken=otherwise.answer)
    if request.htmx:
        return _cell(request, case, point_of(case.enrolment, days_after, point.today))
    said = {"name": file.participant.full_name, "status": answer.get_status_display().lower()}
    messages.success(request, _("Saved: %(name)s, %(status)s. It can be corrected in the file.") % said)
    return HttpResponseRedirect(_back(request, case))


@require_POST
def aftercare_link(request: HttpRequest, public_id: uuid.UUID, days_after: int) -> HttpResponse:
    """Mail the person a link by which they answer themselves, for the first time or again."""
    file = touched_file(request, public_id)
    case = closed_case(file, request.GET.get("inskrivning", ""))
    point = case and point_of(case.enrolment, days_after, timezone.localdate())
    if point is None:
        raise Http404
    if not case.may_answer:
        raise PermissionDenied
    seen = request.POST.get("seen", "")
    try:
        aftercare_link_send(enrolment=case.enrolment, days_after=days_after, actor=request.user, seen=seen)
    except NothingToSend:
        sent, said = (
            False,
            _("Nothing was sent: it is answered, nobody asks now, or there is no address."),
        )
    else:
        sent, said = True, _("The link is on its way to %(email)s.") % {"email": file.participant.email}
    point = point_of(case.enrolment, days_after, point.today)
    if request.htmx and point is not None:
        overtaken = not sent and point.answer is not None
        return _cell(request, case, point, overtaken=overtaken, answer_saved=False, link_sent=sent)
    (messages.success if sent else messages.warning)(request, said)
    return HttpResponseRedirect(_back(request, case))


def _take_back(request: HttpRequest, case: ClosedCase, point: Point) -> HttpResponse:
    """Undo an answer in one click: the buttons come back."""
    overtaken = False
    try:
        aftercare_take_back(enrolment=case.enrolment, days_after=point.days_after, seen=request.POST.get("seen", ""))
    except AnsweredOtherwise:
        overtaken = True
    if not request.htmx:
        if overtaken:
            messages.warning(request, _("The answer was not taken back: it has been changed, or its day is over."))
        return HttpResponseRedirect(_back(request, case))
    point = point_of(case.enrolment, point.days_after, point.today)
    return _cell(request, case, point, overtaken=overtaken, answer_saved=False)


def _back(request: HttpRequest, case: ClosedCase) -> str:
    """Where the click came from: the list, Min dag, or the file."""
    shown = ALL if request.POST.get("show") == ALL else MINE
    addresses = {
        FROM_LIST: reverse("participants:aftercare_list"),
        FROM_DAY: reverse("day:day"),
        FROM_DAY_LIST: reverse("day:list", args=["efteruppfoljning"]),
    }
    if address := addresses.get(request.POST.get("origin", "")):
        return f"{address}?show={shown}"
    return reverse("participants:file", args=[case.file.public_id])


def _cell(
    request: HttpRequest,
    case: ClosedCase,
    point: Point,
    *,
    overtaken: bool = False,
    answer_saved: bool = True,
    link_sent: bool = False,
) -> HttpResponse:
    """The answer in place of the buttons, or the buttons when it was taken back."""
    (point,) = with_links([point])
    context = {"point": point, "may_answer": case.may_answer, "statuses": case.statuses}
    context |= {"answer_saved": answer_saved and not overtaken, "answer_overtaken": overtaken}
    context |= {"origin": request.POST.get("origin", ""), "shown": request.POST.get("show", "")}
    context |= {"again": not link_sent, "link_sent": link_sent}
    return render(request, "participants/aftercare/_answer.html", context)


def _page(
    request: HttpRequest, case: ClosedCase, point: Point, form: AftercareForm, status: int = 200, overtaken=None
) -> HttpResponse:
    (point,) = with_links([point])
    context = {
        "file": case.file,
        "case": case,
        "point": point,
        "form": form,
        "overtaken": overtaken,
        "history": answers_of(case.enrolment, point.days_after),
    }
    return render(request, "participants/aftercare/page.html", context, status=status)
