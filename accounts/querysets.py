"""How users and units are read."""

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat

from accounts.swedish import SwedishSortKey, sort_key


class UserQuerySet(models.QuerySet):
    def active(self):
        """Users who can sign in."""
        return self.filter(is_active=True)

    def who_may_be(self, *roles: str):
        """Users who can sign in and hold one of the roles somewhere, with their memberships."""
        holders = self.active().filter(memberships__role__in=roles).values("pk")
        return self.filter(pk__in=holders).prefetch_related("memberships")

    def with_role_in(self, unit_id: int, *roles: str):
        """Users who can sign in and hold one of the roles in the unit, or in the whole municipality."""
        memberships = apps.get_model("accounts", "Membership").objects.filter(
            Q(unit=unit_id) | Q(unit=None), role__in=roles
        )
        return self.active().filter(pk__in=memberships.values("user"))

    def searched(self, text: str):
        """Users in whose name or e-mail address each typed word occurs."""
        users = self
        for word in text.split():
            users = users.filter(
                Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word)
            )
        return users

    def in_swedish_order(self):
        """By family name."""
        return self.order_by(SwedishSortKey(Concat("family_name", Value(" "), "given_name")), "pk")

    def with_memberships(self):
        """Users with their memberships and the units' names, for a list."""
        return self.prefetch_related("memberships__unit__terms")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Users are made by e-mail address; the first administrator by `manage.py createsuperuser`."""

    def create_user(self, email: str, password: str | None = None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        """An administrator of the whole municipality: the product has no user above the roles."""
        user = self.create_user(email, password, **fields)
        user.memberships.create(role="administrator", unit=None)
        return user

    def get_by_natural_key(self, email: str):
        return self.get(email__iexact=email)


class UnitQuerySet(models.QuerySet):
    """Units are read with their terms, because a unit's name is one of them."""

    def named(self):
        return self.prefetch_related("terms")

    def by_name(self) -> list:
        """The units with their names, in Swedish order of what they are called today."""
        return sorted(self.named(), key=lambda unit: sort_key(unit.name))

    def with_member_count(self):
        """Units with `member_count`: the people who can sign in and have a role there."""
        members = models.Count("memberships__user", filter=Q(memberships__user__is_active=True), distinct=True)
        return self.annotate(member_count=members)

    def in_scope(self, scope):
        """The units of a `Scope`, with their names."""
        return (self if scope.everything else self.filter(pk__in=scope.unit_ids)).named()
