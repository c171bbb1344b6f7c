"""How users and units are read."""

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Collate, Concat, Lower


class UserQuerySet(models.QuerySet):
    def active(self):
        """Users who can sign in."""
        return self.filter(is_active=True)

    def searched(self, text: str):
        """Users in whose name or e-mail address each typed word occurs."""
        users = self
        for word in text.split():
            users = users.filter(
                Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word)
            )
        return users

    def in_swedish_order(self):
        """By family name with å, ä and ö last, on every server: no collation of the server is involved."""
        name = Func(
            Lower(Concat("family_name", Value(" "), "given_name")), Value("åäö"), Value("{|}"), function="translate"
        )
        return self.order_by(Collate(name, "C"), "pk")

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

    def with_member_count(self):
        """Units with `member_count`: the people who can sign in and have a role there."""
        members = models.Count("memberships__user", filter=Q(memberships__user__is_active=True), distinct=True)
        return self.annotate(member_count=members)

    def in_scope(self, scope):
        """The units of a `Scope`, with their names."""
        return (self if scope.everything else self.filter(pk__in=scope.unit_ids)).named()
