"""A version of a track in words: its steps, their time, hours and competences, and each gate as one plain sentence.

What the sentences need from elsewhere is read once for all steps of all versions that a page shows (`tracks.words`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competence.models import CredentialKind
from tracks.hours import hours_of, hours_told
from tracks.models import Gate, GateKind, Step, StepResult, TrackVersion
from tracks.words import Words, words_of
from vocabulary.codes import LanguageSkill


@dataclass(frozen=True)
class ToldStep:
    """A step as a page shows it."""

    step: Step
    weeks: str
    hours: list[str]
    gates: list[str]
    competences: list[str]


def steps_of(version: TrackVersion) -> list[Step]:
    """The steps in order, with their form and gates."""
    return list(version.steps.select_related("form").prefetch_related("gates").order_by("position"))


def steps_told(steps: list[Step], words: Words | None = None) -> list[ToldStep]:
    """The steps in words."""
    words = words or words_of(steps)
    return [
        ToldStep(
            step=step,
            weeks=weeks_told(step.least_weeks, step.most_weeks),
            hours=hours_told(hours_of(step)),
            gates=[gate_told(gate, words) for gate in step.gates.all()],
            competences=[words.competences.get(code, code) for code in step.competences],
        )
        for step in steps
    ]


def weeks_told(least: int | None, most: int | None) -> str:
    """How long a step takes; empty where it does not say."""
    if least is None and most is None:
        return ""
    if least is None:
        return ngettext("at most %(weeks)s week", "at most %(weeks)s weeks", most) % {"weeks": most}
    if most is None:
        return ngettext("at least %(weeks)s week", "at least %(weeks)s weeks", least) % {"weeks": least}
    if least == most:
        return ngettext("%(weeks)s week", "%(weeks)s weeks", least) % {"weeks": least}
    return _("%(least)s–%(most)s weeks") % {"least": least, "most": most}


# --- Gates --------------------------------------------------------------------------------------------------------


def gate_told(gate: Gate, words: Words) -> str:
    """What the gate asks for, in one sentence."""
    return _TOLD[gate.kind](gate.asks, words)


def _language(asks: dict, _words: Words) -> str:
    told = {"skill": LanguageSkill(asks["skill"]).label, "level": asks["level"]}
    return _("At least %(level)s in “%(skill)s”.") % told


def _age(asks: dict, _words: Words) -> str:
    least, most = asks.get("least"), asks.get("most")
    if least is not None and most is not None:
        return _("From %(least)s to %(most)s years old.") % {"least": least, "most": most}
    if least is not None:
        return _("At least %(least)s years old.") % {"least": least}
    return _("At most %(most)s years old.") % {"most": most}


def _previous_step(asks: dict, words: Words) -> str:
    told = _(" or ").join(_("“%(word)s”") % {"word": StepResult(each).label} for each in asks["results"])
    return _("“%(step)s” with the result %(results)s.") % {
        "step": words.steps.get(asks["step"], asks["step"]),
        "results": told,
    }


def _competence(asks: dict, words: Words) -> str:
    told = {
        "competence": words.competences.get(asks["code"], asks["code"]).rstrip("."),
        "level": words.levels.get(asks["level"], str(asks["level"])),
    }
    return _("“%(competence)s”, at least at the level “%(level)s” in a signed assessment.") % told


def _credential(asks: dict, _words: Words) -> str:
    told = {"kind": CredentialKind(asks["kind"]).label, "words": asks.get("words", "")}
    if told["words"]:
        return _("%(kind)s in which it says %(words)s.") % told
    return _("%(kind)s.") % told


def _document(asks: dict, _words: Words) -> str:
    return _("“%(document)s” has been shown.") % {"document": asks["words"]}


def _time(asks: dict, _words: Words) -> str:
    return ngettext(
        "At least %(weeks)s week on the step before.", "At least %(weeks)s weeks on the step before.", asks["weeks"]
    ) % {"weeks": asks["weeks"]}


_TOLD: dict[str, Callable[[dict, Words], str]] = {
    GateKind.LANGUAGE: _language,
    GateKind.AGE: _age,
    GateKind.PREVIOUS_STEP: _previous_step,
    GateKind.COMPETENCE: _competence,
    GateKind.CREDENTIAL: _credential,
    GateKind.DOCUMENT: _document,
    GateKind.TIME: _time,
}
