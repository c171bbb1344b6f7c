"""Handing over many participants at once: a list with ticks, a page that asks in words, and then all or none."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import Role, Unit, User
from participants.coaching.candidates import caseloads, coach_known_in, coaches_in, needs_coach, to_hand_over
from participants.coaching.forms import HandOverForm, as_uuid, key_of
from participants.coaching.services import CannotBeCoach, CoachChanged, Move, coaches_reassign
from participants.models import Enrolment
from participants.permissions import can_see_unit

#: So many are handed over at once; of those without a coach there may be thousands.
MOST = 200
NOBODY = "none"
REVIEW, CHANGE, SAVE = "review", "change", "save"


@dataclass(frozen=True)
class HandingOver:
    """Whose participants a manager hands over, in which unit. `coach` None: those who have no coach."""

    user: User
    unit: Unit
    coach: User | None

    @cached_property
    def total(self) -> int:
        return self._all.count()

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        return list(self._all[:MOST])

    @property
    def _all(self):
        return to_hand_over(self.user, self.unit, self.coach, timezone.localdate())

    @cached_property
    def coaches(self) -> list[User]:
        return [each for each in coaches_in(self.unit.pk) if each != self.coach]

    @property
    def protected(self) -> int:
        """How many are handed over by case number elsewhere, because the manager may not see them."""
        today = timezone.localdate()
        rows = Enrolment.objects.protected_for(self.user).filter(needs_coach(today), unit=self.unit, coach=self.coach)
        return rows.exclude(pk__in=self._all.values("pk")).count()

    def form(self, data=None, *, all_ticked: bool = True) -> HandOverForm:
        counts = caseloads(self.user, self.unit.pk, self.coaches, timezone.localdate())
        return HandOverForm(
            data, enrolments=self.enrolments, coaches=self.coaches, counts=counts, all_ticked=all_ticked
        )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """A coach's participants, or those who have no coach, in one unit of the manager's."""
    if not can_see_unit(request.user):
        raise PermissionDenied
    handing = _handing_or_404(request)
    if request.method != "POST":
        return _page(request, handing, handing.form(all_ticked=request.GET.get("ticked") != "none"))
    form = handing.form(request.POST)
    step = request.POST.get("step", REVIEW)
    if step == CHANGE:
        form.is_valid()
        return _page(request, handing, form, silent=True)
    told = {name.removeprefix("told-"): value for name, value in request.POST.items() if name.startswith("told-")}
    if step == SAVE and (gone := set(told) - {row.key for row in form.ticked}):
        if others := _with_other_coaches(request.user, {key: told[key] for key in gone}):
            return _page(request, handing, form, problem=_changed_words(others), status=409)
        if not form.ticked:  # sent for the second time: all of it is done
            return _to_unit(handing)
    if not form.is_valid():
        return _page(request, handing, form, status=422)
    chosen = form.as_told(told)
    if step != SAVE or chosen is None:
        return _ask(request, handing, form, form.spread())
    moves = [Move(row.enrolment, handing.coach, to, form.note_for(row)) for row, to in chosen]
    try:
        coaches_reassign(moves=moves, actor=request.user)
    except CoachChanged as changed:
        problem = _changed_words([each.participant.full_name for each in changed.enrolments])
        return _page(request, _handing_or_404(request), form, problem=problem, status=409)
    except CannotBeCoach as error:
        name = error.coach.full_name
        problem = _("%(name)s no longer works in this unit. Choose somebody else.") % {"name": name}
        return _page(request, _handing_or_404(request), form, problem=problem, status=409)
    words = ngettext("%(count)d participant is handed over.", "%(count)d participants are handed over.", len(moves))
    messages.success(request, words % {"count": len(moves)})
    return _to_unit(handing)


def _with_other_coaches(user: User, told: dict[str, str]) -> list[str]:
    """Of those whom the page told of and who are not in the list any more: who has another coach than was told."""
    people = [person for key in told if (person := as_uuid(key[:36]))]
    found = Enrolment.objects.visible_to(user).filter(participant__public_id__in=people)
    now = {key_of(each): each for each in found.select_related("participant", "coach")}
    return [
        now[key].participant.full_name if key in now else _("somebody you no longer see")
        for key, coach in told.items()
        if key not in now or str(now[key].coach and now[key].coach.public_id) != coach
    ]


def _changed_words(names: list[str]) -> str:
    return _("Meanwhile somebody has changed the job coach of %(names)s. Nothing is saved.") % {
        "names": ", ".join(names)
    }


def _to_unit(handing: HandingOver) -> HttpResponse:
    return redirect(f"{reverse('unit:unit')}?unit={handing.unit.code}")


def _handing_or_404(request: HttpRequest) -> HandingOver:
    """The unit is one of those that the manager manages; the coach somebody who works, or has worked, there."""
    scope = request.user.reach.scope(Role.MANAGER)
    unit = Unit.objects.in_scope(scope).filter(code=request.GET.get("unit", "").replace("\0", "")).first()
    if unit is None:
        raise Http404
    text = request.GET.get("from", "")
    if text == NOBODY:
        return HandingOver(request.user, unit, None)
    key = as_uuid(text)
    coach = coach_known_in(request.user, [unit.pk], key) if key else None
    if coach is None:
        raise Http404
    return HandingOver(request.user, unit, coach)


def _page(
    request: HttpRequest, handing: HandingOver, form: HandOverForm, *, status: int = 200, problem="", silent=False
) -> HttpResponse:
    """`silent`: the form comes back to be changed, and nothing is wrong with it."""
    if silent:
        form.errors.clear()
    context = {
        "handing": handing,
        "form": form,
        "problem": problem,
        "most": MOST,
        "today": timezone.localdate(),
        "hidden": handing.protected,
    }
    return render(request, "participants/coaching/hand_over.html", context, status=status)


def _ask(request: HttpRequest, handing: HandingOver, form: HandOverForm, chosen) -> HttpResponse:
    """In words, before anything is done: who takes over whom, and how many each then has."""
    by_coach = {}
    for row, coach in chosen:
        by_coach.setdefault(coach, []).append(row)
    takers = []
    for coach, rows in sorted(by_coach.items(), key=lambda each: handing.coaches.index(each[0])):
        enrolled = [row for row in rows if not row.is_aftercare]
        takers.append(
            {
                "coach": coach,
                "rows": rows,
                "count": len(rows),
                "aftercare": len(rows) - len(enrolled),
                "then": form.counts[coach.pk] + len(enrolled),
            }
        )
    context = {
        "handing": handing,
        "takers": takers,
        "count": len(chosen),
        "left": handing.total - len(chosen),
        "note": form.cleaned_data["note"],
        "typed": form.typed,
        "told": [(row.key, coach.public_id) for row, coach in chosen],
    }
    return render(request, "participants/coaching/hand_over_confirm.html", context)
