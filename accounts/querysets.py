"""How users and units are read."""

from django.contrib.auth.base_user import BaseUserManager
from django.db import models


class UserManager(BaseUserManager):
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

    def in_scope(self, scope):
        """The units of a `Scope`, with their names."""
        return (self if scope.everything else self.filter(pk__in=scope.unit_ids)).named()
