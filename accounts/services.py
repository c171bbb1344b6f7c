"""Acts on users, memberships, units and settings. Who may is asked by the caller; history is kept by the database."""

import datetime as dt
import json

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import demo, municipal
from accounts.models import Membership, MunicipalSetting, Role, Unit, UnitTerm, User
from accounts.providers import deactivation_blockers, membership_blockers

# --- Users ----------------------------------------------------------------------------------------------------


@transaction.atomic
def user_create(*, email: str, given_name: str, family_name: str, role: str, unit: Unit | None) -> User:
    """A new user with a first role. There is no password until the user has chosen one: see `invitation_send`.

    ValidationError when the address is taken, or when the role cannot be held there.
    """
    user = User(email=email.lower(), given_name=given_name, family_name=family_name)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    membership_add(user=user, role=role, unit=unit)
    return user


def invitation_send(*, user: User, site: str) -> None:
    """Mail the user a link by which a password is chosen. `site` is the installation's address, "https://…".

    The link is that of a forgotten password and works as long (settings.PASSWORD_RESET_TIMEOUT), once.
    """
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, token = key.split("-", 1)
    link = site.rstrip("/") + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    context = {"user": user, "link": link, "reset_link": site.rstrip("/") + reverse("account_reset_password")}
    subject = render_to_string("accounts/mail/invitation_subject.txt", context).strip()
    send_mail(subject, render_to_string("accounts/mail/invitation_message.txt", context), None, [user.email])


@transaction.atomic
def user_update(*, user: User, email: str, given_name: str, family_name: str) -> User:
    """Change a user's name or address. ValidationError when the address is taken."""
    user.email, user.given_name, user.family_name = email.lower(), given_name, family_name
    user.full_clean(exclude=["password"])
    user.save(update_fields=["email", "given_name", "family_name"])
    return user


def user_deactivation_hindrances(*, user: User, actor: User | None = None) -> list[str]:
    """What must be put right before the user can be deactivated (by `actor`), in sentences."""
    own = [_("You cannot close your own account. Ask another administrator.")] if user == actor else []
    return own + [sentence for blocker in deactivation_blockers for sentence in blocker(user)]


@transaction.atomic
def user_deactivate(*, user: User, actor: User) -> None:
    """Close an account: the user is signed out at the next click, and stays in the logs and the history.

    ValidationError for oneself, for the last administrator, and while the floors above have hindrances.
    """
    if user == actor:
        raise ValidationError(_("You cannot close your own account. Ask another administrator."))
    _keep_an_administrator(without_user=user)
    _lock(user)
    if hindrances := user_deactivation_hindrances(user=user):
        raise ValidationError(hindrances)
    user.is_active = False
    user.save(update_fields=["is_active"])


@transaction.atomic
def user_reactivate(*, user: User) -> None:
    """Open a closed account again, with the roles it had."""
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def second_factor_reset(*, user: User) -> None:
    """Take away a user's second factors, when the phone is lost: where one is required, a new one is set up at
    the next sign-in."""
    Authenticator.objects.filter(user=user).delete()


def _lock(user: User) -> None:
    """Whoever gives the user something that cannot be left (participants) holds the same lock meanwhile."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _keep_an_administrator(*, without_user: User | None = None, without_membership: Membership | None = None) -> None:
    """ValidationError when nobody would be left who can administer. The rows are locked, so that two
    administrators cannot remove each other at the same time."""
    seats = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).select_related("user")
    seats = list(seats.select_for_update(of=("self", "user"), no_key=True).order_by("pk"))
    left = [
        seat for seat in seats if seat.user_id != (without_user and without_user.pk) and seat != without_membership
    ]
    if seats and not left:
        raise ValidationError(_("This is the last administrator. Give somebody else the role first."))


# --- Memberships ----------------------------------------------------------------------------------------------


@transaction.atomic
def membership_add(*, user: User, role: str, unit: Unit | None) -> Membership:
    """Give a user a role in a unit, or (None) in the whole municipality.

    ValidationError when the user has it already, or when an administrator would belong to a unit.
    """
    membership = Membership(user=user, role=role, unit=unit)
    membership.full_clean()
    membership.save()
    return membership


@transaction.atomic
def membership_export_set(*, membership: Membership, may_export: bool) -> Membership:
    """Give a job coach the right to take lists of participants out as files, or take it back.

    ValidationError for other roles, which have it or never see a person.
    """
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    membership.may_export = may_export
    membership.full_clean()
    membership.save(update_fields=["may_export"])
    return membership


@transaction.atomic
def membership_remove(*, membership: Membership) -> None:
    """Take a role away. ValidationError for the last administrator, and while the floors above have hindrances."""
    if membership.role == Role.ADMINISTRATOR and membership.user.is_active:
        _keep_an_administrator(without_membership=membership)
    _lock(membership.user)
    if hindrances := [sentence for blocker in membership_blockers for sentence in blocker(membership)]:
        raise ValidationError(hindrances)
    membership.delete()


# --- Units ----------------------------------------------------------------------------------------------------


@transaction.atomic
def unit_create(*, code: str, name: str, legal_basis: str) -> Unit:
    """A new unit, with its first name since ever. ValidationError when the code is taken."""
    unit = Unit(code=code)
    unit.full_clean()
    unit.save()
    unit_rename(unit=unit, name=name, legal_basis=legal_basis, valid_from=UnitTerm.SINCE_EVER)
    return unit


@transaction.atomic
def unit_rename(*, unit: Unit, name: str, legal_basis: str, valid_from: dt.date) -> UnitTerm:
    """Give a unit another name or legal basis from a day on; what it was called before is kept.

    ValidationError when another term already begins that day.
    """
    term = UnitTerm(unit=unit, name=name, legal_basis=legal_basis, valid_from=valid_from)
    term.full_clean()
    term.save()
    return term


@transaction.atomic
def unit_term_correct(*, term: UnitTerm, name: str, legal_basis: str, valid_from: dt.date | None = None) -> UnitTerm:
    """Put right what was written wrong of a name: for the whole time that it holds, unlike `unit_rename`. The first
    keeps its day (`valid_from` None). The history keeps what stood there. ValidationError as `unit_rename`."""
    term.name, term.legal_basis, term.valid_from = name, legal_basis, valid_from or term.valid_from
    term.full_clean()
    term.save()
    return term


# --- Settings -------------------------------------------------------------------------------------------------


@transaction.atomic
def setting_change(*, key: str, value) -> MunicipalSetting:
    """Store the municipality's value of a setting. ValidationError when its form field refuses the value."""
    value = municipal.definition_of(key).form_field().clean(value)
    stored = json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    setting, _made = MunicipalSetting.objects.update_or_create(key=key, defaults={"value": stored})
    return setting


# --- The demo -------------------------------------------------------------------------------------------------


@transaction.atomic
def demo_users_create() -> None:
    """Name the demo's municipality and make its users, without memberships; what exists is left as it is."""
    name = municipal.MUNICIPALITY_NAME
    if municipal.value_of(name.key) == name.default:
        setting_change(key=name.key, value=demo.MUNICIPALITY)
    password = make_password(demo.PASSWORD)  # once: it is meant to be slow
    for login in demo.LOGINS:
        User.objects.get_or_create(
            email=login.email,
            defaults={"given_name": login.given_name, "family_name": login.family_name, "password": password},
        )


@transaction.atomic
def demo_memberships_create() -> None:
    """Give the demo's users their roles. DoesNotExist when a unit of theirs is not there yet."""
    for login in demo.LOGINS:
        Membership.objects.get_or_create(
            user=User.objects.get(email=login.email),
            role=login.role,
            unit=Unit.objects.get(code=login.unit) if login.unit else None,
        )
