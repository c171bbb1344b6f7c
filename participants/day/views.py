"""Min dag: everything that needs somebody today, one list of it, and taking note of a row."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import municipal
from accounts.models import Role, Unit, User
from participants.day.asking import ListRows, Whose
from participants.day.lists import DayList, day_list, day_lists
from participants.day.reading import read_day, read_list
from participants.models import Deputy, Enrolment
from participants.permissions import WRITING_ROLES, can_list_participants
from participants.querysets import CASE_ROLES
from vocabulary.codes import AftercareStatus

PAGE_SIZE = 50
MINE, ALL = "mine", "all"
NO_COACH = "none"


@require_safe
@municipal.read_at_once()
def day(request: HttpRequest) -> HttpResponse:
    """Every list that has something, the most urgent first; a quiet day says so."""
    asked = _Asked(request)
    lists = day_lists()
    shown = read_day(asked.whose, lists)
    context = asked.context | {
        "shown_lists": shown,
        "empty_lists": [each for each in lists if asked.whose.has(each) and each.key not in {s.key for s in shown}],
        "total": sum(each.total for each in shown),
        "late": sum(each.late for each in shown),
    }
    return render(request, "participants/day/day.html", context)


@require_safe
@municipal.read_at_once()
def one_list(request: HttpRequest, key: str) -> HttpResponse:
    """All rows of one list."""
    asked = _Asked(request)
    chosen = _list_or_404(key)
    if not asked.whose.has(chosen):
        asked = _Asked(request, own=True)
    page = Paginator(ListRows(asked.whose, chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = read_list(asked.whose, chosen, page.object_list)
    context = asked.context | {"page": page, "day_list": chosen, "rows": shown}
    return render(request, "participants/day/list.html", context)


@require_POST
def take_note(request: HttpRequest, key: str) -> HttpResponse:
    """Take note of a row, or take that back; what the button becomes, or without a script back to where it was."""
    if not can_list_participants(request.user):
        raise PermissionDenied
    chosen = _list_or_404(key)
    reference, noted = request.POST.get("reference", ""), request.POST.get("undo") != "1"
    if chosen.noted is None or not chosen.noted(request.user, reference, noted):
        raise Http404
    if request.htmx:
        context = {"day_list": chosen, "reference": reference, "noted": noted, "name": request.POST.get("name", "")}
        return render(request, "participants/day/_noted.html", context | {"origin": request.POST.get("origin", "")})
    messages.success(request, f"{chosen.noted_words}." if noted else _("Taken back."))
    whole = request.POST.get("origin") == "day-list"
    return HttpResponseRedirect(reverse("day:list", args=[key]) if whole else reverse("day:day"))


def _list_or_404(key: str) -> DayList:
    chosen = day_list(key)
    if chosen is None:
        raise Http404
    return chosen


class _Asked:
    """Whose day the address asks for: one's own (`show=mine`), the unit's (`show=all`), of a `unit` or a `coach`."""

    def __init__(self, request: HttpRequest, *, own: bool = False):
        user = self.user = request.user
        if not can_list_participants(user):
            raise PermissionDenied
        has_own = user.reach.has(*WRITING_ROLES)
        default = MINE if user.reach.has(Role.JOB_COACH) else ALL
        self.shown = MINE if own or (has_own and request.GET.get("show", default) != ALL) else ALL
        self.whose = Whose(user=user, today=timezone.localdate())
        self.narrowed: list[str] = []
        self.standing_in: list[Deputy] = []
        self.own_deputies: list[Deputy] = []
        if self.shown == MINE:
            self._own()
        else:
            self._narrow(request.GET.get("unit", "").replace("\0", ""), request.GET.get("coach", ""))
        if request.GET.get("late") == "1":
            self.whose = replace(self.whose, late_only=True)
            self.narrowed.append(_("only what is late"))
        rest = request.GET.copy()
        for name in ("page", "coach"):
            rest.pop(name, None)
        self.context = {
            "shown": self.shown,
            "has_own": has_own,
            "units": user.reach.scope(*CASE_ROLES).unit_ids,
            "everywhere": user.reach.scope(*CASE_ROLES).everything,
            "statuses": [(value, str(label)) for value, label in AftercareStatus.choices],
            "today": self.whose.today,
            "narrowed": self.narrowed,
            "standing_in": self.standing_in,
            "own_deputies": self.own_deputies,
            "address": request.GET.urlencode(),
        }

    def _own(self) -> None:
        """One's own day: for whom the reader stands in, and who stands in for the reader, today."""
        user, today = self.user, self.whose.today
        rows = Deputy.objects.holding_on(today).filter(Q(deputy=user) | Q(absent=user))
        for row in rows.select_related("absent", "deputy").order_by("end", "pk"):
            (self.standing_in if row.deputy_id == user.pk else self.own_deputies).append(row)
        self.whose = replace(
            self.whose,
            own=True,
            coaches=frozenset({user.pk}),
            stands_in=tuple((row.absent_id, row.unit_id) for row in self.standing_in),
        )

    def _narrow(self, code: str, coach: str) -> None:
        """What is not there narrows to nothing that is: the whole is shown, as if it had not been asked."""
        scope = self.user.reach.scope(*CASE_ROLES)
        unit = Unit.objects.in_scope(scope).filter(code=code).first() if code else None
        if unit:
            self.whose = replace(self.whose, units=(unit,))
            self.narrowed.append(unit.name)
        if coach == NO_COACH:
            self.whose = replace(self.whose, without_coach=True)
            self.narrowed.append(_("Without a job coach"))
        elif found := _coach(self.user, coach, unit):
            self.whose = replace(self.whose, coaches=frozenset({found.pk}))
            self.narrowed.append(found.full_name)


def _coach(user: User, text: str, unit: Unit | None) -> User | None:
    """A coach of somebody the user may see."""
    try:
        key = uuid.UUID(text)
    except ValueError:
        return None
    rows = Enrolment.objects.visible_to(user)
    if unit:
        rows = rows.filter(unit=unit)
    return User.objects.filter(public_id=key, pk__in=rows.values("coach")).first()
