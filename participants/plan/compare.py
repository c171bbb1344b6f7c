"""Two versions of a plan beside each other, word by word: what was taken away, and what came."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from participants.journal.history import changes
from participants.plan.content import ActivityWords, Content, MilestoneWords, period_words

SAME, GONE, NEW, CHANGED = "same", "gone", "new", "changed"


@dataclass(frozen=True)
class Line:
    """One thing that a plan says, in pieces: `same`, `gone` and `new`, word by word."""

    label: str
    pieces: list[tuple[str, str]]

    @property
    def is_changed(self) -> bool:
        return any(act != SAME for act, _text in self.pieces)


@dataclass(frozen=True)
class Section:
    """What belongs together: the goal, a milestone, an activity. `state` says what became of it between the two."""

    title: str
    lines: list[Line]
    state: str = ""

    @property
    def is_changed(self) -> bool:
        return self.state in (GONE, NEW) or any(line.is_changed for line in self.lines)


def compared(old: Content, new: Content) -> list[Section]:
    """Everything that one of the versions says, in the order of the page."""
    sections = [Section(_("The goal"), _lines(_goal(old), _goal(new)))]
    sections += _rows(old.milestones_by_day, new.milestones_by_day, _milestone, lambda each: _("Milestone"))
    sections += _rows(old.activities, new.activities, _activity, lambda each: str(each.form))
    sections.append(Section(_("The participant"), _lines(_said(old), _said(new))))
    return sections


def _rows(old: list, new: list, said, title) -> Iterator[Section]:
    before, after = ({each.key: each for each in rows} for rows in (old, new))
    for each in new:
        was = before.get(each.key)
        yield Section(title(each), _lines(said(was) if was else {}, said(each)), "" if was else NEW)
    for each in old:
        if each.key not in after:
            yield Section(title(each), _lines(said(each), {}), GONE)


def _lines(old: dict[str, str], new: dict[str, str]) -> list[Line]:
    lines = []
    for label in dict.fromkeys([*new, *old]):
        before, after = old.get(label, ""), new.get(label, "")
        if before or after:
            lines.append(Line(label, list(changes(before, after))))
    return lines


def _goal(content: Content) -> dict[str, str]:
    return {
        _("Goal"): content.goal,
        _("To be reached by"): _day(content.goal_on),
        _("To be gone through by"): _day(content.review_on),
    }


def _milestone(words: MilestoneWords) -> dict[str, str]:
    return {
        pgettext("of a milestone", "What"): words.text,
        _("By"): _day(words.due),
        _("Who sees to it"): str(words.who),
    }


def _activity(words: ActivityWords) -> dict[str, str]:
    return {
        _("Purpose"): words.purpose,
        _("Expected outcome"): words.expected_outcome,
        _("Whose need"): str(words.need_words),
        pgettext("of an activity", "When"): period_words(words.start, words.end),
    }


def _said(content: Content) -> dict[str, str]:
    answer = str(content.agreement_words) if content.is_asked else ""
    if answer and content.agreement_on:
        answer = f"{answer}, {str(content.way_words).lower()} {content.agreement_on:%Y-%m-%d}"
    return {
        _("What the participant thinks"): content.view,
        _("The answer"): answer,
        _("The participant's comment"): content.agreement_comment,
        _("Why it was decided all the same"): content.decided_without,
    }


def _day(day) -> str:
    return date_format(day) if day else ""
