"""Why a place suits somebody, or what is in the way, in words."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from placements.matching.wishes import Wishes, reaches
from placements.models import Place
from placements.places.vacancy import Vacancy

#: What a reason says: it suits, somebody must find out, it does not.
SUITS, ASK, NOT = "ok", "ask", "no"


@dataclass(frozen=True)
class Reason:
    """One reason: which way it points, and its words."""

    points: str
    words: str

    @property
    def css(self) -> str:
        return {SUITS: "ok", ASK: "info", NOT: "warn"}[self.points]


def reasons(place: Place, wishes: Wishes, vacancy: Vacancy | None, day: dt.date, *, is_led: bool) -> list[Reason]:
    """Everything that was asked of the place for this person, in the order in which it counts. `place` comes with its
    languages and area; without `vacancy` nothing is said of seats."""
    found = [*_language(place, wishes), *_licence(place, wishes), _area(place, wishes)]
    if place.formal_requirements:
        words = _("ask about: %(requirements)s") % {"requirements": place.formal_requirements}
        found.append(Reason(ASK, words))
    if vacancy:
        found.append(_seat(vacancy, day))
    if near := _near(place, wishes):
        found.append(near)
    led = Reason(SUITS, _("trained supervisor")) if is_led else Reason(ASK, _("no trained supervisor"))
    return [*found, led]


def _language(place: Place, wishes: Wishes) -> list[Reason]:
    found = []
    for need in place.languages.all():
        names = {"skill": need.get_skill_display().lower(), "need": need.level}
        has = wishes.levels.get(need.skill)
        if has is None:
            found.append(Reason(ASK, _("requires %(need)s (%(skill)s), level not mapped") % names))
        elif reaches(has, need.level):
            found.append(Reason(SUITS, _("requires %(need)s (%(skill)s), has %(has)s") % (names | {"has": has})))
        elif has == "none":
            found.append(Reason(NOT, _("requires %(need)s (%(skill)s), is not at A1 yet") % names))
        else:
            found.append(Reason(NOT, _("requires %(need)s (%(skill)s), has %(has)s") % (names | {"has": has})))
    return found


def _licence(place: Place, wishes: Wishes) -> list[Reason]:
    if not place.licence:
        return []
    named = {"licence": place.licence}
    if wishes.licences is None:
        return [Reason(ASK, _("requires driving licence %(licence)s, not asked for") % named)]
    if place.licence in wishes.licences:
        return [Reason(SUITS, _("has driving licence %(licence)s") % named)]
    return [Reason(NOT, _("requires driving licence %(licence)s") % named)]


def _area(place: Place, wishes: Wishes) -> Reason:
    if not wishes.areas:
        return Reason(ASK, _("no occupation is aimed for yet"))
    if place.occupational_area_id in wishes.areas:
        return Reason(SUITS, _("right occupational area"))
    return Reason(ASK, _("another occupational area"))


def _seat(vacancy: Vacancy, day: dt.date) -> Reason:
    if vacancy.free:
        return Reason(SUITS, _("free now") if vacancy.day == day else _("free then"))
    if vacancy.next_free is None:
        return Reason(NOT, _("taken until further notice"))
    return Reason(ASK, _("free from week %(week)s") % {"week": vacancy.next_free.isocalendar().week})


def _near(place: Place, wishes: Wishes) -> Reason | None:
    there = place.workplace.city.strip()
    if not there or not wishes.city:
        return None
    if there.casefold() == wishes.city.casefold():
        return Reason(SUITS, _("in the same town"))
    return Reason(ASK, _("in %(town)s") % {"town": there})
