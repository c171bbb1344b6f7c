"""Whom a manager names."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Enrolment
from participants.querysets import CASE_ROLES


class NameForm(forms.Form):
    """Whom to name for a protected participant: of `staff` (users with their memberships) those who work with cases
    in the enrolment's unit, or in the whole municipality, and are not named yet."""

    user = forms.ChoiceField(label=_("Name a member of staff"))

    def __init__(self, *args, enrolment: Enrolment, staff: Iterable[User], **options):
        super().__init__(*args, **options)
        named = {access.user_id for access in enrolment.participant.access_list.all()}
        self.staff = {
            str(user.public_id): user
            for user in staff
            if user.pk not in named
            and any(
                each.role in CASE_ROLES and each.unit_id in (None, enrolment.unit_id)
                for each in user.memberships.all()
            )
        }
        choices = [(public_id, user.full_name) for public_id, user in self.staff.items()]
        self.fields["user"].choices = [("", "–"), *choices]

    def clean_user(self) -> User:
        return self.staff[self.cleaned_data["user"]]
