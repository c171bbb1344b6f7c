"""Who may do what with assessments and certificates. Whether a placement is visible at all `visible_to` decides."""

from accounts.models import Role, User
from participants.models import Enrolment
from participants.permissions import WRITING_ROLES
from participants.querysets import CASE_ROLES


def can_list_certificates(user: User, _obj: object = None) -> bool:
    """Those who work with participants: job coaches, placement coordinators and managers."""
    return user.reach.has(*CASE_ROLES)


def can_edit_catalogue(user: User, _obj: object = None) -> bool:
    """Administrators work on drafts of the competence catalogue and publish them. It holds nothing about a person."""
    return user.reach.has(Role.ADMINISTRATOR)


def can_write_certificate(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment write and issue. Managers
    read and download."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_revoke_certificate(user: User, enrolment: Enrolment) -> bool:
    """Whoever works in the unit that answers for the enrolment: those who issue, and managers, too. A paper that is
    wrong must be stopped also when its issuer is away."""
    return enrolment.unit_id in user.reach.scope(*CASE_ROLES)


def can_write_assessment(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment begin and fill in
    assessments, send them to the supervisor, write down the participant's view, grade the language. Managers read."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_review_assessment(user: User, enrolment: Enrolment) -> bool:
    """Whoever works in the unit that answers for the enrolment says that a signed assessment has been gone through;
    managers, too."""
    return enrolment.unit_id in user.reach.scope(*CASE_ROLES)


def issuing_role(user: User, enrolment: Enrolment) -> str:
    """In which role the user issues in this unit, in words: as it stands below the name on the paper."""
    held = (role for role in WRITING_ROLES if enrolment.unit_id in user.reach.scope(role))
    role = next(held, None)
    return str(Role(role).label) if role else ""
