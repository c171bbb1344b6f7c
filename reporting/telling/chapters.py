"""A report as its sections are read: what is written under each, its tables and charts. The same for a draft, for
what is frozen and for what is published."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.figures.definition import Section
from reporting.frozen import SUMMARY, Frozen
from reporting.telling.presentation import PageBlock, Presentation


@dataclass(frozen=True)
class Chapter:
    """One section: its words, its comment, its tables. The summary's tables are the key figures of the report."""

    key: str
    title: str
    comment: str
    blocks: Sequence[PageBlock] = ()


def summary_of(frozen: Frozen) -> Chapter:
    """What is written before the sections."""
    return Chapter(SUMMARY, _("Summary"), frozen.comment(SUMMARY))


def chapters(frozen: Frozen, shown: Presentation) -> list[Chapter]:
    """The sections of the report in its order. `shown` is what is told of `frozen`."""
    told_sections = {section.key: section for section in shown.sections}
    found = []
    for key in frozen.sections:
        section = told_sections.get(key)
        # A section of which nothing is published has no words of its own in what is stored.
        title = section.title if section else str(dict(Section.choices).get(key, key))
        found.append(Chapter(key, title, frozen.comment(key), section.blocks if section else ()))
    return found
