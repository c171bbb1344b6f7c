"""Certificates of the demo: one that is issued, whose PDF the worker makes, and one that is being written."""

import datetime as dt
import uuid

from django.utils import timezone

from accounts.models import Role, User
from competence.certifying.services import certificate_draft_save, certificate_issue, draft_of
from competence.models import (
    AssessedCompetence,
    Assessment,
    AssessmentStage,
    AssessmentState,
    CatalogueArea,
    CatalogueVersion,
    CertificateVersion,
    Competence,
    SignedBy,
)
from placements.models import Placement
from vocabulary.codes import Protection

TASKS = (
    "Arbetet har handlat om de dagliga uppgifterna på arbetsplatsen, från att förbereda dagen till att städa undan "
    "efteråt. En del har gjorts på egen hand och en del tillsammans med arbetskamrater. Mot slutet ingick också att "
    "visa nya kollegor hur arbetet går till."
)


def demo_certificates_create() -> None:
    """Issue and begin a certificate for the first job coach's latest ended placements; nothing a second time."""
    coach = User.objects.filter(memberships__role=Role.JOB_COACH).order_by("pk").first()
    if coach is None or CertificateVersion.objects.filter(issued_elsewhere=False).exists():
        return
    waiting = Placement.objects.filter(
        certificate=None,
        certificate_draft=None,
        end__lt=timezone.localdate(),
        enrolment__coach=coach,
        enrolment__participant__protection=Protection.NONE,
        workplace__occupational_area__isnull=False,
    ).select_related("workplace__employer", "enrolment__participant", "enrolment__unit")
    for number, placement in enumerate(waiting.order_by("-end", "pk")[:2]):
        placement_assess(placement, coach)
        draft = draft_of(placement)
        offered = Competence.objects.offered(version=draft.catalogue, area=draft.area)
        area = list(offered.exclude(area=None).values_list("code", flat=True))
        general = list(offered.filter(area=None).values_list("code", flat=True))
        draft = certificate_draft_save(
            placement=placement,
            author=coach,
            area=draft.area,
            occupation=draft.occupation,
            with_identity_number=False,
            with_workplace=False,
            tasks=TASKS if number == 0 else TASKS.partition(". ")[0] + ".",
            statements=[*area[:5], *general[::9]] if number == 0 else area[:3],
            seen=draft.revision,
            window=uuid.uuid4(),
        )
        if number == 0:
            certificate_issue(placement=placement, actor=coach, seen=draft.revision)


def placement_assess(placement: Placement, coach: User) -> None:
    """What the placement's assessments say: at the start some of it with a supervisor, at the end all by themselves
    or nearly so."""
    if placement.assessments.exists():
        return
    catalogue = CatalogueVersion.objects.current()
    area = CatalogueArea.objects.get(version=catalogue, area=placement.workplace.occupational_area_id)
    offered = list(Competence.objects.offered(version=catalogue, area=area))
    days = {AssessmentStage.START: placement.start + dt.timedelta(days=14), AssessmentStage.FINAL: placement.end}
    for stage, levels in ((AssessmentStage.START, (1, 2, 0)), (AssessmentStage.FINAL, (3, 3, 2, 4))):
        day = min(days[stage], placement.end)
        assessment = Assessment.objects.create(
            placement=placement, stage=stage, catalogue=catalogue, area=area, begun_by=coach,
            begun_by_name=coach.full_name,
        )  # fmt: skip
        AssessedCompetence.objects.bulk_create(
            AssessedCompetence(
                assessment=assessment,
                competence=competence,
                level=levels[number % len(levels)],
                evidence=["OBSERVED"] if levels[number % len(levels)] > 1 else [],
            )
            for number, competence in enumerate(offered)
        )
        assessment.state, assessment.completed_on, assessment.signed_on = AssessmentState.SIGNED, day, day
        assessment.signed_how, assessment.signed_by_name = SignedBy.PAPER, "Lena Holm"
        assessment.save()
