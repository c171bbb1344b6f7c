"""What is filled in when somebody is to stand in."""

import uuid
from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from participants.forms import day_field


class DeputyForm(forms.Form):
    """Who is away, who stands in, and when. `people` are those who write in each unit that may be chosen."""

    unit = forms.ChoiceField(label=_("Unit"))
    absent = forms.ChoiceField(label=_("Who is away?"), error_messages={"required": _("Choose who is away.")})
    deputy = forms.ChoiceField(label=_("Who stands in?"), error_messages={"required": _("Choose who stands in.")})
    start = day_field(_("Away from"), missing=_("Give the first day."))
    end = day_field(_("Away until, the day included"), missing=_("Give the last day."))
    token = forms.UUIDField(widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(
        self, data, *, user: User, units: Mapping[int, Unit], people: Mapping[int, list[User]], manages: bool
    ):
        super().__init__(data)
        self.user, self.units, self.people = user, units, people
        self.initial["token"] = uuid.uuid4()
        self.initial["start"] = timezone.localdate()
        self.fields["unit"].choices = [(unit.code, unit.name) for unit in units.values()]
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.initial["unit"] = next(iter(units.values())).code
        everybody = {str(each.public_id): each for unit in units for each in people[unit]}
        self.by_key = everybody
        choices = [("", _("Choose")), *((key, each.full_name) for key, each in everybody.items())]
        self.fields["deputy"].choices = [each for each in choices if manages or each[0] != str(user.public_id)]
        if manages:
            self.fields["absent"].choices = choices
        else:
            del self.fields["absent"]

    def clean_unit(self) -> Unit:
        return next(unit for unit in self.units.values() if unit.code == self.cleaned_data["unit"])

    def clean_absent(self) -> User:
        return self.by_key[self.cleaned_data["absent"]]

    def clean_deputy(self) -> User:
        return self.by_key[self.cleaned_data["deputy"]]

    def clean(self):
        cleaned = super().clean()
        cleaned.setdefault("absent", None if "absent" in self.fields else self.user)
        unit, deputy, absent = cleaned.get("unit"), cleaned.get("deputy"), cleaned.get("absent")
        if deputy and deputy == absent:
            self.add_error("deputy", _("Nobody stands in for themselves."))
        elif unit and deputy and deputy not in self.people[unit.pk]:
            self.add_error("deputy", _("The one who stands in must work in the same unit."))
        if unit and absent and absent not in self.people[unit.pk]:
            self.add_error("absent" if "absent" in self.fields else "unit", _("Does not work in that unit."))
        if cleaned.get("start") and cleaned.get("end") and cleaned["end"] < cleaned["start"]:
            self.add_error("end", _("The last day is before the first."))
        return cleaned
