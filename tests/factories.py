"""Rows for the tests: each factory makes one valid row and what it cannot be without."""

import datetime as dt
import functools
import hashlib

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import LegalBasis, Membership, Role, Unit, UnitTerm, User
from competence.models import Certificate, CertificateVersion
from participants.models import (
    Attachment,
    AttachmentContent,
    Enrolment,
    JournalEntry,
    Participant,
    PlanState,
    PlanVersion,
    UnitAssignment,
)
from participants.models.journal import EntryKind
from participants.models.plan import Agreement, AgreementWay
from placements.models import Employer, FollowUp, GradeTerm, Placement, Supervisor, Workplace
from vocabulary.codes import EmployerKind, FollowUpKind, PlacementForm, TargetGroup

#: The password of every user the factories make.
PASSWORD = "ett-lagom-langt-losenord"


@functools.cache
def _hashed(password: str) -> str:
    """Hashing is slow on purpose: once is enough for a whole run."""
    return make_password(password)


def days_ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


class UnitFactory(factory.django.DjangoModelFactory):
    """A unit with one name since ever: `UnitFactory(name="Jobbcenter Centrum")`."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"U{n}")

    @factory.post_generation
    def name(self, create, extracted, **kwargs):
        self.terms.create(
            name=extracted or f"Jobbcenter {self.code}",
            legal_basis=kwargs.get("legal_basis", LegalBasis.SOCIAL_SERVICES),
            valid_from=UnitTerm.SINCE_EVER,
        )


class UserFactory(factory.django.DjangoModelFactory):
    """A user who can sign in with PASSWORD; `UserFactory(role=Role.JOB_COACH, unit=unit)`, unit None: everywhere."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    given_name = "Test"
    family_name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.LazyFunction(lambda: _hashed(PASSWORD))

    @classmethod
    def _create(cls, model_class, *args, role=None, unit=None, **kwargs):
        user = super()._create(model_class, *args, **kwargs)
        if role:
            Membership.objects.create(user=user, role=role, unit=unit)
        return user


class ParticipantFactory(factory.django.DjangoModelFactory):
    """A person with a made-up number of the coordination kind (day + 60), which nobody alive can have."""

    class Meta:
        model = Participant

    given_name = "Anna"
    family_name = factory.Sequence(lambda n: f"Andersson{n}")
    birth_date = dt.date(1990, 5, 17)
    birth_year = factory.LazyAttribute(lambda person: person.birth_date.year if person.birth_date else 1990)
    # Never 199005772380, the coordination number that tests give somebody: a long run comes that far.
    identity_number = factory.Sequence(lambda n: f"19900577{n + (n >= 2380):04d}")


def assignment_of(enrolment: Enrolment) -> UnitAssignment:
    """The unit assignment, not stored yet, of an enrolment that has never changed its unit."""
    return UnitAssignment(
        enrolment=enrolment, unit=enrolment.unit, legal_basis=LegalBasis.SOCIAL_SERVICES, start=enrolment.start
    )


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """An open enrolment with its unit assignment: `EnrolmentFactory(unit=unit, coach=coach)`."""

    class Meta:
        model = Enrolment
        skip_postgeneration_save = True

    participant = factory.SubFactory(ParticipantFactory)
    unit = factory.SubFactory(UnitFactory)
    start = factory.LazyFunction(lambda: days_ago(60))
    target_group = TargetGroup.INCOME_SUPPORT
    case_number = factory.Sequence(lambda n: f"AME-2026-{n:04d}")

    @factory.post_generation
    def assignment(self, create, extracted, **kwargs):
        if create:
            assignment_of(self).save()


class PlanFactory(factory.django.DjangoModelFactory):
    """A plan that holds, and says no more than a goal: `PlanFactory(enrolment=enrolment)`."""

    class Meta:
        model = PlanVersion

    enrolment = factory.SubFactory(EnrolmentFactory)
    number = 1
    state = PlanState.DECIDED
    goal = "Arbete i kök"
    goal_on = factory.LazyFunction(lambda: days_ago(-180))
    agreement = Agreement.AGREES
    agreement_way = AgreementWay.MEETING
    agreement_on = factory.LazyFunction(lambda: days_ago(20))
    decided_on = factory.LazyFunction(lambda: days_ago(20))
    decided_by_name = "Alma Alm"
    review_on = factory.LazyFunction(lambda: days_ago(-120))


class JournalEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = JournalEntry

    enrolment = factory.SubFactory(EnrolmentFactory)
    author = factory.SubFactory(UserFactory)
    author_name = factory.LazyAttribute(lambda entry: entry.author.full_name)
    kind = EntryKind.CONVERSATION
    occurred_on = factory.LazyFunction(lambda: days_ago(3))
    text = "Vi pratade om praktiken."


class AttachmentFactory(factory.django.DjangoModelFactory):
    """A small PDF attached to an entry by its author, with its bytes; `AttachmentFactory(withdrawn=True)`."""

    class Meta:
        model = Attachment
        skip_postgeneration_save = True

    class Params:
        withdrawn = factory.Trait(
            withdrawn_at=factory.LazyFunction(timezone.now),
            withdrawn_by=factory.SelfAttribute("uploaded_by"),
            withdrawn_by_name=factory.SelfAttribute("uploaded_by_name"),
            withdrawn_why="Fel fil.",
        )

    entry = factory.SubFactory(JournalEntryFactory)
    content = factory.Sequence(lambda n: b"%%PDF-1.7\n%% %d\n%%%%EOF\n" % n)
    name = factory.Sequence(lambda n: f"intyg-{n}.pdf")
    media_type = "application/pdf"
    size = factory.LazyAttribute(lambda attachment: len(attachment.content))
    sha256 = factory.LazyAttribute(lambda attachment: hashlib.sha256(attachment.content).hexdigest())
    uploaded_by = factory.SelfAttribute("entry.author")
    uploaded_by_name = factory.LazyAttribute(lambda attachment: attachment.uploaded_by.full_name)

    @classmethod
    def _create(cls, model_class, *args, content, **fields):
        attachment = super()._create(model_class, *args, **fields)
        AttachmentContent.objects.create(attachment=attachment, content=content)
        return attachment


class EmployerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employer

    code = factory.Sequence(lambda n: f"E{n}")
    name = factory.Sequence(lambda n: f"Förvaltning {n}")
    kind = EmployerKind.DEPARTMENT


class WorkplaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Workplace

    employer = factory.SubFactory(EmployerFactory)
    name = factory.Sequence(lambda n: f"Köket på Ekbacken {n}")


class SupervisorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Supervisor

    workplace = factory.SubFactory(WorkplaceFactory)
    name = "Lena Holm"
    email = factory.Sequence(lambda n: f"lena.holm{n}@koket.example")


class PlacementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Placement

    enrolment = factory.SubFactory(EnrolmentFactory)
    workplace = factory.SubFactory(WorkplaceFactory)
    form = PlacementForm.INTERNSHIP
    start = factory.LazyFunction(lambda: days_ago(30))


class GradeTermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GradeTerm

    placement = factory.SubFactory(PlacementFactory)
    grade = "0.5"
    valid_from = factory.SelfAttribute("placement.start")


class FollowUpFactory(factory.django.DjangoModelFactory):
    """A follow-up of a placement; give `placement`, or `enrolment` (and participant) for one without."""

    class Meta:
        model = FollowUp

    placement = factory.SubFactory(PlacementFactory)
    enrolment = factory.SelfAttribute("placement.enrolment")
    participant = factory.SelfAttribute("enrolment.participant")
    kind = FollowUpKind.PLACEMENT_MID
    due = factory.LazyFunction(lambda: days_ago(2))


class CertificateFactory(factory.django.DjangoModelFactory):
    """A certificate with one version: `CertificateFactory(placement=placement, issued=day)`."""

    class Meta:
        model = Certificate
        skip_postgeneration_save = True

    placement = factory.SubFactory(PlacementFactory)

    @factory.post_generation
    def issued(self, create, extracted, **kwargs):
        CertificateVersion.objects.create(
            certificate=self, version=1, issued=extracted or days_ago(1), issued_elsewhere=True
        )


def coach_of(unit: Unit, **fields) -> User:
    return UserFactory(role=Role.JOB_COACH, unit=unit, **fields)
