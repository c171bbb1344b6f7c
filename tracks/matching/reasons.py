"""Why a track suits somebody, or what is in the way, in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placements.matching.reasons import ASK, NOT, SUITS, Reason
from tracks.gates import Known, lacks
from tracks.models import GateKind, Round, Step, TrackVersion
from tracks.words import Words

#: Gates that ask for what a participant brings along; what the track itself gives is not yet missing.
BROUGHT = frozenset({GateKind.LANGUAGE, GateKind.AGE, GateKind.CREDENTIAL, GateKind.DOCUMENT})


@dataclass(frozen=True)
class Fit:
    """How a track suits somebody: what bars the first step, and what later steps will ask for that is missing."""

    barred: tuple[str, ...]
    later: tuple[tuple[Step, str], ...]

    @property
    def is_open(self) -> bool:
        return not self.barred


def fit_of(steps: Iterable[Step], known: Known, words: Words) -> Fit:
    """What the steps (in order, with their gates) ask for and is missing. A later step is asked only for what nobody
    learns on the track."""
    first, *others = steps
    later = [
        (step, lack.sentence)
        for step in others
        for lack in lacks(step, known, words=words)
        if lack.gate.kind in BROUGHT
    ]
    return Fit(tuple(lack.sentence for lack in lacks(first, known, words=words)), tuple(later))


def reasons_of(version: TrackVersion, fit: Fit, *, is_aimed: bool, has_aims: bool) -> list[Reason]:
    """What was asked of the person, in the order in which it counts."""
    found = [Reason(NOT, sentence) for sentence in fit.barred]
    if fit.is_open:
        found.append(Reason(SUITS, _("has what the first step asks for")))
    return found + _occupation(version, is_aimed=is_aimed, has_aims=has_aims)


def reasons_of_round(version: TrackVersion, round: Round | None, free: int | None) -> list[Reason]:
    """What was asked of the track and its round, the same for everybody. `free` are the seats on the first step, None
    where there is no limit."""
    found = [Reason(SUITS, _("there is a shortage of people in the occupation"))] if version.shortage else []
    return found + _round(round, free)


def reasons_later(fit: Fit) -> list[Reason]:
    """What later steps will ask for that is missing."""
    return [
        Reason(ASK, _("later, for “%(step)s”: %(lack)s") % {"step": step.title, "lack": sentence})
        for step, sentence in fit.later
    ]


def _occupation(version: TrackVersion, *, is_aimed: bool, has_aims: bool) -> list[Reason]:
    if not version.occupation_id:
        return []
    if is_aimed:
        return [Reason(SUITS, _("right occupational area"))]
    if has_aims:
        return [Reason(ASK, _("another occupational area"))]
    return [Reason(ASK, _("no occupation is aimed for yet"))]


def _round(round: Round | None, free: int | None) -> list[Reason]:
    if round is None:
        return [Reason(ASK, _("no round takes applications now"))]
    found = []
    if free == 0:
        found.append(Reason(ASK, _("full now: those who are proposed wait for a seat")))
    elif free is not None:
        words = ngettext("%(free)s seat is free", "%(free)s seats are free", free)
        found.append(Reason(SUITS, words % {"free": free}))
    if round.apply_by:
        found.append(Reason(ASK, _("propose by %(day)s") % {"day": _day(round.apply_by)}))
    return found


def _day(day: dt.date) -> str:
    return date_format(day, "j F Y")
