"""What a certificate is composed from: the signed assessment that holds, what of it may stand there, and what is
chosen beforehand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accounts.models import User
from competence.models import (
    AssessedCompetence,
    Assessment,
    AssessmentStage,
    CatalogueModule,
    CertificateDraft,
    CertificateVersion,
    Competence,
    Credential,
    SupportLevel,
)
from competence.models.certificate import MOST, first_sentences
from placements.models import Placement


@dataclass(frozen=True)
class Statement:
    """A competence that was assessed and tried: it may stand on the certificate, with the phrase of its level."""

    competence: Competence
    level: SupportLevel

    @property
    def code(self) -> str:
        return self.competence.code

    @property
    def text(self) -> str:
        return self.competence.text

    @property
    def is_occupational(self) -> bool:
        return self.competence.area_id is not None


@dataclass
class PhraseGroup:
    """Statements of one level, with the level's phrase."""

    level: SupportLevel
    statements: list[Statement]


@dataclass
class ModuleGroup:
    """The statements of one module, the most independent level first."""

    module: CatalogueModule
    is_occupational: bool
    phrases: list[PhraseGroup]


def holding_assessment(placement: Placement) -> Assessment | None:
    """The signed assessment that a certificate of the placement is composed from: that of the end; of a placement
    that was interrupted the latest stage that is signed. None as long as there is none."""
    return holding_assessments([placement]).get(placement.pk)


def holding_assessments(placements: Collection[Placement]) -> dict[int, Assessment]:
    """The same of many placements, by their keys."""
    rows = Assessment.objects.filter(placement__in=[each.pk for each in placements]).holding()
    held = {(each.placement_id, each.stage): each for each in rows.select_related("catalogue", "area")}
    found = {}
    for each in placements:
        stages = AssessmentStage.values if each.why_interrupted else [AssessmentStage.FINAL]
        latest = next((held[each.pk, stage] for stage in reversed(stages) if (each.pk, stage) in held), None)
        if latest:
            found[each.pk] = latest
    return found


def statements_of(assessment: Assessment) -> list[Statement]:
    """What may stand on a certificate: what was tried, at a level that has a phrase. Those of the occupation first,
    then module by module, the most independent first."""
    levels = {
        level.value: level
        for level in SupportLevel.objects.filter(version=assessment.catalogue_id).exclude(phrase="")
    }
    rows = AssessedCompetence.objects.filter(assessment=assessment, level__gte=1).select_related("competence__module")
    found = [Statement(row.competence, levels[row.level]) for row in rows if row.level in levels]
    return sorted(found, key=_as_listed)


def _as_listed(each: Statement) -> tuple:
    return (not each.is_occupational, each.competence.module.position, -each.level.value, each.competence.position)


def grouped(statements: Iterable[Statement]) -> list[ModuleGroup]:
    """By module and level, in the order in which they come."""
    modules: dict[int, ModuleGroup] = {}
    for each in statements:
        key = each.competence.module_id
        group = modules.setdefault(key, ModuleGroup(each.competence.module, each.is_occupational, []))
        if not group.phrases or group.phrases[-1].level != each.level:
            group.phrases.append(PhraseGroup(each.level, []))
        group.phrases[-1].statements.append(each)
    return list(modules.values())


def preselected(statements: Iterable[Statement]) -> list[str]:
    """The codes that are ticked to begin with: of the occupational and of the general ones the most independent, as
    many as there is room for."""
    by_level = sorted(statements, key=lambda each: (-each.level.value, *_as_listed(each)))
    occupational = [each.code for each in by_level if each.is_occupational][:MOST]
    return sorted([*occupational, *[each.code for each in by_level if not each.is_occupational][:MOST]])


def draft_begun(placement: Placement, assessment: Assessment) -> CertificateDraft:
    """A draft with what can be known beforehand, not stored yet."""
    area = assessment.area
    return CertificateDraft(
        placement=placement,
        assessment=assessment,
        catalogue=assessment.catalogue,
        area=area,
        occupation=area.occupations[0]["code"] if area and area.occupations else "",
        tasks=first_sentences(placement.place.tasks) if placement.place_id else "",
        statements=preselected(statements_of(assessment)),
        revision=0,
    )


def recomposed(draft: CertificateDraft, assessment: Assessment) -> CertificateDraft:
    """The draft composed from this assessment, not stored. What was chosen stays as far as it can; what was assessed
    first now is ticked as in a new draft."""
    if draft.assessment_id == assessment.pk:
        return draft
    offered = statements_of(assessment)
    before = {each.code for each in statements_of(draft.assessment)} if draft.assessment else set()
    chosen, codes = set(draft.statements), {each.code for each in offered}
    kept = [each for each in offered if each.code in chosen]
    added = [code for code in preselected(offered) if code in codes - before]
    draft.statements = _within_limits(kept, [each for each in offered if each.code in added])
    draft.assessment, draft.catalogue, draft.area = assessment, assessment.catalogue, assessment.area
    if draft.chosen_occupation is None:
        draft.occupation = draft.area.occupations[0]["code"] if draft.area and draft.area.occupations else ""
    return draft


def _within_limits(kept: list[Statement], added: list[Statement]) -> list[str]:
    """What was chosen, and of what is new as much as there is room for."""
    codes = []
    for occupational in (True, False):
        of_kind = [each.code for each in (*kept, *added) if each.is_occupational == occupational]
        room = max(MOST, sum(each.is_occupational == occupational for each in kept))
        codes += of_kind[:room]
    return sorted(codes)


def credentials_offered(placement: Placement, user: User) -> list[Credential]:
    """The participant's external credentials that the user may see, wherever they were entered."""
    person = placement.enrolment.participant_id
    return list(Credential.objects.visible_to(user).filter(enrolment__participant=person).kept())


def refilled(
    draft: CertificateDraft, version: CertificateVersion, credentials: Iterable[Credential]
) -> list[Credential]:
    """Fill the draft with what the issued version says, and give those of the external credentials that it told of.
    The participant reads it anew."""
    content = version.content
    draft.tasks, draft.tasks_en = content["tasks"], content.get("tasks_en", "")
    draft.with_identity_number = bool(content["identity_number"])
    draft.with_workplace = bool(content["workplace"]) and draft.placement.enrolment.participant.is_protected
    draft.with_language = bool(content.get("language"))
    draft.with_english = "en" in content.get("languages", ())
    draft.statements = sorted(each["code"] for module in content["modules"] for each in module["statements"])
    occupation = content["occupation"]
    draft.occupation = occupation["ssyk"] if occupation else ""
    draft.read_on, draft.read_mark = None, ""
    told = {(each["title"], each["issuer"], each["issued"]) for each in content.get("credentials", ())}
    return [each for each in credentials if (each.title, each.issuer, each.issued_on.isoformat()) in told]
