"""What is typed about steering groups, audits, meetings, decisions and actions."""

import datetime as dt

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.swedish import SwedishSortKey
from participants.forms import day_field
from placements.kept_forms import KeptForm
from tracks.models import Action, ActionState, Decision, Meeting, SteeringGroup, Track, TrackVersion
from tracks.querysets import READING_ROLES

#: A day that is further away is a wrong year.
FAR = dt.timedelta(days=10 * 365)


def _near(day: dt.date) -> dt.date:
    if abs(day - timezone.localdate()) > FAR:
        raise forms.ValidationError(_("That is more than ten years away. Check the year."))
    return day


class GroupForm(KeptForm):
    """A steering group, or an audit whose recommendations are followed up."""

    class Meta:
        model = SteeringGroup
        fields = ("name", "kind", "members", "tracks")
        widgets = {
            "members": forms.Textarea(attrs={"rows": 4}),
            "tracks": forms.CheckboxSelectMultiple,
            "kind": forms.RadioSelect(attrs={"class": "across"}),
        }
        labels = {"kind": pgettext_lazy("steering", "What it is"), "tracks": _("Which job tracks it is about")}
        help_texts = {
            "name": _("For example Styrgrupp för jobbspår, or Stadsrevisionen 2026."),
            "members": _("One on each line, with their office. Of an audit: who answers for the answers."),
        }
        error_messages = {"name": {"required": _("Write what it is called.")}}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        group = self.instance
        published = TrackVersion.objects.published().values("track")
        there = Q(closed_on=None, pk__in=published) | Q(pk__in=group.tracks.values("pk") if group.pk else ())
        self.fields["tracks"].queryset = Track.objects.filter(there).order_by(SwedishSortKey("name"), "pk")

    @property
    def facts(self) -> dict:
        return {name: value for name, value in super().facts.items() if name != "tracks"}

    def told(self, row) -> list[tuple[str, str]]:
        rest = [name for name in self.names if name != "tracks"]
        told = [(self.fields[name].label, getattr(row, name) or "–") for name in rest if name != "kind"]
        names = ", ".join(track.name for track in row.tracks.all())
        return [
            *told,
            (self.fields["kind"].label, row.get_kind_display()),
            (self.fields["tracks"].label, names or "–"),
        ]


class MeetingForm(KeptForm):
    """When a group met, who was there, and what was said besides what was decided."""

    day = day_field(_("Day"))

    class Meta:
        model = Meeting
        fields = ("day", "present", "note")
        widgets = {"present": forms.Textarea(attrs={"rows": 3}), "note": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "present": _("Empty before the meeting has been."),
            "note": _("Never anything about a participant: whoever reads job tracks reads this."),
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if not self.instance.pk:
            self.initial.setdefault("day", timezone.localdate())

    def clean_day(self) -> dt.date:
        day = self.cleaned_data["day"]
        return day if day == self.instance.day else _near(day)


class DecisionForm(KeptForm):
    """What a meeting decided, or an audit recommends."""

    class Meta:
        model = Decision
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"text": {"required": _("Write what was decided.")}}


class ActionForm(KeptForm):
    """What is to be done, by whom, until when. Who does it has an account here, or is named."""

    due = day_field(_("To be done by"))
    owner_name = forms.CharField(
        label=_("Somebody else"),
        max_length=210,
        required=False,
        help_text=_("Who does it, if they have no account here."),
    )

    class Meta:
        model = Action
        fields = ("text", "owner", "owner_name", "due")
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        labels = {"owner": _("Who does it")}
        help_texts = {"owner": _("Somebody with an account sees it in Min dag when it is near.")}
        error_messages = {"text": {"required": _("Write what is to be done.")}}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        chosen = [self.instance.owner_id] if self.instance.owner_id else []
        there = User.objects.who_may_be(*READING_ROLES).values("pk")
        rows = User.objects.filter(Q(pk__in=there) | Q(pk__in=chosen))
        self.fields["owner"].queryset = rows.in_swedish_order()
        self.fields["owner"].empty_label = pgettext_lazy("owner", "Somebody else")
        if self.instance.owner_id:
            self.initial["owner_name"] = ""

    def clean_due(self) -> dt.date:
        return _near(self.cleaned_data["due"])

    def clean(self):
        said = super().clean()
        if said.get("owner"):
            said["owner_name"] = said["owner"].full_name
        elif not said.get("owner_name") and "owner_name" not in self.errors:
            self.add_error("owner", _("Choose who does it, or write the name below."))
        return said


class ReportForm(KeptForm):
    """How far an action has come. What is done has something that shows it."""

    class Meta:
        model = Action
        fields = ("state", "evidence")
        widgets = {
            "state": forms.RadioSelect,
            "evidence": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "evidence": _("For example the number of a record, a decision, or where a report is to be found. "
                          "Of what is not to be done: why."),
        }  # fmt: skip

    def clean(self):
        said = super().clean()
        if not (said.get("evidence") or "evidence" in self.errors):
            if said.get("state") == ActionState.DONE:
                self.add_error("evidence", _("Say what shows that it is done."))
            elif said.get("state") == ActionState.DROPPED:
                self.add_error("evidence", _("Say why it is not to be done."))
        return said
