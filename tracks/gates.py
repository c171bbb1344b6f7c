"""The gates of a track's steps: small rules, each with the sentence that says what is missing.

A rule is asked of what is known of somebody (`Known`), which is read once for as many people as are asked about, so
that a page of a hundred costs as many questions as that of one. Nobody passes a gate otherwise than by meeting it or
by an exception with a reason (`tracks.models.GateException`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competence.language import HeldLevel, language_levels_of_each, reaches
from competence.models import AssessedCompetence, Assessment, Credential, CredentialKind
from participants.models import Enrolment
from tracks.models import Gate, GateKind, Member, Passage, ShownDocument, Step, StepResult
from tracks.words import Words, words_of
from vocabulary.codes import LanguageLevel, LanguageSkill


@dataclass(frozen=True)
class Known:
    """What gates ask about one participant, as it is known in their case on a day."""

    age: int
    levels: dict[str, HeldLevel] = field(default_factory=dict)
    # By code of the competence the level of support of the signed assessments, the highest.
    competences: dict[str, int] = field(default_factory=dict)
    credentials: tuple[Credential, ...] = ()
    documents: frozenset[str] = frozenset()
    # By the key of the step: how it went, and for how many days. A step that goes on has no result.
    results: dict[str, str] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Lack:
    """A gate that is not met, and the sentence that says what is missing."""

    gate: Gate
    sentence: str


def lacks(step: Step, known: Known, *, before: Step | None = None, words: Words | None = None) -> list[Lack]:
    """What is missing before somebody can come to the step, gate by gate; none if nothing is. `before` is the step
    that they are on. Who asks of many gives the `words` of the steps, otherwise each sentence that needs them reads
    them."""
    found = ((gate, _RULES[gate.kind](gate.asks, known, step, before, words)) for gate in step.gates.all())
    return [Lack(gate, sentence) for gate, sentence in found if sentence]


# --- The rules ----------------------------------------------------------------------------------------------------


def _language(asks: dict, known: Known, _step: Step, _before: Step | None, _words: Words | None) -> str:
    """The least level of one skill (CEFR), as it was last judged."""
    held = known.levels.get(asks["skill"])
    if held and reaches(held.level, asks["level"]):
        return ""
    words = {"skill": LanguageSkill(asks["skill"]).label, "level": asks["level"]}
    if held is None:
        return _("%(level)s in “%(skill)s” is required. The level is not assessed.") % words
    words["has"] = LanguageLevel(held.level).label
    return _("%(level)s in “%(skill)s” is required. It was last assessed as %(has)s.") % words


def _age(asks: dict, known: Known, _step: Step, _before: Step | None, _words: Words | None) -> str:
    """Full years on the day: at least, at most."""
    least, most = asks.get("least"), asks.get("most")
    words = {"least": least, "most": most, "age": known.age}
    if least is not None and known.age < least:
        return _("The track is for those who are at least %(least)s. The participant is %(age)s.") % words
    if most is not None and known.age > most:
        return _("The track is for those who are at most %(most)s. The participant is %(age)s.") % words
    return ""


def _previous_step(asks: dict, known: Known, step: Step, _before: Step | None, _words: Words | None) -> str:
    """An earlier step, with one of these results."""
    result = known.results.get(asks["step"])
    if result in asks["results"]:
        return ""
    title = next((each.title for each in step.version.steps.all() if each.key == asks["step"]), asks["step"])
    if result:
        words = {"step": title, "result": StepResult(result).label}
        return _("“%(step)s” must have gone well. It says: %(result)s.") % words
    return _("“%(step)s” comes first.") % {"step": title}


def _competence(asks: dict, known: Known, step: Step, _before: Step | None, words: Words | None) -> str:
    """The least level of one competence, in a signed assessment."""
    level = known.competences.get(asks["code"], 0)
    if level >= asks["level"]:
        return ""
    words = words or words_of([step])
    told = {"competence": words.competence(asks["code"]), "level": words.level(asks["level"])}
    if not level:
        return _("“%(competence)s” is required: %(level)s. No signed assessment says it.") % told
    told["has"] = words.level(level)
    return _("“%(competence)s” is required: %(level)s. It was assessed as: %(has)s.") % told


def _credential(asks: dict, known: Known, _step: Step, _before: Step | None, _words: Words | None) -> str:
    """A paper of somebody else's, of a kind, whose title has one of the words; still valid."""
    words = [each.strip().casefold() for each in asks.get("words", "").split(" eller ") if each.strip()]
    for each in known.credentials:
        title = each.title.casefold()
        if each.kind == asks["kind"] and (not words or any(word in title for word in words)):
            return ""
    kind = CredentialKind(asks["kind"]).label
    if words:
        return _("%(kind)s is required: %(words)s. None is entered.") % {"kind": kind, "words": asks["words"]}
    return _("%(kind)s is required. None is entered.") % {"kind": kind}


def _document(asks: dict, known: Known, _step: Step, _before: Step | None, _words: Words | None) -> str:
    """A document that must have been shown."""
    if asks["words"].casefold() in known.documents:
        return ""
    return _("“%(document)s” must have been shown.") % {"document": asks["words"]}


def _time(asks: dict, known: Known, _step: Step, before: Step | None, _words: Words | None) -> str:
    """So many weeks on the step before."""
    days = known.days.get(before.key, 0) if before else 0
    left = asks["weeks"] * 7 - days
    if left <= 0:
        return ""
    weeks = -(-left // 7)
    return ngettext(
        "%(required)s weeks on the step before are required. %(weeks)s week is left.",
        "%(required)s weeks on the step before are required. %(weeks)s weeks are left.",
        weeks,
    ) % {"required": asks["weeks"], "weeks": weeks}


_RULES: dict[str, Callable[[dict, Known, Step, Step | None, Words | None], str]] = {
    GateKind.LANGUAGE: _language,
    GateKind.AGE: _age,
    GateKind.PREVIOUS_STEP: _previous_step,
    GateKind.COMPETENCE: _competence,
    GateKind.CREDENTIAL: _credential,
    GateKind.DOCUMENT: _document,
    GateKind.TIME: _time,
}


# --- What is known ------------------------------------------------------------------------------------------------


def known_of(enrolments: Iterable[Enrolment], day: dt.date, *, members: Iterable[Member] = ()) -> dict[int, Known]:
    """What is known of each case (with its participant), by its key. `members` are their places on the track that is
    asked about; without one nothing is known of its steps. Six questions, however many there are."""
    cases = list(enrolments)
    keys = [case.pk for case in cases]
    levels = language_levels_of_each(cases, day)
    competences: dict[int, dict[str, int]] = defaultdict(dict)
    signed = Assessment.objects.holding().filter(placement__enrolment__in=keys)
    rows = AssessedCompetence.objects.filter(assessment__in=signed)
    for case, code, level in rows.values_list(
        "assessment__placement__enrolment", "competence__code", "level"
    ).order_by():
        competences[case][code] = max(level, competences[case].get(code, 0))
    credentials: dict[int, list[Credential]] = defaultdict(list)
    for row in Credential.objects.kept().filter(enrolment__in=keys):
        if row.valid_until is None or row.valid_until >= day:
            credentials[row.enrolment_id].append(row)
    documents: dict[int, set[str]] = defaultdict(set)
    shown = ShownDocument.objects.filter(enrolment__in=keys, withdrawn_on=None, shown_on__lte=day)
    for case, words in shown.values_list("enrolment", "words").order_by():
        documents[case].add(words.casefold())
    results: dict[int, dict[str, str]] = defaultdict(dict)
    days: dict[int, dict[str, int]] = defaultdict(dict)
    of_member = {member.pk: member.enrolment_id for member in members}
    for row in Passage.objects.filter(member__in=list(of_member)).select_related("step").order_by("start", "pk"):
        case = of_member[row.member_id]
        if row.result:
            results[case][row.step.key] = row.result
        spent = ((row.end or day) - row.start).days + 1
        days[case][row.step.key] = days[case].get(row.step.key, 0) + max(spent, 0)
    return {
        case.pk: Known(
            age=case.participant.age_on(day),
            levels=levels.get(case.pk, {}),
            competences=competences[case.pk],
            credentials=tuple(credentials[case.pk]),
            documents=frozenset(documents[case.pk]),
            results=results[case.pk],
            days=days[case.pk],
        )
        for case in cases
    }
