"""What is typed about groups, sessions, seats and attendance, and which of it can be stored."""

import datetime as dt
import uuid

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit, User
from participants.forms import day_field
from participants.models import Activity
from participants.permissions import WRITING_ROLES
from placements.groups.services import days_between
from placements.models import Group, GroupPlace
from placements.models.group import MARKS
from vocabulary.codes import ActivityKind, AttendanceStatus
from vocabulary.models import ActivityForm

WEEKDAYS = (
    ("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday")), ("4", _("Friday")),
    ("5", _("Saturday")), ("6", _("Sunday")),
)  # fmt: skip
#: So many sessions at once and no more: a year of every day is a slip of the pen.
MOST_SESSIONS = 200
#: A day of a group that is further away is a wrong year.
FAR = dt.timedelta(days=5 * 365)


def _near(day: dt.date) -> dt.date:
    """ValidationError for a day that nobody can have meant."""
    if abs(day - timezone.localdate()) > FAR:
        raise forms.ValidationError(_("That is more than five years away. Check the year."))
    return day


def _time(label) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Give the time."), "invalid": _("Write the time as 09:30.")},
    )


class GroupForm(forms.ModelForm):
    """What a group is. `units` are those in which the user may start one; of a group that is there the unit stays."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), empty_label=None, error_messages={"required": _("Choose a unit.")}
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    start = day_field(_("First day"))
    end = day_field(_("Last day"), required=False, help_text=_("Empty if the group goes on until further notice."))

    seats = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=1000,
        error_messages={
            "required": _("Write how many can take part at the same time."),
            "min_value": _("A group has at least one seat."),
            "invalid": _("Write a whole number."),
        },
    )

    class Meta:
        model = Group
        fields = ("name", "unit", "form", "about", "leader", "where", "start", "end", "seats")
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "name": _("For example Jobbsökargrupp tisdag. The participants see it too."),
            "about": _("What the participants do there, in a few sentences."),
            "where": _("Such as Storgatan 4, room 12."),
        }
        error_messages = {
            "name": {"required": _("Write what the group is called.")},
            "form": {"required": _("Choose a form of activity.")},
        }

    field_order = (*Meta.fields, "token", "seen")

    def __init__(self, *args, units: list[Unit], **options):
        super().__init__(*args, **options)
        group = self.instance
        if group.pk:
            del self.fields["unit"], self.fields["token"]
            self.initial["seen"] = group.revision
            units = [group.unit]
        elif len(units) == 1:
            del self.fields["unit"]
        else:
            self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units]).named()
        self.units = units
        forms_there_are = Q(pk=group.form_id) if group.pk else Q(pk__in=())
        self.fields["form"].queryset = ActivityForm.objects.choosable_on(timezone.localdate()).filter(
            kind=ActivityKind.ACTIVITY
        ) | ActivityForm.objects.filter(forms_there_are)
        self.fields["form"].empty_label = pgettext_lazy("form of activity", "Choose")
        self.fields["leader"].queryset = _staff_of(units, group)
        self.fields["leader"].empty_label = pgettext_lazy("leader", "Nobody yet")

    def clean_start(self) -> dt.date:
        start = self.cleaned_data["start"]
        return start if start == self.instance.start else _near(start)

    def clean_end(self) -> dt.date | None:
        end = self.cleaned_data["end"]
        return end if end in (None, self.instance.end) else _near(end)

    def clean(self):
        data = super().clean()
        start, end, form = data.get("start"), data.get("end"), data.get("form")
        if start and end and end < start:
            self.add_error("end", _("The last day is before the first."))
        if form and start and not form.is_choosable_on(start):
            error = _("%(form)s cannot be chosen for a group that begins on %(day)s.")
            self.add_error(
                "form", forms.ValidationError(error, params={"form": form.label, "day": date_format(start)})
            )
        return data

    @property
    def chosen_unit(self) -> Unit:
        return self.cleaned_data.get("unit") or self.units[0]

    @property
    def facts(self) -> dict:
        left_out = ("unit", "token", "seen")
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}

    def _post_clean(self):
        """The database judges in the service; here nothing of the instance is changed."""


def _staff_of(units: list[Unit], group: Group):
    """Who can lead a group of these units: those who work with cases there, and who leads it today."""
    of_units = Q(memberships__unit__in=units) | Q(memberships__unit=None)
    roles = Q(memberships__role__in=[*WRITING_ROLES, "manager"])
    there = User.objects.filter(of_units & roles, is_active=True)
    chosen = [group.leader_id] if group.leader_id else []
    return User.objects.filter(Q(pk__in=there.values("pk")) | Q(pk__in=chosen)).in_swedish_order()


class EndForm(forms.Form):
    """The last day of a group."""

    end = day_field(_("Last day of the group"))

    def __init__(self, *args, group: Group, **options):
        super().__init__(*args, **options)
        self.group = group
        self.initial.setdefault("end", max(timezone.localdate(), group.start))

    def clean_end(self) -> dt.date:
        if self.cleaned_data["end"] < self.group.start:
            error = _("The group begins on %(day)s. It cannot end before that.")
            raise forms.ValidationError(error, params={"day": date_format(self.group.start)})
        return _near(self.cleaned_data["end"])


class ScheduleForm(forms.Form):
    """Sessions on some weekdays, from a day to a day, every week or every second, at one time of day."""

    first = day_field(_("From"))
    last = day_field(_("To"))
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "across"}),
        error_messages={"required": _("Choose at least one weekday.")},
    )
    every = forms.TypedChoiceField(
        label=_("How often"),
        choices=(("1", _("Every week")), ("2", _("Every second week"))),
        coerce=int,
        initial="1",
        widget=forms.RadioSelect(attrs={"class": "across"}),
    )
    begins = _time(pgettext_lazy("time of day", "Begins"))
    ends = _time(pgettext_lazy("time of day", "Ends"))

    def __init__(self, *args, group: Group, **options):
        super().__init__(*args, **options)
        self.group = group
        self.initial.setdefault("first", max(timezone.localdate(), group.start))
        if group.end:
            self.initial.setdefault("last", group.end)

    def clean_last(self) -> dt.date:
        return _near(self.cleaned_data["last"])

    def clean(self):
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if data.get("begins") and data.get("ends") and data["ends"] <= data["begins"]:
            self.add_error("ends", _("The session ends before it begins."))
        if first and first < self.group.start:
            error = _("The group begins on %(day)s. Sessions cannot come before that.")
            self.add_error("first", forms.ValidationError(error, params={"day": date_format(self.group.start)}))
        if last and self.group.end and last > self.group.end:
            error = _("The group ends on %(day)s. Sessions cannot come after that.")
            self.add_error("last", forms.ValidationError(error, params={"day": date_format(self.group.end)}))
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        if self.errors:
            return data
        data["days"] = days_between(first, last, map(int, data["weekdays"]), data["every"])
        if not data["days"]:
            self.add_error("weekdays", _("None of these weekdays comes between the two days."))
        elif len(data["days"]) > MOST_SESSIONS:
            error = _("That is %(count)s sessions. Plan at most %(most)s at once.")
            params = {"count": len(data["days"]), "most": MOST_SESSIONS}
            self.add_error("last", forms.ValidationError(error, params=params))
        return data


class CancelForm(forms.Form):
    """Why a session does not take place."""

    why = forms.CharField(
        label=_("Why is it cancelled?"),
        max_length=200,
        help_text=_("For example: the leader is ill."),
        error_messages={"required": _("Write why the session is cancelled.")},
    )


class SeatForm(forms.Form):
    """A seat in a group: for which activity, in which group, from when. `groups` and `activities` are what may be
    chosen; one of the two is usually given already."""

    activity = forms.ChoiceField(label=_("Activity"), error_messages={"required": _("Choose an activity.")})
    group = forms.ChoiceField(label=_("Group"), error_messages={"required": _("Choose a group.")})
    start = day_field(_("First day"))
    end = day_field(_("Last day"), required=False, help_text=_("Empty: as long as the group goes on."))
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, groups: list[Group], activities: list[Activity], names: bool, **options):
        """`names`: the activities belong to different participants, so each is told with its participant."""
        super().__init__(*args, **options)
        self.groups = {str(group.public_id): group for group in groups}
        self.activities = {str(activity.public_id): activity for activity in activities}
        self.fields["activity"].choices = _to_choose(
            [(key, _told(activity, names)) for key, activity in self.activities.items()]
        )
        if names:
            self.fields["activity"].label = _("Participant")
            self.fields["activity"].error_messages["required"] = _("Choose a participant.")
        self.fields["group"].choices = _to_choose([(key, group.name) for key, group in self.groups.items()])
        if len(groups) == 1:
            self.fields["group"].widget = forms.HiddenInput()
            self.initial["group"] = next(iter(self.groups), "")
            self.initial.setdefault("start", max(timezone.localdate(), groups[0].start))
        self.initial.setdefault("start", timezone.localdate())

    def clean(self):
        data = super().clean()
        group = self.groups.get(data.get("group", ""))
        activity = self.activities.get(data.get("activity", ""))
        start, end = data.get("start"), data.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day is before the first."))
        if group and start and start < group.start:
            error = _("The group begins on %(day)s. Choose that day or a later one.")
            self.add_error("start", forms.ValidationError(error, params={"day": date_format(group.start)}))
        if group and group.end and (day := end or start) and day > group.end:
            error = _("The group ends on %(day)s. Choose that day or an earlier one.")
            field = "end" if end else "start"
            self.add_error(field, forms.ValidationError(error, params={"day": date_format(group.end)}))
        if activity and start and start < activity.enrolment.start:
            error = _("The participant is enrolled from %(day)s. Choose that day or a later one.")
            params = {"day": date_format(activity.enrolment.start)}
            self.add_error("start", forms.ValidationError(error, params=params))
        if group and activity and group.form_id != activity.form_id:
            self.add_error("group", _("The activity is of another form than the group. Choose a group that fits."))
        data["group"], data["activity"] = group, activity
        return data


def _to_choose(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices, none of them made beforehand where there are several: nobody is seated by a press too many."""
    return [("", _("Choose")), *choices] if len(choices) > 1 else choices


def _told(activity: Activity, with_name: bool) -> str:
    words = f"{activity.form.label}: {activity.purpose}"
    return f"{activity.enrolment.participant.full_name} – {activity.purpose}" if with_name else words


class LeaveForm(forms.Form):
    """The last day of a participant in a group, and why they leave."""

    end = day_field(_("Last day in the group"))
    why = forms.CharField(
        label=_("Why?"),
        max_length=200,
        help_text=_("For example: begins a placement."),
        error_messages={"required": _("Write why the participant leaves the group.")},
    )

    def __init__(self, *args, place: GroupPlace, **options):
        super().__init__(*args, **options)
        self.place = place
        self.initial.setdefault("end", max(timezone.localdate(), place.start))

    def clean_end(self) -> dt.date:
        day = self.cleaned_data["end"]
        if day < self.place.start:
            error = _("The participant came to the group on %(day)s. The last day cannot be before that.")
            raise forms.ValidationError(error, params={"day": date_format(self.place.start)})
        if self.place.group.is_over_on(day):
            error = _("The group ends on %(day)s. Choose that day or an earlier one.")
            raise forms.ValidationError(error, params={"day": date_format(self.place.group.end)})
        return day


#: What a mark is called in a narrow table, beside the whole word for screen readers and in the key below.
SHORT = {
    AttendanceStatus.PRESENT: pgettext_lazy("attendance, short", "P"),
    AttendanceStatus.EXTERNAL: pgettext_lazy("attendance, short", "O"),
    AttendanceStatus.ABSENT_VALID: pgettext_lazy("attendance, short", "V"),
    AttendanceStatus.SICK_CERTIFIED: pgettext_lazy("attendance, short", "SC"),
    AttendanceStatus.SICK_REPORTED: pgettext_lazy("attendance, short", "S"),
    AttendanceStatus.ABSENT_INVALID: pgettext_lazy("attendance, short", "I"),
    AttendanceStatus.CANCELLED_BY_UNIT: pgettext_lazy("attendance, short", "C"),
}


class MarkForm(forms.Form):
    """How a session went for one participant. Not marked is a choice like the others: a mark can be taken away."""

    status = forms.ChoiceField(
        choices=[("", _("Not marked")), *((status, AttendanceStatus(status).label) for status in MARKS)],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "across"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, place: GroupPlace, status: str, **options):
        initial = {"status": status, "seen": status}
        super().__init__(data, prefix=str(place.public_id), initial=initial, **options)
        self.place = place
        self.fields["status"].label = place.enrolment.participant.full_name
