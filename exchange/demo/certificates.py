"""Certificates of the demo in every state: issued, issued with English beside, replaced, revoked, being written.
Their PDFs are made by the worker. And what others have issued to participants."""

import datetime as dt
import uuid

from django.utils import timezone

from accounts import demo
from accounts.models import User
from competence.batches.services import candidates, round_start, seen_of_ready
from competence.certifying.composing import holding_assessment
from competence.certifying.services import (
    Written,
    certificate_draft_save,
    certificate_issue,
    certificate_replace_begin,
    certificate_revoke,
    draft_of,
)
from competence.credentials.services import credential_enter
from competence.models import CertificateDraft, CertificateVersion, Credential, CredentialKind
from placements.models import Placement
from vocabulary.codes import Protection

TASKS = (
    "Arbetet har handlat om de dagliga uppgifterna på arbetsplatsen, från att förbereda dagen till att städa undan "
    "efteråt. En del har gjorts på egen hand och en del tillsammans med arbetskamrater. Mot slutet ingick också att "
    "visa nya kollegor hur arbetet går till."
)
TASKS_EN = (
    "The work was about the daily tasks of the workplace, from preparing the day to clearing up afterwards. Some of "
    "it was done independently and some of it together with colleagues. Towards the end it also included showing new "
    "colleagues how the work is done."
)
WHY_REPLACED = "Truckkortet visades först efter att intyget hade utfärdats."
WHY_REVOKED = "Intyget skrevs för fel placering."
#: Of the first job coach's assessed placements, the latest first.
PLAIN, IN_ENGLISH, REPLACED, BEGUN = range(4)
#: Of those of the colleagues in the unit: one was revoked, some are issued in a round of the manager's, and some are
#: ready to be issued in the next one. The rest wait.
REVOKED, IN_ROUND, READY = 0, range(1, 4), range(4, 6)


def demo_certificates_create() -> None:
    """Write, issue, replace and revoke certificates of placements that are assessed; nothing a second time."""
    coach = User.objects.get(email=demo.LOGINS[0].email)
    if CertificateVersion.objects.filter(issued_elsewhere=False).exists() or CertificateDraft.objects.exists():
        return
    for number, placement in enumerate(_assessed(enrolment__coach=coach)):
        if number == PLAIN:
            _credentials(placement, coach)
            _issued(placement, coach)
        elif number == IN_ENGLISH:
            _issued(placement, coach, with_english=True, tasks_en=TASKS_EN, with_language=True)
        elif number == REPLACED:
            _issued(placement, coach)
            licence = _licence(placement, coach)
            certificate_replace_begin(placement=placement, why=WHY_REPLACED, actor=coach)
            _issued(placement, coach, credentials=[licence], replaces_why=WHY_REPLACED)
        elif number == BEGUN:
            _drafted(placement, coach, tasks=TASKS.partition(". ")[0] + ".", read_on=None)
    unit = coach.memberships.order_by("pk").values_list("unit", flat=True).first()
    colleagues = _assessed(enrolment__unit=unit, enrolment__coach__isnull=False)
    others = [each for each in colleagues if each.enrolment.coach_id != coach.pk]
    for placement in others[REVOKED : REVOKED + 1]:
        actor = placement.enrolment.coach
        _issued(placement, actor)
        certificate_revoke(placement=placement, why=WHY_REVOKED, actor=actor)
    in_round, ready = ([others[number] for number in which if number < len(others)] for which in (IN_ROUND, READY))
    for placement in in_round:
        _drafted(placement, placement.enrolment.coach)
    if in_round:
        _round(in_round)
    for placement in ready:
        _drafted(placement, placement.enrolment.coach)


def _round(placements: list[Placement]) -> None:
    """The manager issues for all that are ready; the worker does it, and draws them."""
    manager = User.objects.get(email=demo.LOGINS[2].email)
    ended = [each.end for each in placements]
    terms = {"unit": placements[0].enrolment.unit, "start": min(ended), "end": max(ended)}
    seen = seen_of_ready(candidates(manager, **terms))
    round_start(actor=manager, seen=seen, **terms)


def _assessed(**whose) -> list[Placement]:
    """Ended placements without a certificate whose assessment is signed, the latest first; of nobody with protected
    personal data."""
    rows = Placement.objects.filter(
        certificate=None,
        end__lt=timezone.localdate(),
        assessments__signed_on__isnull=False,
        enrolment__participant__protection=Protection.NONE,
        **whose,
    ).distinct()
    related = ("workplace__employer", "place", "enrolment__participant", "enrolment__unit", "enrolment__coach")
    return [each for each in rows.select_related(*related).order_by("-end", "pk") if holding_assessment(each)]


def _drafted(placement: Placement, author: User, **said) -> CertificateDraft:
    draft = draft_of(placement)
    given = {
        "occupation": draft.occupation,
        "tasks": TASKS,
        "statements": draft.statements,
        "read_on": timezone.localdate(),
    }
    return certificate_draft_save(
        placement=placement, author=author, written=Written(**given | said), seen=draft.revision, window=uuid.uuid4()
    )


def _issued(placement: Placement, actor: User, **said) -> CertificateVersion:
    draft = _drafted(placement, actor, **said)
    return certificate_issue(placement=placement, actor=actor, seen=draft.revision)


def _licence(placement: Placement, coach: User) -> Credential:
    today = timezone.localdate()
    return _entered(placement, coach, CredentialKind.LICENCE, "Truckkort A+B", "Transportutbildning i Väst AB", today)


def _credentials(placement: Placement, coach: User) -> None:
    """One that holds, and one that has run out."""
    day = timezone.localdate() - dt.timedelta(days=900)
    _entered(placement, coach, CredentialKind.OCN, "Måltidsbiträde", "OCN Sverige", day, level="Nivå 2")
    until = day + dt.timedelta(days=730)
    _entered(placement, coach, CredentialKind.COURSE, "Hjärt-lungräddning", "HLR-rådet", day, valid_until=until)


def _entered(placement: Placement, coach: User, kind, title: str, issuer: str, day: dt.date, **more) -> Credential:
    facts = {"kind": kind, "title": title, "level": "", "issuer": issuer, "issued_on": day, "valid_until": None}
    facts |= {"seen_on": timezone.localdate()} | more
    return credential_enter(enrolment=placement.enrolment, facts=facts, actor=coach)
