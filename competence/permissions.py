"""Who may do what with assessments and certificates. Whether a placement is visible at all `visible_to` decides."""

from accounts.models import Role, User
from accounts.scope import Scope
from competence.models import IssueBatch
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


def round_scope(user: User) -> Scope:
    """The units for which the user may issue certificates in rounds: those where they issue them one by one, and,
    for managers, theirs. Each certificate of a round is composed, signed and read before; whoever starts it decides
    only that what is ready is issued, under their own name."""
    return user.reach.scope(*CASE_ROLES)


def can_issue_rounds(user: User, _obj: object = None) -> bool:
    """Job coaches, placement coordinators and managers (`round_scope`)."""
    return bool(round_scope(user))


def can_run_round(user: User, batch: IssueBatch) -> bool:
    """Who started a round lets it go on after it broke off, as long as they may issue there: their name is on the
    certificates."""
    return batch.by_id == user.pk and (
        can_issue_rounds(user) if batch.unit_id is None else batch.unit_id in round_scope(user)
    )


def can_stop_round(user: User, batch: IssueBatch) -> bool:
    """Who started it, and managers of its unit, also when its issuer is away."""
    if batch.by_id == user.pk:
        return True
    scope = user.reach.scope(Role.MANAGER)
    return scope.everything if batch.unit_id is None else batch.unit_id in scope


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
    roles = (*WRITING_ROLES, Role.MANAGER)
    held = (role for role in roles if enrolment.unit_id in user.reach.scope(role))
    role = next(held, None)
    return str(Role(role).label) if role else ""
