"""What is typed about participants, and which of it can be stored."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Enrolment
from participants.models.journal import ContactKind
from participants.querysets import CASE_ROLES

#: Some ten pages. A paste of a whole document by mistake is told so.
LONGEST_TEXT = 20_000


class JournalText(forms.CharField):
    """A journal text, with line breaks as one character whatever the browser sends."""

    default_error_messages = {
        "max_length": _("Write at most %(limit_value)d characters. There are %(show_value)d now.")
    }

    def __init__(self, *, rows: int, **options):
        options.setdefault("max_length", LONGEST_TEXT)
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(widget=widget, **options)
        self.widget.attrs.pop("maxlength", None)  # a browser would cut a paste short without a word

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n").replace("\r", "\n") if value else value)


class ContactForm(forms.Form):
    """A contact with a participant: how, which day, and what was said.

    `known_since` is the first day on which the user's units knew the participant; a contact cannot be earlier, nor in
    the future.
    """

    kind = forms.ChoiceField(
        label=_("Kind of contact"),
        choices=ContactKind,
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Choose how you were in contact.")},
    )
    occurred_on = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Give the day."), "invalid": _("Write the day as 2026-03-31.")},
    )
    text = JournalText(rows=5, label=_("What happened?"), error_messages={"required": _("Write what happened.")})

    def __init__(self, *args, known_since: dt.date, **options):
        super().__init__(*args, **options)
        self.known_since = known_since
        self.fields["occurred_on"].widget.attrs |= {
            "min": known_since.isoformat(),
            "max": timezone.localdate().isoformat(),
        }

    def clean_occurred_on(self) -> dt.date:
        day = self.cleaned_data["occurred_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                _("The date is in the future. Write the contact down when it has taken place.")
            )
        if day < self.known_since:
            raise forms.ValidationError(
                _("The date is before %(day)s, when the participant became known here."),
                params={"day": date_format(self.known_since)},
            )
        return day


class LogForm(ContactForm):
    """The form that stands open in the file: a contact, and what belongs to the open window.

    `token` makes the form one entry however often it is sent; `draft_seen` is the version of the draft it shows.
    """

    token = forms.UUIDField(widget=forms.HiddenInput)
    draft_seen = forms.CharField(widget=forms.HiddenInput, required=False)


class EditForm(ContactForm):
    """A contact that is changed the same day; `version` is the wording that was read."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)


class AdditionForm(forms.Form):
    """What is added to an entry that can no longer be changed."""

    text = JournalText(rows=4, label=_("Addition"), error_messages={"required": _("Write what you want to add.")})


class DraftForm(forms.Form):
    """What has been typed so far, right or wrong: only what cannot be stored at all is refused."""

    kind = forms.CharField(required=False)
    occurred_on = forms.CharField(required=False, max_length=40)
    text = JournalText(rows=5, required=False, strip=False)
    token = forms.UUIDField(required=False)
    draft_seen = forms.CharField(required=False)
    other_seen = forms.CharField(required=False)

    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        return kind if kind in ContactKind.values else ""

    def clean_token(self) -> uuid.UUID:
        return self.cleaned_data["token"] or uuid.uuid4()


class KindFilterForm(forms.Form):
    """Which kind of contact the journal shows; the address's parameter is Swedish like the rest of the address."""

    typ = forms.ChoiceField(
        label=_("Kind of contact"), choices=[("", _("All")), *ContactKind.choices], required=False
    )


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
