"""What is said of one competence: the level, what shows it, a few words; and what is missing before it is whole."""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from competence.assessing.words import statement
from competence.models import AssessedCompetence, Assessment, Competence, SupportLevel


@dataclass(frozen=True)
class Said:
    """What is said of one competence. Without level nothing is said: nobody has thought of it yet."""

    level: int | None = None
    evidence: tuple[str, ...] = ()
    note: str = ""

    @classmethod
    def of(cls, row: AssessedCompetence | None) -> "Said":
        return cls(row.level, tuple(sorted(row.evidence)), row.note) if row else NOTHING

    @property
    def mark(self) -> str:
        """A few letters by which a form knows again what it showed; empty for nothing."""
        if self.level is None:
            return ""
        text = "\0".join([str(self.level), *sorted(self.evidence), self.note])
        return hashlib.sha256(text.encode()).hexdigest()[:8]


NOTHING = Said()


@dataclass(frozen=True)
class Shortcoming:
    """What keeps an assessment from being completed: a sentence, and the code of the competence that it is about
    (empty: the whole)."""

    sentence: str
    code: str = ""


def offered(assessment: Assessment) -> list[Competence]:
    """What can be assessed: the competences of use everywhere and those of the area, module by module."""
    rows = Competence.objects.offered(version=assessment.catalogue_id, area=assessment.area_id)
    return sorted(rows, key=lambda each: (each.module.position, each.position))


def shortcomings(assessment: Assessment) -> list[Shortcoming]:
    """What is missing before the assessment can be completed: the area, anything that was tried, evidence from the
    level that needs it. "Not tried" is no shortcoming, nor is a competence that nobody has thought of."""
    found = []
    if assessment.area_id is None:
        found.append(Shortcoming(_("Choose the occupational area.")))
    rows = {row.competence_id: row for row in assessment.competences.all()}
    needing = set(
        SupportLevel.objects.filter(version=assessment.catalogue_id, needs_evidence=True).values_list(
            "value", flat=True
        )
    )
    competences = [each for each in offered(assessment) if each.pk in rows]
    if not any(rows[each.pk].level for each in competences):
        found.append(Shortcoming(_("Assess at least one competence that has been tried.")))
    found += [
        Shortcoming(_("Say what shows it: %(text)s") % {"text": statement(each)[0]}, each.code)
        for each in competences
        if rows[each.pk].level in needing and not rows[each.pk].evidence
    ]
    return found
