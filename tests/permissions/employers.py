"""Employers, workplaces and supervisors: theirs who work with cases, whichever the unit."""

from placements.models import EmployerContact, EmployerNote, SupervisorTraining, SupportVisit
from tests.cast import Cast
from tests.factories import EmployerFactory, SupervisorFactory, WorkplaceFactory, days_ago
from tests.permissions.rows import ALL_MANAGERS, CASE_WORK, Row, only
from tests.placements.employers.conftest import agreement_of, commitment_of

SEE, STORE, REFUSE = only(CASE_WORK), only(CASE_WORK, 302), only(CASE_WORK, 422)
#: Who wrote it, and managers.
TAKE_AWAY = ALL_MANAGERS | {"coach"}


def an_employer(_cast: Cast, _user) -> list:
    return [EmployerFactory().public_id]


def a_workplace(_cast: Cast, _user) -> list:
    return [WorkplaceFactory().public_id]


def an_agreement(_cast: Cast, _user) -> list:
    agreement = agreement_of(EmployerFactory())
    return [agreement.employer.public_id, agreement.public_id]


def a_commitment(_cast: Cast, _user) -> list:
    commitment = commitment_of(EmployerFactory())
    return [commitment.employer.public_id, commitment.public_id]


def a_contact(_cast: Cast, _user) -> list:
    contact = EmployerContact.objects.create(employer=EmployerFactory(), name="Ulla Ung", phone="070-1740605")
    return [contact.employer.public_id, contact.public_id]


def a_note(cast: Cast, _user) -> list:
    """A note of the coach's."""
    note = EmployerNote.objects.create(
        employer=EmployerFactory(), text="Vill ha fler.", author=cast.coach, author_name=cast.coach.full_name
    )
    return [note.employer.public_id, note.public_id]


def a_supervisor(_cast: Cast, _user) -> list:
    return [SupervisorFactory().public_id]


def a_training(_cast: Cast, _user) -> list:
    training = SupervisorTraining.objects.create(
        supervisor=SupervisorFactory(), course="Handledarutbildning", completed_on=days_ago(100)
    )
    return [training.supervisor.public_id, training.public_id]


def a_visit(cast: Cast, _user) -> list:
    """A support visit of the coach's."""
    visit = SupportVisit.objects.create(
        supervisor=SupervisorFactory(), day=days_ago(3), by=cast.coach, by_name=cast.coach.full_name
    )
    return [visit.supervisor.public_id, visit.public_id]


def leaving(_cast: Cast, _user) -> dict:
    return {"day": ""}


EMPLOYERS = (
    Row("employers:list", "The employers", get=SEE),
    Row("employers:create", "Enter an employer", get=SEE, post=REFUSE),
    Row("employers:employer", "An employer", an_employer, get=SEE),
    Row("employers:change", "Change an employer", an_employer, get=SEE, post=REFUSE),
    Row("employers:placements", "The placements at an employer that one may see", an_employer, get=SEE),
    Row("employers:contact_create", "Enter a contact", an_employer, get=SEE, post=REFUSE),
    Row("employers:contact_change", "Change a contact", a_contact, get=SEE, post=REFUSE),
    Row("employers:note_write", "Write a note about an employer", an_employer, post=REFUSE),
    Row(
        "employers:note_remove",
        "Take one's own note away, or as a manager anybody's",
        a_note,
        get=only(TAKE_AWAY),
        post=only(TAKE_AWAY, 302),
    ),
    Row("employers:agreement_create", "Enter an agreement", an_employer, get=SEE, post=REFUSE),
    Row("employers:agreement_change", "Change an agreement", an_agreement, get=SEE, post=REFUSE),
    Row("employers:agreement_remove", "Take an agreement away", an_agreement, get=SEE, post=STORE),
    Row("employers:commitment_create", "Enter a commitment", an_employer, get=SEE, post=REFUSE),
    Row("employers:commitment_change", "Change a commitment", a_commitment, get=SEE, post=REFUSE),
    Row("employers:commitment_remove", "Take a commitment away", a_commitment, get=SEE, post=STORE),
    Row("employers:workplace_create", "Enter a workplace", an_employer, get=SEE, post=REFUSE),
    Row("employers:workplace", "A workplace", a_workplace, get=SEE),
    Row("employers:workplace_change", "Change a workplace", a_workplace, get=SEE, post=REFUSE),
    Row("employers:workplace_close", "Close a workplace", a_workplace, get=SEE, post=REFUSE),
    Row("employers:workplace_reopen", "Open it again", a_workplace, post=STORE),
    Row("employers:check_record", "Check a workplace", a_workplace, get=SEE, post=REFUSE),
)

SUPERVISORS = (
    Row("supervisors:list", "The supervisors", get=SEE),
    Row("supervisors:create", "Enter a supervisor", a_workplace, get=SEE, post=REFUSE),
    Row("supervisors:supervisor", "A supervisor", a_supervisor, get=SEE),
    Row("supervisors:change", "Change a supervisor", a_supervisor, get=SEE, post=REFUSE),
    Row("supervisors:leave", "Say that a supervisor has left", a_supervisor, get=SEE, post=REFUSE, data=leaving),
    Row("supervisors:return", "Take that back", a_supervisor, post=STORE),
    Row("supervisors:training_create", "Enter a training", a_supervisor, get=SEE, post=REFUSE),
    Row("supervisors:training_change", "Change a training", a_training, get=SEE, post=REFUSE),
    Row("supervisors:training_remove", "Take a training away", a_training, get=SEE, post=STORE),
    Row("supervisors:visit_record", "Enter a support visit", a_supervisor, get=SEE, post=REFUSE),
    Row(
        "supervisors:visit_remove",
        "Take one's own support visit away, or as a manager anybody's",
        a_visit,
        get=only(TAKE_AWAY),
        post=only(TAKE_AWAY, 302),
    ),
)
