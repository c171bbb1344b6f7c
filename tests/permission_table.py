"""Who may open what: every address of the product × every role, each on an object of the coach's own unit.

`tests/test_permissions.py` tries every row and fails for an address that has none; docs/permissions.md is written
from it (`scripts/permissions`). A new address gets a row here:

    Row("participants:list", "The list of participants", get=only(CASE_WORK)),
    Row("participants:unmask", "Show the identity number", person, post=in_unit()),

first the name, what it is, what the address is about (a function of the cast and the user; left out when it needs
nothing), and for GET and POST who gets which status. A method that is not named must answer 405.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from accounts.models import Role, User
from delivery.models import Job, JobFile, Mail
from delivery.services.documents import document_file_store
from delivery.states import JobState, MailState
from exchange.jobs import CHECK
from participants.models import ProtectedAccess
from participants.models.journal import ContactKind
from placements.models import FollowUpLink
from placements.period import period_of
from placements.services.answers import answer_file_by_link
from placements.services.links import link_send
from reporting.jobs import PDF
from reporting.periods import Period
from reporting.question import Question
from reporting.services import figures_report_order
from tests.cast import Cast
from tests.competence.certificates import drafted, ended_placement, issued, kept
from tests.factories import FollowUpFactory, JournalEntryFactory, PlacementFactory, SupervisorFactory, UserFactory

#: The cast by what they are; everything in the table belongs to the unit of the first five.
ROLES = {
    "coach": "Job coach",
    "colleague": "Colleague",
    "coordinator": "Coordinator",
    "manager": "Manager",
    "head": "Head of all",
    "outsider": "Coach, other unit",
    "other_manager": "Manager, other unit",
    "analyst": "Analyst",
    "administrator": "Administrator",
}
EVERYBODY = frozenset(ROLES)
IN_UNIT = frozenset({"coach", "colleague", "coordinator", "manager", "head"})
MANAGERS = frozenset({"manager", "head"})
ALL_MANAGERS = MANAGERS | {"other_manager"}
CASE_WORK = IN_UNIT | {"outsider", "other_manager"}
WRITERS = frozenset({"coach", "colleague", "coordinator"})
ADMINISTRATORS = frozenset({"administrator"})
NOBODY: frozenset[str] = frozenset()

Statuses = dict[str, int]


def only(who: frozenset[str], then: int = 200, otherwise: int = 403, **exceptions: int) -> Statuses:
    """`who` get the status `then`, the others `otherwise`."""
    return {role: then if role in who else otherwise for role in ROLES} | exceptions


def in_unit(then: int = 200, who: frozenset[str] = IN_UNIT, in_vain: int = 403) -> Statuses:
    """`who` of the unit get `then`, the others of the unit `in_vain`. For other units it does not exist, and those
    who never see a person are told so whether or not there is one."""
    statuses = only(CASE_WORK, 404)
    return statuses | {role: then if role in who else in_vain for role in IN_UNIT}


def everybody(then: int = 200, **exceptions: int) -> Statuses:
    return only(EVERYBODY, then, **exceptions)


@dataclass(frozen=True)
class Row:
    """One address: what it is about, and who gets which status for GET and for POST.

    The key "anonymous" is named only for public addresses; elsewhere whoever is not signed in is led to sign-in.
    """

    name: str
    what: str
    args: Callable[[Cast, User | None], list] = lambda cast, user: []
    get: Statuses | None = None
    post: Statuses | None = None
    data: Callable[[Cast, User | None], dict] = lambda cast, user: {}

    @property
    def is_public(self) -> bool:
        return any("anonymous" in statuses for statuses in (self.get, self.post) if statuses)

    def expected(self, method: str, role: str) -> int | None:
        """The status; None: led to sign-in."""
        statuses = getattr(self, method)
        if role == "anonymous" and not self.is_public:
            return None
        return 405 if statuses is None else statuses[role]


# --- What the addresses are about ---------------------------------------------------------------------------------


def person(cast: Cast, _user) -> list:
    """Åsa, the coach's own participant."""
    return [cast.person.public_id]


def protected_person(cast: Cast, _user) -> list:
    """A protected participant of the unit, for whom nobody has been named."""
    return [cast.protected_centrum.participant.public_id]


def named_person(cast: Cast, _user) -> list:
    """The protected participant, for whom the coach has been named."""
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    return protected_person(cast, _user)


def placement_to_certify(cast: Cast, _user) -> list:
    """An ended placement of Åsa's without a certificate; its draft can be issued."""
    placement = ended_placement(cast.asa)
    drafted(placement, cast.coach)
    return [cast.person.public_id, placement.pk]


def certificate(cast: Cast, _user) -> list:
    """A placement of Åsa's whose certificate Alma has issued, and whose document is not made yet."""
    return [cast.person.public_id, issued(ended_placement(cast.asa), cast.coach).certificate.placement_id]


def certificate_document(cast: Cast, _user) -> list:
    version = kept(issued(ended_placement(cast.asa), cast.coach), content=b"%PDF")
    return [cast.person.public_id, version.certificate.placement_id, version.version]


def certificate_code(cast: Cast, _user) -> list:
    return [issued(ended_placement(cast.asa), cast.coach).document.verification_code]


def journal(cast: Cast, _user) -> list:
    return [cast.person.public_id, "journal"]


def own_entry(cast: Cast, user) -> list:
    """An entry in Åsa's journal that the user has written today (the coach, where the user could not)."""
    author = user if user and user.reach.has(Role.JOB_COACH, Role.PLACEMENT_COORDINATOR) else cast.coach
    return [cast.person.public_id, JournalEntryFactory(enrolment=cast.asa, author=author).public_id]


def contact(cast: Cast, _user) -> dict:
    day = timezone.localdate().isoformat()
    return {"kind": ContactKind.MEETING, "occurred_on": day, "text": "Vi sågs.", "token": str(uuid.uuid4())}


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


def a_followup(cast: Cast, _user) -> list:
    """A follow-up of Åsa that the coach has sent a link about."""
    placement = PlacementFactory(enrolment=cast.asa)
    placement.supervisor = SupervisorFactory(workplace=placement.workplace)
    placement.save()
    followup = FollowUpFactory(placement=placement)
    link_send(followup=followup, actor=cast.coach, seen=None)
    return [cast.person.public_id, followup.public_id]


def an_answer(cast: Cast, _user) -> list:
    """A follow-up of Åsa that the supervisor has answered."""
    ids = a_followup(cast, None)
    link = FollowUpLink.objects.whole().get(followup__public_id=ids[1])
    said = {"no_show": True, "going": "", "hours": None, "works_well": "", "needs": "", "wishes": ""}
    answer_file_by_link(link=link, said=said, period=period_of(link.followup, link.followup.due), version=0)
    return ids


def a_link(cast: Cast, _user) -> list:
    """The token by which the supervisor answers."""
    ids = a_followup(cast, None)
    return [FollowUpLink.objects.get(followup__public_id=ids[1]).token]


def a_user(cast: Cast, _user) -> list:
    return [cast.colleague.public_id]


def a_role(cast: Cast, _user) -> list:
    return [cast.colleague.public_id, cast.colleague.memberships.get().pk]


def closed_user(_cast: Cast, _user) -> list:
    return [UserFactory(is_active=False).public_id]


def a_unit(cast: Cast, _user) -> list:
    return [cast.centrum.pk]


def with_app(_cast: Cast, user) -> list:
    """The user has an authenticator app, and recovery codes."""
    if user:
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    return []


def own_passkey(cast: Cast, user) -> list:
    key = Authenticator.objects.create(
        user=user or cast.coach, type=Authenticator.Type.WEBAUTHN, data={"name": "Min dator", "credential": {}}
    )
    return [key.pk]


def figures_report(cast: Cast, _user) -> list:
    """The first quarter of the coach's unit as a PDF that is there."""
    quarter = Question(Period.parse("2026Q1"), timezone.localdate(), cast.centrum)
    report = figures_report_order(question=quarter, actor=cast.manager)
    document_file_store(document=report.document, name="siffror.pdf", media_type=PDF, content=b"%PDF")
    return [report.public_id]


# --- The table ----------------------------------------------------------------------------------------------------

HOUSE = (
    Row("start", "The start page: leads to the user's work", get=everybody(302)),
    Row("healthz", "Health check for monitoring", get=everybody(anonymous=200)),
    Row("metrics", "Figures for monitoring; closed without its token", get=everybody(404, anonymous=404)),
    Row("accessibility", "The accessibility statement", get=everybody(anonymous=200)),
)

SIGN_IN = (
    Row("account_login", "Sign in", get=everybody(302, anonymous=200), post=everybody(302, anonymous=200)),
    Row("demo_sign_in", "Sign in with a button (only in the demo)", post=everybody(404, anonymous=404)),
    Row(
        "mfa_login_webauthn",
        "Sign in with a passkey",
        get=everybody(302, anonymous=302),
        post=everybody(302, anonymous=302),
    ),
    Row(
        "mfa_authenticate",
        "The second step of sign-in",
        get=everybody(302, anonymous=302),
        post=everybody(302, anonymous=302),
    ),
    Row("account_logout", "Sign out", get=everybody(200, anonymous=302), post=everybody(302, anonymous=302)),
    Row("account_inactive", "The account is closed", get=everybody(anonymous=200)),
    Row("account_reset_password", "Forgotten password", get=everybody(anonymous=200), post=everybody(anonymous=200)),
    Row("account_reset_password_done", "The mail is on its way", get=everybody(anonymous=200)),
    Row(
        "account_reset_password_from_key",
        "Choose a password, by the link of a mail",
        lambda cast, user: ["0", "a-false-key"],
        get=everybody(anonymous=200),
        post=everybody(anonymous=200),
    ),
    Row("account_reset_password_from_key_done", "The password is saved", get=everybody(anonymous=200)),
    Row("account_change_password", "Change one's own password", get=everybody(), post=everybody()),
    Row("account_reauthenticate", "Confirm with the password", get=everybody(), post=everybody()),
    Row("mfa_reauthenticate", "Confirm with a code", with_app, get=everybody(), post=everybody()),
    Row(
        "mfa_reauthenticate_webauthn",
        "Confirm with a passkey (there is none)",
        get=everybody(302),
        post=everybody(302),
    ),
    Row("mfa_index", "One's own second factors", get=everybody()),
    Row("mfa_activate_totp", "Set up an app (after confirming)", get=everybody(302), post=everybody(302)),
    Row(
        "mfa_deactivate_totp", "Remove the app (after confirming)", with_app, get=everybody(302), post=everybody(302)
    ),
    Row("mfa_view_recovery_codes", "Recovery codes (after confirming)", with_app, get=everybody(302)),
    Row("mfa_generate_recovery_codes", "New recovery codes", with_app, get=everybody(302), post=everybody(302)),
    Row(
        "mfa_download_recovery_codes",
        "Recovery codes as a file",
        with_app,
        get=everybody(302),
        post=everybody(302),
    ),
    Row("mfa_list_webauthn", "One's own passkeys", get=everybody()),
    Row("mfa_add_webauthn", "Add a passkey (after confirming)", get=everybody(302), post=everybody(302)),
    Row("mfa_edit_webauthn", "Rename a passkey", own_passkey, get=everybody(302), post=everybody(302)),
    Row("mfa_remove_webauthn", "Remove a passkey", own_passkey, get=everybody(302), post=everybody(302)),
)

ADMINISTRATION = (
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

PARTICIPANTS = (
    Row("participants:list", "The list of participants", get=only(CASE_WORK)),
    Row("participants:file", "A participant's file", person, get=in_unit()),
    Row("participants:part", "The file's journal", journal, get=in_unit()),
    Row("participants:unmask", "Show the identity number", person, get=everybody(302), post=in_unit()),
    Row(
        "participants:contact_log",
        "Log a contact",
        person,
        get=everybody(302),
        post=in_unit(302, WRITERS),
        data=contact,
    ),
    Row("participants:contact_draft", "Keep a draft", person, get=everybody(302), post=everybody(302)),
    Row("participants:contact_draft_discard", "Throw a draft away", person, post=in_unit(302, WRITERS)),
    Row(
        "participants:contact_edit",
        "Change one's own entry, the same day",
        own_entry,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=contact,
    ),
    Row(
        "participants:contact_add",
        "Add to an entry",
        own_entry,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"text": "Tillägg."},
    ),
    Row("participants:contact_history", "The wordings of an entry", own_entry, get=in_unit()),
    Row("participants:protected", "Protected persons, by case number", get=only(ALL_MANAGERS)),
    Row(
        "participants:access_grant",
        "Name who may see a protected person",
        protected_person,
        post=only(MANAGERS, 302, other_manager=404),
        data=lambda cast, user: {f"{cast.protected_centrum.participant.public_id}-user": str(cast.coach.public_id)},
    ),
    Row(
        "participants:access_withdraw",
        "Take the name away",
        named_person,
        post=only(MANAGERS, 302, other_manager=404),
        data=lambda cast, user: {"user": str(cast.coach.public_id)},
    ),
)

FOLLOW_UPS = (
    Row(
        "placements:followup_plan",
        "Plan a follow-up of a placement",
        person,
        get=in_unit(200, WRITERS),
        post=in_unit(422, WRITERS),
    ),
    Row("placements:followup", "A follow-up, its link and its answer", a_followup, get=in_unit()),
    Row(
        "placements:followup_withdraw",
        "Withdraw a follow-up",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row(
        "placements:supervisor_choose",
        "Choose or enter the placement's supervisor",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"name": "Kim Ek", "email": "kim@example.org"},
    ),
    Row(
        "placements:supervisor_correct",
        "Correct the supervisor's address",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"name": "Kim Ek", "email": "kim@example.org"},
    ),
    Row("placements:link_send", "Mail the supervisor the link", a_followup, post=in_unit(302, WRITERS)),
    Row(
        "placements:link_withdraw",
        "Withdraw the link",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row(
        "placements:answer_file",
        "Write down the answer after a call",
        a_followup,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"came": "yes", "going": "well"},
    ),
    Row("placements:answer_read", "Mark the answer as read", an_answer, post=in_unit(302, WRITERS)),
    Row(
        "placements:supervisor",
        "The supervisor's page, by the link of a mail",
        a_link,
        get=everybody(anonymous=200),
        post=everybody(302, anonymous=302),
        data=lambda cast, user: {"came": "no"},
    ),
    Row(
        "placements:supervisor_renew",
        "Ask for a new link in place of an expired one",
        a_link,
        post=everybody(302, anonymous=302),
    ),
)

REPORTS = (
    Row("reporting:figures", "The quarter's figures", get=only(ALL_MANAGERS | {"analyst"})),
    Row("reporting:csv", "The figures as CSV", get=only(ALL_MANAGERS)),
    Row("reporting:xlsx", "The figures as a workbook", get=only(ALL_MANAGERS)),
    Row("reporting:pdf_list", "Reports made as PDF", get=only(ALL_MANAGERS)),
    Row("reporting:pdf_order", "Make a report as PDF", post=only(ALL_MANAGERS, 302)),
    Row("reporting:pdf_file", "A report as PDF", figures_report, get=only(MANAGERS, other_manager=404)),
    Row(
        "reporting:pdf_retry",
        "Make a failed report again",
        figures_report,
        post=only(MANAGERS, 302, other_manager=404),
    ),
    Row("reporting:list", "The list behind a figure", lambda cast, user: ["active"], get=only(ALL_MANAGERS)),
    Row("reporting:definitions", "What the figures mean", get=only(ALL_MANAGERS | {"analyst"})),
)

JOBS = (
    Row("delivery:job_list", "One's own background jobs", get=everybody()),
    Row("delivery:job_detail", "A job of one's own", job, get=everybody()),
    Row("delivery:job_state", "Its state", job, get=everybody(302)),
    Row("delivery:job_file", "Its file", job_file, get=everybody()),
)

CERTIFICATES = (
    Row("competence:list", "Which certificates are missing and issued", get=only(CASE_WORK)),
    Row(
        "competence:certificate_write",
        "Write a certificate",
        placement_to_certify,
        get=in_unit(who=WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"window": str(uuid.uuid4()), "seen": "1"},
    ),
    Row("competence:certificate_preview", "The draft as PDF", placement_to_certify, get=in_unit(who=WRITERS)),
    Row(
        "competence:certificate_issue",
        "Issue it",
        placement_to_certify,
        get=in_unit(who=WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"seen": "1"},
    ),
    Row("competence:certificate", "An issued certificate", certificate, get=in_unit()),
    Row("competence:certificate_state", "How far its document has come", certificate, get=in_unit(302)),
    Row(
        "competence:certificate_render",
        "Make its document again",
        certificate,
        get=in_unit(302, WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row("competence:certificate_pdf", "Its document", certificate_document, get=in_unit()),
    Row("competence:verification_form", "Check a certificate", get=everybody(anonymous=200)),
    Row(
        "competence:verification",
        "Whether the certificate with a code is valid",
        certificate_code,
        get=everybody(anonymous=200),
    ),
)

SECTIONS = {
    "Participants": PARTICIPANTS,
    "Follow-ups": FOLLOW_UPS,
    "Certificates": CERTIFICATES,
    "Reports": REPORTS,
    "Administration": ADMINISTRATION,
    "Background jobs": JOBS,
    "Mail": MAIL,
    "The house": HOUSE,
    "Signing in": SIGN_IN,
}
TABLE = tuple(row for rows in SECTIONS.values() for row in rows)

#: Reached by a secret address alone: no cookie takes part, so there is nothing to forge a form with.
BY_SECRET_ADDRESS = frozenset({"placements:supervisor", "placements:supervisor_renew"})

#: Reached without signing in. Whoever adds one says so here.
PUBLIC = BY_SECRET_ADDRESS | frozenset(
    {
        "healthz",
        "metrics",
        "accessibility",
        "competence:verification_form",
        "competence:verification",
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
