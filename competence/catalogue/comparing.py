"""What differs between two versions of the catalogue: what was added, what was removed, which words were changed."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vocabulary.codes import LanguageSkill

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"


@dataclass(frozen=True)
class Piece:
    """Some words of a text; `differs` when the other version has others in their place."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Field:
    """One field as both versions say it."""

    label: str
    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True)
class Difference:
    """One thing that differs: a statement, an area, a level. `code` is how it is found in both."""

    kind: str
    code: str
    fields: list[Field]


@dataclass
class Group:
    """What differs in one part of the catalogue."""

    title: str
    differences: list[Difference] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            kind: sum(each.kind == kind for each in self.differences) for kind in (ADDED, REMOVED, CHANGED, MOVED)
        }


def compared(before: dict, after: dict) -> list[Group]:
    """The parts that differ between two versions (`facts.catalogue_facts`), in the order of the later one."""
    groups = [
        Group(_("Levels"), rows_compared(before["levels"]["scale"], after["levels"]["scale"], _level)),
        Group(_("Types of evidence"), rows_compared(_kinds(before), _kinds(after), _named)),
        Group(_("Modules and areas"), [*_of_groups(before, after, "modules", _module), *_areas(before, after)]),
    ]
    froms = [str(each["levels"]["evidence_required_from"]) for each in (before, after)]
    if froms[0] != froms[1]:
        groups[0].differences.append(
            Difference(CHANGED, "", [words_compared(_("Evidence is needed from level"), *froms)])
        )
    groups += _statements(before, after)
    return [each for each in groups if each.differences]


def _statements(before: dict, after: dict) -> list[Group]:
    groups = []
    for part in ("modules", "occupational_areas"):
        old = {each["code"]: each for each in before[part]}
        new = {each["code"]: each for each in after[part]}
        for code in [*new, *(code for code in old if code not in new)]:
            rows = [side.get(code, {}).get("competences", []) for side in (old, new)]
            label = (new.get(code) or old[code])["label"]
            groups.append(Group(label, rows_compared(*rows, _statement, ordered=True)))
    return groups


def _of_groups(before: dict, after: dict, part: str, told) -> list[Difference]:
    return rows_compared(before[part], after[part], told, ordered=True)


def _areas(before: dict, after: dict) -> list[Difference]:
    return _of_groups(before, after, "occupational_areas", _area)


def rows_compared(before: list[dict], after: list[dict], told, *, ordered: bool = False) -> list[Difference]:
    """What differs between two lists of rows that are found again by their `code`. `told` says a row in words, as
    (label, text), always the same fields in the same order. `ordered`: the order means something."""
    old, new = ({each["code"]: each for each in side} for side in (before, after))
    moved = _moved(list(old), list(new)) if ordered else set()
    found = []
    for code, row in new.items():
        if code not in old:
            found.append(
                Difference(ADDED, code, [words_compared(label, "", text) for label, text in told(row) if text])
            )
            continue
        pairs = zip(told(old[code]), told(row), strict=True)
        fields = [words_compared(label, was, now) for (label, was), (_label, now) in pairs if was != now]
        if fields:
            found.append(Difference(CHANGED, code, fields))
        elif code in moved:
            label, text = told(row)[0]
            found.append(Difference(MOVED, code, [words_compared(label, text, text)]))
    gone = (each for code, each in old.items() if code not in new)
    for row in gone:
        found.append(
            Difference(REMOVED, row["code"], [words_compared(label, text, "") for label, text in told(row) if text])
        )
    return found


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The codes that stand in another order among those that are in both."""
    kept = [code for code in after if code in before]
    same = SequenceMatcher(None, [code for code in before if code in after], kept, autojunk=False)
    in_place = {kept[block.b + step] for block in same.get_matching_blocks() for step in range(block.size)}
    return set(kept) - in_place


# --- A row in words: (label, text), always the same fields in the same order --------------------------------------


def _statement(row: dict) -> list[tuple[str, str]]:
    return [(_("In Swedish"), row["text"]), (_("In English"), row["text_en"])]


def _named(row: dict) -> list[tuple[str, str]]:
    return [(_("Name"), row["label"]), (_("Name in English"), row["label_en"])]


def _kinds(facts: dict) -> list[dict]:
    return facts["levels"]["evidence_types"]


def _level(row: dict) -> list[tuple[str, str]]:
    phrases = [(_("Phrase"), row["certificate_phrase"] or ""), (_("Phrase in English"), row["phrase_en"])]
    return [*_named(row), *phrases]


def _module(row: dict) -> list[tuple[str, str]]:
    return [*_named(row), (_("Question"), row["question"]), (_("Question in English"), row["question_en"])]


def _area(row: dict) -> list[tuple[str, str]]:
    occupations = "; ".join(f"{each['label']} ({each['code']})" for each in row["ssyk"])
    return [
        *_named(row),
        (_("Description"), row["description"]),
        (_("Occupations"), occupations),
        (_("Formal requirements"), "; ".join(row["formal_requirements"])),
        (_("Least Swedish"), gate_in_words(row["language_gate"])),
    ]


def gate_in_words(gate: dict) -> str:
    """The least Swedish that an area asks for, in words; empty for none."""
    if not gate:
        return ""
    skill = LanguageSkill(gate["skill"]).label
    told = pgettext("language", "%(level)s in %(skill)s") % {"level": gate["level"], "skill": str(skill).lower()}
    return f"{told} ({gate['applies_to']})" if gate.get("applies_to") else told


# --- Words --------------------------------------------------------------------------------------------------------


def words_compared(label: str, before: str, after: str) -> Field:
    """A field as both say it, with the words marked that the other has not."""
    if not before or not after:
        return Field(label, _whole(before), _whole(after))
    old, new = _words(before), _words(after)
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for what, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, words in zip(sides, (old[i:j], new[m:n]), strict=True):
            if words:
                side.append(Piece("".join(words), what != "equal"))
    return Field(label, *sides)


def _whole(text: str) -> list[Piece]:
    return [Piece(text, True)] if text else []


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)
