"""The frame around every page: whose installation it is, who is signed in, and where they can go."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts import municipal
from accounts.models import Role, User
from delivery.mail import demo
from delivery.permissions import can_read_kept_mail


@dataclass(frozen=True)
class Entry:
    """One entry of the main menu: its word, its page, and the roles that have something to do there; `also` have use
    of it, and begin their day elsewhere.

    The page itself asks the permission functions; the menu only leaves out what would be of no use.
    """

    label: str
    url_name: str
    roles: frozenset[str]
    also: frozenset[str] = frozenset()
    #: Roles that have another entry of the same word.
    besides: frozenset[str] = frozenset()

    def shown_to(self, user: User) -> bool:
        return user.reach.has(*self.roles, *self.also) and not (self.besides and user.reach.has(*self.besides))

    def begins_for(self, user: User) -> bool:
        """Whether a user's work may begin there."""
        return user.reach.has(*self.roles)


CASE_WORK = frozenset({Role.JOB_COACH, Role.PLACEMENT_COORDINATOR, Role.MANAGER})

CASE_WRITING = frozenset({Role.JOB_COACH, Role.PLACEMENT_COORDINATOR})

MENU = (
    Entry(_("My day"), "day:day", CASE_WRITING),
    Entry(_("The unit"), "unit:unit", frozenset({Role.MANAGER})),
    Entry(_("Participants"), "participants:list", CASE_WORK),
    Entry(_("Referrals"), "referrals:queue", CASE_WORK),
    Entry(_("Groups"), "groups:list", CASE_WORK),
    Entry(_("Attendance"), "marking:week", CASE_WORK),
    Entry(_("Places"), "places:list", CASE_WORK),
    Entry(_("Job tracks"), "tracks:list", CASE_WORK, also=frozenset({Role.ADMINISTRATOR})),
    # Analysts read what is told of all tracks, not the tracks themselves.
    Entry(
        _("Job tracks"),
        "track_pictures:compare",
        frozenset(),
        also=frozenset({Role.ANALYST}),
        besides=CASE_WORK | {Role.ADMINISTRATOR},
    ),
    Entry(_("Certificates"), "competence:list", CASE_WORK),
    Entry(_("Reports"), "reporting:figures", frozenset({Role.MANAGER, Role.ANALYST})),
    Entry(_("Union consultations"), "booking:consultations", frozenset({Role.UNION_REPRESENTATIVE})),
    Entry(_("Administration"), "accounts:administration", frozenset({Role.ADMINISTRATOR})),
)

ACCOUNT_LINKS = (
    (_("My jobs"), "delivery:job_list"),
    (_("Change password"), "account_change_password"),
    (_("Two-step sign-in"), "mfa_index"),
)


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def frame(request) -> dict:
    """Context processor: `frame`, worked out only when a template asks for it."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request) -> dict:
    user = getattr(request, "user", None)
    context = {"municipality": municipal.value_of(municipal.MUNICIPALITY_NAME.key)}
    if user is None or not user.is_authenticated:
        return context
    return context | {
        "user_name": user.full_name,
        "user_roles": ", ".join(str(label) for role, label in Role.choices if user.reach.has(role)),
        "navigation": list(_menu(request, user)),
        "search_url": _address("participants:list") if user.reach.has(*CASE_WORK) else None,
        "account_links": [
            {"url": address, "label": label}
            for label, url_name in _account_links(user)
            if (address := _address(url_name))
        ],
        "sign_out_url": _address("account_logout"),
    }


def _account_links(user: User):
    yield from ACCOUNT_LINKS
    if user.reach.has(*CASE_WRITING):
        yield _("Daily mail"), "day:digest"
        yield _("Calendar"), "feeds:page"
    if user.reach.has(*CASE_WORK):
        yield _("Deputies"), "deputies:deputies"
    if demo.in_use() and can_read_kept_mail(user):
        yield _("Sent mail"), "delivery:sent_mail"


def _menu(request, user: User):
    match = request.resolver_match
    for entry in MENU:
        address = _address(entry.url_name)
        if address is None or not entry.shown_to(user):
            continue
        here = match is not None and request.path.startswith(address)
        yield {
            "url": address,
            "label": entry.label,
            # "page" is this very page; "true" a page below it.
            "current": ("page" if request.path == address else "true") if here else "",
        }
