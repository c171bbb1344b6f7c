"""Who may open what: every address of the product × every role, each on an object of the coach's own unit.

`tests/test_permissions.py` tries every row and fails for an address that has none; docs/permissions.md is written
from it (`scripts/permissions`). A new address gets a row in the module of its area:

    Row("participants:list", "The list of participants", get=only(CASE_WORK)),
    Row("participants:unmask", "Show the identity number", person, post=in_unit()),

first the name, what it is, what the address is about (a function of the cast and the user; left out when it needs
nothing), and for GET and POST who gets which status. A method that is not named must answer 405.
"""

from tests.permissions.administration import ADMINISTRATION, JOBS, MAIL
from tests.permissions.assessments import ASSESSMENTS
from tests.permissions.bookings import BOOKINGS
from tests.permissions.catalogue import CATALOGUE
from tests.permissions.certificates import CERTIFICATES
from tests.permissions.closures import CLOSURES
from tests.permissions.committee import COMMITTEE
from tests.permissions.day import DAY
from tests.permissions.employers import EMPLOYERS, SUPERVISORS
from tests.permissions.follow_ups import FOLLOW_UPS
from tests.permissions.groups import GROUPS
from tests.permissions.house import HOUSE, SIGN_IN
from tests.permissions.journal import JOURNAL
from tests.permissions.lists import LISTS
from tests.permissions.mapping import MAPPING
from tests.permissions.merges import MERGES
from tests.permissions.participants import PARTICIPANTS
from tests.permissions.places import PLACES
from tests.permissions.plans import PLANS
from tests.permissions.referrals import REFERRALS
from tests.permissions.reports import REPORTS
from tests.permissions.rounds import ROUNDS
from tests.permissions.rows import ROLES
from tests.permissions.track_rounds import TRACK_MEMBERS, TRACK_ROUNDS
from tests.permissions.tracks import JOB_TRACKS, STEERING

__all__ = ["BY_SECRET_ADDRESS", "PUBLIC", "ROLES", "SECTIONS", "TABLE"]

SECTIONS = {
    "Min dag": DAY,
    "Participants": PARTICIPANTS,
    "Two files of one person": MERGES,
    "Mapping": MAPPING,
    "Referral and enrolment": REFERRALS,
    "The journal": JOURNAL,
    "Lists of participants": LISTS,
    "Closure and aftercare": CLOSURES,
    "Plans": PLANS,
    "Placements": BOOKINGS,
    "Follow-ups": FOLLOW_UPS,
    "Groups": GROUPS,
    "Employers and workplaces": EMPLOYERS,
    "Supervisors": SUPERVISORS,
    "Places": PLACES,
    "Rounds of job tracks": TRACK_ROUNDS,
    "Participants on job tracks": TRACK_MEMBERS,
    "Assessments": ASSESSMENTS,
    "Certificates": CERTIFICATES,
    "Rounds of certificates": ROUNDS,
    "Job tracks": JOB_TRACKS,
    "Steering groups and audits": STEERING,
    "Reports": REPORTS,
    "Committee reports": COMMITTEE,
    "Administration": ADMINISTRATION,
    "Competence catalogue": CATALOGUE,
    "Background jobs": JOBS,
    "Mail": MAIL,
    "The house": HOUSE,
    "Signing in": SIGN_IN,
}

TABLE = tuple(row for rows in SECTIONS.values() for row in rows)

#: Reached by a secret address alone: no cookie takes part, so there is nothing to forge a form with.
BY_SECRET_ADDRESS = frozenset(
    {
        "placements:supervisor",
        "placements:supervisor_renew",
        "placements:supervisor_reminders",
        "assessing:by_link",
        "assessing:by_link_renew",
        "assessing:by_link_statement",
        "assessing:by_link_module",
        "assessing:by_link_area",
        "assessing:by_link_finish",
        "assessing:by_link_change",
        "assessing:beside_followup",
        "asking:answer",
        "asking:renew",
        "feeds:feed",
        "competence:verification",  # the code of a certificate
    }
)

#: Reached without signing in. Whoever adds one says so here.
PUBLIC = BY_SECRET_ADDRESS | frozenset(
    {
        "healthz",
        "metrics",
        "accessibility",
        "competence:verification_form",
        "offers:new",
        "offers:thanks",
        "account_login",
        "demo_sign_in",
        "mfa_login_webauthn",
        "mfa_authenticate",
        "account_logout",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)
