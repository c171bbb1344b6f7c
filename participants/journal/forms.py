"""What is typed in the journal, and which of it can be stored."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import fields

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.swedish import folded
from participants.attachments.forms import AttachmentsField
from participants.attachments.municipal import limits
from participants.file_kinds import KINDS
from participants.forms import JournalText, day_field
from participants.models import Enrolment
from participants.models.journal import Audience, EntryKind, SentWay, Wording
from participants.search import spellings

ALL = pgettext_lazy("journal entries", "All")
_NUMBER = re.compile(r"\d[\d \t+-]{8,12}\d")


class EntryForm(forms.Form):
    """An entry of the journal: what it tells of, which day, what was said, whether the participant may be shown it.

    `known_since` is the first day on which the user's units knew the participant; an entry cannot be earlier, nor in
    the future. What was sent, to whom and how is asked of a document only.
    """

    kind = forms.ChoiceField(
        label=_("Kind of entry"),
        choices=EntryKind,
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Choose what the entry tells of.")},
    )
    document = forms.CharField(
        label=_("Which document?"),
        max_length=200,
        error_messages={"required": _("Write which document was sent.")},
    )
    recipient = forms.CharField(
        label=_("To whom?"), max_length=200, error_messages={"required": _("Write to whom it was sent.")}
    )
    sent_way = forms.ChoiceField(
        label=_("How was it sent?"),
        choices=[("", "–"), *SentWay.choices],
        error_messages={"required": _("Choose how it was sent.")},
    )
    occurred_on = day_field(_("Date"))
    text = JournalText(rows=5, label=_("What happened?"), error_messages={"required": _("Write what happened.")})
    audience = forms.ChoiceField(
        label=_("Who is the entry for?"),
        help_text=_(
            "The mark decides what is shown and printed when the participant reads the journal with you. The "
            "participant may still ask for everything that is written here."
        ),
        choices=Audience,
        initial=Audience.INTERNAL,
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Choose whom the entry is for.")},
    )

    OF_A_DOCUMENT = ("document", "recipient", "sent_way")

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

    def clean(self):
        data = super().clean()
        if data.get("kind") == EntryKind.DOCUMENT:
            if not (self["text"].data or "").strip():
                self._not_asked("text")
        else:
            for name in self.OF_A_DOCUMENT:
                self._not_asked(name)
        return data

    def _not_asked(self, name: str) -> None:
        """The field is not one of this kind of entry: whatever stands in it."""
        self.errors.pop(name, None)
        self.cleaned_data[name] = ""

    @property
    def wording(self) -> Wording:
        """What a valid form says."""
        return Wording(**{field.name: self.cleaned_data[field.name] for field in fields(Wording)})


def _help_with_files() -> str:
    kinds = ", ".join(dict.fromkeys(ending.removeprefix(".") for kind in KINDS for ending in kind.endings[:1]))
    most = limits().file // (1024 * 1024)
    return _("%(kinds)s; at most %(most)d MB each. You can choose several.") % {"kinds": kinds, "most": most}


class LogForm(EntryForm):
    """The form that stands open in the file: an entry, files to attach, and what belongs to the open window.

    `token` makes the form one entry however often it is sent; `draft_seen` is the version of the draft it shows. The
    field of files has the token in its id, so that a form which comes back with errors keeps what was chosen
    (`hx-preserve`) and the next form does not.
    """

    files = AttachmentsField(label=_("Files"))
    token = forms.UUIDField(widget=forms.HiddenInput)
    draft_seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["files"].help_text = _help_with_files()
        self.fields["files"].widget.attrs["id"] = f"files-{self['token'].value()}"


class EditForm(EntryForm):
    """An entry that is changed the same day; `version` is the wording that was read."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)


class AdditionForm(forms.Form):
    """What is added to an entry that can no longer be changed: text, files, or both. `token` makes the form one
    addition however often it is sent.

    `there` are the files that the entry has already, by their hash how large they are.
    """

    text = JournalText(rows=4, label=_("Addition"), required=False)
    files = AttachmentsField()
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, there: Mapping[str, int] | None = None, **options):
        super().__init__(*args, **options)
        self.initial.setdefault("token", uuid.uuid4())
        self.fields["files"].there = there or {}
        self.fields["files"].help_text = _help_with_files()

    def clean(self):
        data = super().clean()
        data["token"] = data.get("token") or uuid.uuid4()
        if not self.errors and not data.get("text") and not data.get("files"):
            self.add_error("text", _("Write what you want to add, or choose a file."))
        return data


class DraftForm(forms.Form):
    """What has been typed so far, right or wrong: only what cannot be stored at all is refused."""

    kind = forms.CharField(required=False)
    document = forms.CharField(required=False, max_length=200, strip=False)
    recipient = forms.CharField(required=False, max_length=200, strip=False)
    sent_way = forms.CharField(required=False)
    occurred_on = forms.CharField(required=False, max_length=40)
    text = JournalText(rows=5, required=False, strip=False)
    audience = forms.CharField(required=False)
    token = forms.UUIDField(required=False)
    draft_seen = forms.CharField(required=False)
    other_seen = forms.CharField(required=False)

    def clean_kind(self) -> str:
        return self._known("kind", EntryKind, "")

    def clean_sent_way(self) -> str:
        return self._known("sent_way", SentWay, "")

    def clean_audience(self) -> str:
        return self._known("audience", Audience, Audience.INTERNAL)

    def _known(self, name: str, choices, otherwise: str) -> str:
        value = self.cleaned_data[name]
        return value if value in choices.values else otherwise

    def clean_token(self) -> uuid.UUID:
        return self.cleaned_data["token"] or uuid.uuid4()

    @property
    def wording(self) -> Wording:
        return Wording(**{field.name: self.cleaned_data[field.name] for field in fields(Wording)})


class EntryFilterForm(forms.Form):
    """Which entries the journal shows; the address's parameters are Swedish like the rest of the address."""

    typ = forms.ChoiceField(label=_("Kind of entry"), choices=[("", ALL), *EntryKind.choices], required=False)
    visas = forms.ChoiceField(label=_("For whom"), choices=[("", ALL), *Audience.choices], required=False)


class ExtractForm(forms.Form):
    """The days of which the participant is shown the journal; empty: all."""

    fran = day_field(_("From"), required=False)
    till = day_field(_("Up to and including"), required=False)

    def clean(self):
        data = super().clean()
        first, last = data.get("fran"), data.get("till")
        if first and last and last < first:
            self.add_error("till", _("The last day is before the first."))
        return data


class MoveForm(forms.Form):
    """Why an entry is moved. It is read in both files, so it may name neither of the two `people`."""

    why = forms.CharField(
        label=_("Why is the entry moved?"),
        help_text=_(
            "For example: written in the wrong file by mistake. It is read in both files, so name neither person and "
            "nothing of what the entry says."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why the entry is moved.")},
    )

    def __init__(self, *args, people: tuple[Enrolment, ...], **options):
        super().__init__(*args, **options)
        self.people = people

    def clean_why(self) -> str:
        why = self.cleaned_data["why"]
        if any(_is_named(enrolment, why) for enrolment in self.people):
            raise forms.ValidationError(
                _("Write it without name, number and case number: it is read in both persons' files.")
            )
        return why


def _is_named(enrolment: Enrolment, text: str) -> bool:
    """Whether the text holds a name or a number, an earlier or a temporary one too, of the person whose enrolment it
    is."""
    person = enrolment.participant
    words, names = (re.findall(r"\w+", folded(each)) for each in (text, f"{person.given_name} {person.family_name}"))
    if any(name in words for name in names):
        return True
    now = (person.identity_number, person.temporary_number)
    had = {number for number in (*now, *person.former_numbers.values_list("number", flat=True)) if number}
    written = {re.sub(r"[^\w]", "", each).upper() for each in text.split()}  # as a temporary number is kept
    if had & (written | {number for each in _NUMBER.findall(text) for number in spellings(each)}):
        return True
    case = re.escape(enrolment.case_number.casefold())
    return bool(case) and re.search(rf"(?<!\w){case}(?!\w)", text.casefold()) is not None
