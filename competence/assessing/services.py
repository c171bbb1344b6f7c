"""Writing an assessment, completing and signing it, reviewing and correcting it.

Whoever changes an assessment holds it; before it the case, when something is noted there.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from competence.assessing.said import NOTHING, Said, Shortcoming, offered, shortcomings
from competence.models import (
    AssessedCompetence,
    Assessment,
    AssessmentStage,
    AssessmentState,
    CatalogueArea,
    CatalogueVersion,
    Competence,
    EvidenceType,
    LanguageGrade,
    SignedBy,
    SupportLevel,
)
from participants.models import Enrolment
from participants.services.activity import enrolment_note_activity
from placements.changing import Overtaken
from placements.models import Placement, Supervisor


class CannotBegin(Exception):
    """Why no assessment can be written, in a sentence for the user."""


class AssessmentSigned(Exception):
    """The stage has an assessment that is signed: another one is a correction of it (`assessment_correct`)."""

    def __init__(self, assessment: Assessment):
        super().__init__()
        self.assessment = assessment


class OtherState(Exception):
    """The assessment is not in a state in which this can be done; `assessment` as it is now, None: thrown away."""

    def __init__(self, assessment: Assessment | None):
        super().__init__()
        self.assessment = assessment


class NotComplete(Exception):
    """What is missing before it can be completed: `missing`."""

    def __init__(self, missing: list[Shortcoming]):
        super().__init__(" ".join(each.sentence for each in missing))
        self.missing = missing


class CannotSign(Exception):
    """Why the signature cannot be recorded, in a sentence for the user."""


# --- Beginning ----------------------------------------------------------------------------------------------------


def area_of(placement: Placement, catalogue: CatalogueVersion) -> CatalogueArea | None:
    """The occupational area of the placement's place, else of its workplace, as the catalogue has it."""
    placed = placement.place.occupational_area_id if placement.place_id else None
    code = placed or placement.workplace.occupational_area_id
    return CatalogueArea.objects.filter(version=catalogue, area=code).first() if code else None


@transaction.atomic
def assessment_begin(
    *, placement: Placement, stage: str, actor: User | None, supervisor: Supervisor | None = None
) -> Assessment:
    """Begin the assessment of a stage, with the catalogue in use and the area of the placement; the one that is at
    work, if there is one. `supervisor`: who begins it by the link; then there is no `actor`.

    Raises CannotBegin before the placement has begun, and AssessmentSigned when the stage is signed.
    """
    if stage not in AssessmentStage.values:
        raise ValueError(stage)
    if placement.cancelled_on or placement.is_to_come:
        raise CannotBegin(_("The placement has not begun. It is assessed when it has."))
    if there := _at_work(placement, stage):
        return there
    catalogue = CatalogueVersion.objects.current()
    try:
        with transaction.atomic():
            return Assessment.objects.create(
                placement=placement,
                stage=stage,
                catalogue=catalogue,
                area=area_of(placement, catalogue),
                begun_by=actor,
                begun_by_name=supervisor.name if supervisor else actor.full_name,
            )
    except IntegrityError:  # somebody was quicker. The placement is not held: who sends a link may not wait for it
        return _at_work(placement, stage)


def _at_work(placement: Placement, stage: str) -> Assessment | None:
    """The assessment of the stage that is at work, if there is one. Raises AssessmentSigned."""
    latest = Assessment.objects.filter(placement=placement, stage=stage).order_by("-version").first()
    if latest and latest.is_locked:
        raise AssessmentSigned(latest)
    return latest


@transaction.atomic
def assessment_correct(*, assessment: Assessment, why: str, actor: User) -> Assessment:
    """Begin a new version of a signed assessment, with everything that it says, and the reason; the correction that
    is at work, if there is one. Raises OtherState when the assessment is not signed, or a later version is."""
    # Two who correct at once begin one correction.
    Placement.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.placement_id)
    current = Assessment.objects.get(pk=assessment.pk)
    latest = Assessment.objects.filter(placement=current.placement_id, stage=current.stage).order_by("-version")[0]
    if latest.version == current.version + 1 and not latest.is_locked:
        return latest
    if not current.is_locked or latest.pk != current.pk:
        raise OtherState(latest)
    new = Assessment.objects.create(
        placement_id=current.placement_id,
        stage=current.stage,
        version=current.version + 1,
        corrects_why=why,
        catalogue_id=current.catalogue_id,
        area_id=current.area_id,
        begun_by=actor,
        begun_by_name=actor.full_name,
    )
    AssessedCompetence.objects.bulk_create(
        AssessedCompetence(
            assessment=new, competence_id=row.competence_id, level=row.level, evidence=row.evidence, note=row.note
        )
        for row in current.competences.all()
    )
    return new


@transaction.atomic
def assessment_discard(*, assessment: Assessment) -> None:
    """Throw a draft away. What was graded of the language in it stays, without it. Twice is once; raises OtherState
    when it is no draft any more."""
    current = Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment.pk).first()
    if current is None:
        return
    if current.state != AssessmentState.DRAFT:
        raise OtherState(current)
    LanguageGrade.objects.filter(assessment=current).update(assessment=None)
    current.delete()


# --- Writing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saved:
    """What became of a saving: the assessment as it is now, everything that it says by the competences' codes, and
    what was left as somebody else has saved it meanwhile (`kept`)."""

    assessment: Assessment
    said: dict[str, Said]
    kept: dict[str, Said] = field(default_factory=dict)


@transaction.atomic
def assessment_save(
    *,
    assessment: Assessment,
    said: Mapping[str, Said],
    was: Mapping[str, str] | None = None,
    actor: User | None = None,
    by_name: str = "",
    window: uuid.UUID | None = None,
) -> Saved:
    """Keep what is said of some competences, by their codes, complete or not.

    `was` holds the marks (`Said.mark`) of what the page showed: what it does not change is left alone, and what
    somebody else has changed meanwhile to something else is not overwritten but given back (`Saved.kept`). A page
    (`window`) is not in the way of what it has saved itself. Without `was` everything is written. Raises OtherState
    when it is no draft, and ValueError for what the catalogue does not have.
    """
    current = _held_draft(assessment)
    by_code = {each.code: each for each in offered(current)}
    _check_known(current, said, by_code)
    rows = {row.competence_id: row for row in current.competences.all()}
    stored = {code: Said.of(rows.get(each.pk)) for code, each in by_code.items()}
    mine = {code for code, each in by_code.items() if window and each.pk in rows and rows[each.pk].window == window}
    kept, changed = {}, {}
    for code, new in said.items():
        if new == stored[code] or (was is not None and new.mark == was.get(code, "")):
            continue
        if was is not None and code not in mine and stored[code].mark != was.get(code, ""):
            kept[code] = stored[code]
        else:
            changed[code] = new
    for code, new in changed.items():
        _write_row(current, by_code[code], new, window)
    if changed:
        _note_edit(current, by_name or (actor.full_name if actor else ""))
    return Saved(current, {code: each for code, each in (stored | changed).items() if each != NOTHING}, kept)


def competence_save(*, assessment: Assessment, code: str, said: Said, was: str | None = None, **by) -> Saved:
    """Keep what is said of one competence. See `assessment_save`."""
    return assessment_save(assessment=assessment, said={code: said}, was=None if was is None else {code: was}, **by)


@transaction.atomic
def area_choose(
    *, assessment: Assessment, area: CatalogueArea, actor: User | None = None, by_name: str = ""
) -> Assessment:
    """Say in which occupational area the work is. What was said of another area's competences waits until that is
    chosen again. Raises OtherState."""
    current = _held_draft(assessment)
    if area.version_id != current.catalogue_id:
        raise ValueError(area)
    if current.area_id != area.pk:
        current.area = area
        _note_edit(current, by_name or (actor.full_name if actor else ""), "area")
    return current


def _check_known(assessment: Assessment, said: Mapping[str, Said], by_code: Mapping[str, Competence]) -> None:
    levels = set(SupportLevel.objects.filter(version=assessment.catalogue_id).values_list("value", flat=True))
    types = set(EvidenceType.objects.filter(version=assessment.catalogue_id).values_list("code", flat=True))
    for code, each in said.items():
        if code not in by_code or each.level not in levels | {None} or not types.issuperset(each.evidence):
            raise ValueError(code)


def _write_row(assessment: Assessment, competence: Competence, said: Said, window: uuid.UUID | None) -> None:
    row = {"assessment": assessment, "competence": competence}
    if said.level is None:
        AssessedCompetence.objects.filter(**row).delete()
        return
    written = {"level": said.level, "evidence": sorted(said.evidence), "note": said.note, "window": window}
    AssessedCompetence.objects.update_or_create(**row, defaults=written)


def _note_edit(assessment: Assessment, name: str, *more: str) -> None:
    assessment.revision += 1
    assessment.edited_at, assessment.edited_by_name = timezone.now(), name
    assessment.save(update_fields=["revision", "edited_at", "edited_by_name", *more])


# --- From draft to reviewed ---------------------------------------------------------------------------------------


@transaction.atomic
def assessment_complete(
    *, assessment: Assessment, actor: User, seen: int | None = None, day: dt.date | None = None
) -> Assessment:
    """Say that it is whole and can be signed, on `day` (today without it). `seen` is the revision that was read.
    Twice is once.

    Raises NotComplete with what is missing, Overtaken when it says something else by now, OtherState when it is
    signed already or thrown away.
    """
    current = held(assessment)
    if current.state == AssessmentState.COMPLETED:
        return current
    day = day or timezone.localdate()
    _complete(current, actor.full_name, seen, day)
    enrolment_note_activity(enrolment=current.placement.enrolment, day=day)
    return current


@transaction.atomic
def assessment_reopen(*, assessment: Assessment) -> Assessment:
    """Take a completed assessment back to draft, as long as nobody has signed. Twice is once. Raises OtherState."""
    current = _held_row(assessment)
    if current.state == AssessmentState.DRAFT:
        return current
    _become(current, AssessmentState.DRAFT)
    current.completed_on, current.completed_by_name = None, ""
    current.save(update_fields=["state", "completed_on", "completed_by_name"])
    return current


@transaction.atomic
def assessment_sign(
    *,
    assessment: Assessment,
    how: str,
    name: str,
    day: dt.date | None = None,
    supervisor: Supervisor | None = None,
    seen: int | None = None,
) -> Assessment:
    """Record that the supervisor has signed, on `day` (today without it): from now on it never changes. A draft that
    lacks nothing is completed in the same act. The same signature twice is once.

    Raises CannotSign for a day to come or before the placement began, NotComplete, Overtaken and OtherState.
    """
    today = timezone.localdate()
    day = day or today
    current = held(assessment)
    if current.is_locked and (current.signed_how, current.signed_by_name) == (how, name):
        return current
    if day > today:
        raise CannotSign(_("The day has not come yet."))
    if day < current.placement.start:
        raise CannotSign(_("The placement had not begun on that day."))
    if current.state == AssessmentState.DRAFT:
        _complete(current, name, seen, today)
    elif seen is not None and current.revision != seen:
        raise Overtaken(current)
    _become(current, AssessmentState.SIGNED)
    current.signed_on, current.signed_how, current.signed_by_name = day, SignedBy(how), name
    current.supervisor = supervisor
    current.save(update_fields=["state", "signed_on", "signed_how", "signed_by_name", "supervisor"])
    enrolment_note_activity(enrolment=current.placement.enrolment, day=day)
    return current


@transaction.atomic
def assessment_review(*, assessment: Assessment, actor: User, day: dt.date | None = None) -> Assessment:
    """Say that a member of staff has gone through the signed assessment, on `day` (today without it). Twice is once,
    and the first stays. Raises OtherState."""
    current = _held_row(assessment)
    if current.state == AssessmentState.REVIEWED:
        return current
    _become(current, AssessmentState.REVIEWED)
    current.reviewed_on, current.reviewed_by = day or timezone.localdate(), actor
    current.reviewed_by_name = actor.full_name
    current.save(update_fields=["state", "reviewed_on", "reviewed_by", "reviewed_by_name"])
    return current


def _complete(current: Assessment, name: str, seen: int | None, day: dt.date) -> None:
    if not current.may_become(AssessmentState.COMPLETED):
        raise OtherState(current)
    if seen is not None and current.revision != seen:
        raise Overtaken(current)
    if missing := shortcomings(current):
        raise NotComplete(missing)
    # What was said while another area was chosen is not part of it.
    current.competences.exclude(competence__in=[each.pk for each in offered(current)]).delete()
    current.state, current.completed_on, current.completed_by_name = AssessmentState.COMPLETED, day, name
    current.save(update_fields=["state", "completed_on", "completed_by_name"])


def _become(assessment: Assessment, state: AssessmentState) -> None:
    if not assessment.may_become(state):
        raise OtherState(assessment)
    assessment.state = state


# --- Holding what is changed --------------------------------------------------------------------------------------


def held(assessment: Assessment) -> Assessment:
    """The assessment as it is now, held after its case. Raises OtherState when it was thrown away."""
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(placements=assessment.placement_id)
    return _held_row(assessment)


def _held_draft(assessment: Assessment) -> Assessment:
    current = _held_row(assessment)
    if current.state != AssessmentState.DRAFT:
        raise OtherState(current)
    return current


def _held_row(assessment: Assessment) -> Assessment:
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("placement__enrolment")
    current = rows.filter(pk=assessment.pk).first()
    if current is None:
        raise OtherState(None)
    return current
