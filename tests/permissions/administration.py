"""Users, units, settings, the register; what leaves the house, and background jobs."""

import uuid

from django.utils import timezone

from accounts.models import Role
from delivery.models import Job, JobFile, Mail
from delivery.states import JobState, MailState
from exchange.jobs import CHECK
from participants.models import NumberQuestion
from tests.cast import Cast
from tests.factories import UserFactory
from tests.permissions.rows import (
    ADMINISTRATORS,
    Row,
    everybody,
    only,
)


def job(cast: Cast, user) -> list:
    """A job that the user has asked for (Alma, for who is not signed in)."""
    row = Job.objects.create(
        kind=CHECK,
        owner=user or cast.coach,
        state=JobState.DONE,
        finished_at=timezone.now(),
        params={"source": "register"},
        result={"dry_run": True, "files": {}, "error_count": 0, "errors": []},
    )
    return [row.public_id]


def job_file(cast: Cast, user) -> list:
    (public_id,) = job(cast, user)
    file = Job.objects.get(public_id=public_id).files.create(
        role=JobFile.Role.OUTPUT, name="fel.csv", media_type="text/csv", content=b"rad", size=3
    )
    return [public_id, file.public_id]


def failed_mail(cast: Cast, user) -> list:
    """A mail that the user asked for (Alma, for who is not signed in), and that no server took."""
    mail = Mail.objects.create(
        kind="a_kind",
        recipient="anna@example.org",
        reference=uuid.uuid4(),
        requested_by=user or cast.coach,
        state=MailState.FAILED,
        error="E-postservern gick inte att nå.",
        give_up_at=timezone.now(),
    )
    return [mail.public_id]


def a_user(cast: Cast, _user) -> list:
    return [cast.colleague.public_id]


def a_role(cast: Cast, _user) -> list:
    return [cast.colleague.public_id, cast.colleague.memberships.get().pk]


def closed_user(_cast: Cast, _user) -> list:
    return [UserFactory(is_active=False).public_id]


def a_unit(cast: Cast, _user) -> list:
    return [cast.centrum.pk]


def number_question(cast: Cast, _user) -> list:
    """Somebody wanted to give Åsa a number that stands in another unit's file."""
    row = NumberQuestion.objects.create(
        participant=cast.person, known_on=cast.ciwan.participant, asked_by=cast.coach, asked_by_name="Alma Alm"
    )
    return [row.public_id]


ADMINISTRATION = (
    Row("vocabulary:activity_form_list", "The forms of activity", get=only(ADMINISTRATORS)),
    Row(
        "vocabulary:activity_form_create",
        "Add a form of activity",
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 422),
    ),
    Row(
        "vocabulary:activity_form_edit",
        "Change a form of activity",
        lambda cast, user: ["course"],
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 422),
    ),
    Row("accounts:administration", "What there is to administer", get=only(ADMINISTRATORS)),
    Row("accounts:user_list", "Users", get=only(ADMINISTRATORS)),
    Row(
        "accounts:user_create",
        "Add a user",
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {
            "given_name": "Ny",
            "family_name": "Person",
            "email": "ny@example.org",
            "role": Role.JOB_COACH,
            "unit": cast.norr.pk,
        },
    ),
    Row(
        "accounts:user_edit",
        "A user: name, address, roles",
        a_user,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"given_name": "Ny", "family_name": "Person", "email": "ny@example.org"},
    ),
    Row("accounts:user_invite", "Send the link to choose a password", a_user, post=only(ADMINISTRATORS, 302)),
    Row(
        "accounts:user_deactivate",
        "Close an account",
        a_user,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS),  # the colleague has participants: refused in words
    ),
    Row("accounts:user_reactivate", "Open an account again", closed_user, post=only(ADMINISTRATORS, 302)),
    Row("accounts:second_factor_reset", "Reset a lost second factor", a_user, post=only(ADMINISTRATORS, 302)),
    Row(
        "accounts:membership_add",
        "Give a role",
        a_user,
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"role-role": Role.MANAGER, "role-unit": cast.norr.pk},
    ),
    Row("accounts:membership_remove", "Take a role away", a_role, post=only(ADMINISTRATORS, 302)),
    Row(
        "accounts:membership_export",
        "Give the right to take lists out",
        a_role,
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"may_export": "yes"},
    ),
    Row("accounts:unit_list", "Units", get=only(ADMINISTRATORS)),
    Row(
        "accounts:unit_create",
        "Add a unit",
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"code": "NY", "name": "Ny enhet", "legal_basis": "social_services"},
    ),
    Row(
        "accounts:unit_edit",
        "Rename a unit",
        a_unit,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"name": "Nytt", "legal_basis": "social_services", "valid_from": "2026-01-01"},
    ),
    Row("accounts:setting_list", "Settings", get=only(ADMINISTRATORS)),
    Row(
        "accounts:setting_edit",
        "Change a setting",
        lambda cast, user: ["municipality_name"],
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"value": "Björkåkra"},
    ),
    Row("delivery:mark", "The mark on certificates", get=only(ADMINISTRATORS), post=only(ADMINISTRATORS, 422)),
    Row(
        "delivery:mark_remove",
        "Issue without the mark",
        get=only(ADMINISTRATORS, 302),
        post=only(ADMINISTRATORS, 302),
    ),
    Row("number_questions:list", "Numbers that stand on two people", get=only(ADMINISTRATORS)),
    Row(
        "number_questions:question",
        "Whose a number is: the two files by case number, and what was done",
        number_question,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
        data=lambda cast, user: {"outcome": "Samma person."},
    ),
    Row("exchange:register", "Load a register", get=only(ADMINISTRATORS), post=only(ADMINISTRATORS, 422)),
    Row(
        "exchange:register_store",
        "Store a checked register",
        job,
        get=only(ADMINISTRATORS, 302),
        post=only(ADMINISTRATORS, 302),
    ),
)

MAIL = (
    Row("delivery:sent_mail", "Mail that the demo keeps (there is no such page elsewhere)", get=everybody(404)),
    Row("delivery:mail_list", "The outbox", get=only(ADMINISTRATORS)),
    Row("delivery:mail_detail", "A mail and its attempts", failed_mail, get=only(ADMINISTRATORS)),
    Row(
        "delivery:mail_again",
        "Send a mail again (of a kind that is no longer known: refused in words)",
        failed_mail,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 302),
    ),
    Row("delivery:mail_seen", "Take note of a mail that was not sent", failed_mail, post=only(ADMINISTRATORS, 302)),
)

JOBS = (
    Row("delivery:job_list", "One's own background jobs", get=everybody()),
    Row("delivery:job_detail", "A job of one's own", job, get=everybody()),
    Row("delivery:job_state", "Its state", job, get=everybody(302)),
    Row(
        "delivery:job_file",
        "Its file, as long as one may start such a job",
        job_file,
        get=only(ADMINISTRATORS, 200, 404),
    ),
)
