"""The filters of the list of users."""

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.forms import EVERYWHERE, unit_choices
from accounts.models import Membership, Role, User


class UserFilter(django_filters.FilterSet):
    """Search by name or address; role and unit are asked of the same membership."""

    q = django_filters.CharFilter(label=_("Name or e-mail address"), method="search")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role, empty_label=_("All roles"), method="later")
    unit = django_filters.ChoiceFilter(label=_("Unit"), empty_label=None, method="later")
    state = django_filters.ChoiceFilter(
        label=_("Account"),
        choices=[("open", _("Open")), ("closed", _("Closed"))],
        empty_label=_("Open and closed"),
        method="in_state",
    )

    class Meta:
        model = User
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["unit"].field.choices = unit_choices(_("All units"))

    def search(self, users, _name, value):
        return users.searched(value)

    def later(self, users, _name, _value):
        return users

    def in_state(self, users, _name, value):
        return users.filter(is_active=value == "open")

    def filter_queryset(self, users):
        users = super().filter_queryset(users)
        # Missing when the address asks for a role or a unit that does not exist: then nothing is narrowed by it.
        role, unit = self.form.cleaned_data.get("role"), self.form.cleaned_data.get("unit")
        memberships = Membership.objects.filter(user=OuterRef("pk"))
        if role:
            memberships = memberships.filter(role=role)
        if unit:
            memberships = memberships.filter(unit=None if unit == EVERYWHERE else unit)
        return users.filter(Exists(memberships)) if role or unit else users
