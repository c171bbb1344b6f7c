"""What is typed about a track and about the version that is being written; a step's form is in `step_forms`."""

import datetime as dt
import uuid

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from participants.forms import day_field
from participants.mapping.forms import OccupationField
from placements.kept_forms import KeptForm
from tracks.designing.facts import VERSION_FACTS
from tracks.models import Track, TrackVersion
from tracks.querysets import READING_ROLES
from vocabulary.models import Occupation

WRITE_NAME = {"name": {"required": _("Write what the track is called.")}}


def _owners(track: Track):
    """Who can answer for a track: whoever may read it, and who does so today."""
    chosen = [track.owner_id] if track.owner_id else []
    there = User.objects.who_may_be(*READING_ROLES).values("pk")
    return User.objects.filter(Q(pk__in=there) | Q(pk__in=chosen)).in_swedish_order()


class TrackForm(KeptForm):
    """What a track is called and who answers for it."""

    class Meta:
        model = Track
        fields = ("name", "owner")
        labels = {"owner": _("Owner")}
        help_texts = {"owner": _("Who answers for the track, and is asked about it.")}
        error_messages = WRITE_NAME

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["owner"].queryset = _owners(self.instance)
        self.fields["owner"].empty_label = pgettext_lazy("owner", "Nobody yet")


class VersionForm(forms.ModelForm):
    """What a version says besides its steps. `seen` is what the page showed of it."""

    occupation = OccupationField(
        label=_("Occupation (SSYK 2012)"),
        help_text=_(
            "Type a part of the name or the code, and choose from the list. Empty if it is for any occupation."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    class Meta:
        model = TrackVersion
        fields = VERSION_FACTS
        labels = {"shortage": _("There is a shortage of people in the occupation")}
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "target_group": forms.Textarea(attrs={"rows": 2}),
            "seat_cost": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        }
        help_texts = {
            "target_group": _("For example: young people 18–29 without work or studies."),
            "provider": _("Who arranges the courses, such as Komvux. Empty if nobody does."),
            "funding": _("Where the money comes from."),
            "seat_cost": _("On average for a participant, the whole track. Empty if it is not known."),
            "source": _("What the track is drawn from, such as a decision or a report."),
        }
        error_messages = {
            "target_group": {"required": _("Write for whom the track is.")},
            "purpose": {"required": _("Write what the track is for.")},
            "seat_cost": {
                "invalid": _("Write the cost as a number, for example 42000."),
                "min_value": _("The cost cannot be less than 0."),
                "max_digits": _("The cost is too high. Write it in kronor for one participant."),
                "max_whole_digits": _("The cost is too high. Write it in kronor for one participant."),
            },
        }

    def __init__(self, data=None, *args, **options):
        if data is not None and "seat_cost" in data:
            data = data.copy()  # as one writes it in Swedish: 85 000,50
            data["seat_cost"] = "".join(data["seat_cost"].split()).replace(",", ".")
        super().__init__(data, *args, **options)
        self.fields["seat_cost"].validators.append(MinValueValidator(0))
        if self.instance.pk and self.instance.occupation:
            self.initial["occupation"] = self.instance.occupation.told

    def clean_occupation(self) -> Occupation | None:
        chosen = self.cleaned_data["occupation"]
        return Occupation.objects.get(pk=chosen[0]) if chosen else None

    def clean(self):
        said = super().clean()
        if said.get("shortage") and not said.get("occupation") and "occupation" not in self.errors:
            self.add_error("occupation", _("Choose the occupation that lacks people."))
        return said

    @property
    def columns(self) -> dict:
        return {name: self.cleaned_data[name] for name in VERSION_FACTS}

    def _post_clean(self):
        """The database judges in the service; here nothing of the instance is changed."""


class NewTrackForm(VersionForm):
    """A new track: its name, its owner, and what its first version says."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        error_messages=WRITE_NAME["name"],
        help_text=_("For example Köksbiträde i skolan."),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Owner"),
        required=False,
        empty_label=pgettext_lazy("owner", "Nobody yet"),
        help_text=TrackForm.Meta.help_texts["owner"],
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    field_order = ("name", "owner", *VERSION_FACTS)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["owner"].queryset = _owners(Track())
        del self.fields["seen"]


class CloseForm(forms.Form):
    """Why no new round begins on the track."""

    why = forms.CharField(
        label=_("Why is it closed?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: there is no need any more, or another track has taken its place."),
        error_messages={"required": _("Say why the track is closed.")},
    )
    day = day_field(_("No new round begins from"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial.setdefault("day", timezone.localdate())

    def clean_day(self) -> dt.date:
        day = self.cleaned_data["day"]
        if abs(day.year - timezone.localdate().year) > 10:
            raise forms.ValidationError(_("That is more than ten years away. Check the year."))
        return day


class CompareForm(forms.Form):
    """Which versions of the track are compared."""

    fran = forms.ModelChoiceField(
        TrackVersion.objects.none(), label=_("Earlier"), to_field_name="number", empty_label=None
    )
    till = forms.ModelChoiceField(
        TrackVersion.objects.none(), label=_("Later"), to_field_name="number", empty_label=None
    )

    def __init__(self, *args, versions, **options):
        super().__init__(*args, **options)
        for each in self.fields.values():
            each.queryset = versions
            each.label_from_instance = version_told


def version_told(version: TrackVersion) -> str:
    """Version 2, or version 3 (draft)."""
    words = _("Version %(number)s") if version.is_published else _("Version %(number)s (draft)")
    return words % {"number": version.number}
