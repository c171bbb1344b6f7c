"""The choices of a session, for staff and for a supervisor."""

import datetime as dt
from collections.abc import Container, Iterable

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from participants.forms import day_field
from placements.hours import hours_between
from placements.marking.sessions import Planned
from placements.period import MOST_HOURS_A_DAY
from placements.schedules import Session
from vocabulary.codes import AttendanceStatus

STAFF = [("", gettext_lazy("Not marked")), *AttendanceStatus.choices]
#: What a supervisor can tell, in the words of somebody who was there.
SUPERVISOR = [
    ("", pgettext_lazy("attendance", "Not filled in")),
    (AttendanceStatus.PRESENT, pgettext_lazy("attendance", "Was here")),
    (AttendanceStatus.SICK_REPORTED, pgettext_lazy("attendance", "Ill, had told us")),
    (AttendanceStatus.ABSENT_VALID, pgettext_lazy("attendance", "Away, had told us")),
    (AttendanceStatus.ABSENT_INVALID, pgettext_lazy("attendance", "Away, had told nobody")),
    (AttendanceStatus.CANCELLED_BY_UNIT, pgettext_lazy("attendance", "We had closed")),
]


class SessionsForm(forms.Form):
    """A choice for each of some sessions, with what the page showed beside it; sessions to come cannot be chosen.

    `marks` and `seen` say what was chosen and shown, by the sessions' keys, of those that were sent.
    """

    def __init__(self, data, *, planned: Iterable[Planned], today: dt.date, choices, prefix: str = "", **options):
        self.planned = [each for each in planned if each.session.day <= today]
        super().__init__(data, prefix=prefix or None, **options)
        for each in self.planned:
            named = {"day": date_format(each.session.day, "l j F"), "begins": f"{each.session.begins:%H.%M}"}
            # What staff have marked in a way that a supervisor cannot choose stays, and stands there in their words.
            known = dict(choices)
            more = [] if each.status in known else [(each.status, AttendanceStatus(each.status).label)]
            self.fields[each.key] = forms.ChoiceField(
                label=_("%(day)s, %(begins)s") % named, choices=[*choices, *more], required=False, initial=each.status
            )
            self.fields[f"{each.key}-seen"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=each.status
            )

    def _sent(self) -> list[str]:
        """The sessions that stood in the form when it was opened: what was planned since is not marked blindly."""
        return [each.key for each in self.planned if self.add_prefix(f"{each.key}-seen") in self.data]

    @property
    def marks(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self._sent()}

    @property
    def seen(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"{key}-seen"] for key in self._sent()}

    def sent_again(self, planned: Iterable[Planned]) -> MultiValueDict:
        """What was sent, for the form to be shown once more when somebody else has marked meanwhile: what is stored
        now (`planned`) as what was seen, and as what is chosen where nothing was said."""
        data = self.data.copy()
        for each in planned:
            name = self.add_prefix(each.key)
            if not data.get(name) and not data.get(f"{name}-seen"):
                data[name] = each.status
            data[f"{name}-seen"] = each.status
        return data

    def tell_overtaken(self, keys: Container[str]) -> None:
        """Put beside each of these sessions what somebody else has marked meanwhile."""
        for each in self.planned:
            if each.key in keys:
                error = _("Marked meanwhile as: %(status)s.") % {"status": each.label or _("Not marked")}
                self.add_error(each.key, error)

    def cells(self) -> list[tuple[Planned, forms.BoundField, forms.BoundField]]:
        """Each session with its choice and what was seen of it."""
        return [(each, self[each.key], self[f"{each.key}-seen"]) for each in self.planned]

    def cell(self, key: str) -> tuple[forms.BoundField, forms.BoundField]:
        return self[key], self[f"{key}-seen"]


def _time(label) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Give the time."),
            "invalid": gettext_lazy("Write the time as 09:30."),
        },
    )


class ExtraForm(forms.Form):
    """A session that no schedule plans, and how it went."""

    day = day_field(gettext_lazy("Day"))
    begins = _time(pgettext_lazy("time of day", "From"))
    ends = _time(pgettext_lazy("time of day", "To"))
    break_minutes = forms.IntegerField(
        label=pgettext_lazy("schedule", "Break, minutes"),
        required=False,
        min_value=0,
        max_value=240,
        error_messages={"invalid": gettext_lazy("Write the minutes as a whole number.")},
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Attendance"), choices=AttendanceStatus.choices, initial=AttendanceStatus.PRESENT
    )

    use_required_attribute = False

    def clean(self):
        said = self.cleaned_data
        if self.errors:
            return
        if said["ends"] <= said["begins"]:
            self.add_error("ends", _("The end is before the start."))
            return
        length = hours_between(said["begins"], said["ends"], said["break_minutes"] or 0)
        if length <= 0:
            self.add_error("break_minutes", _("The break is longer than the session."))
        elif length > MOST_HOURS_A_DAY:
            self.add_error(
                "ends", _("That is more than %(hours)s hours. Check the times.") % {"hours": MOST_HOURS_A_DAY}
            )

    @property
    def session(self) -> Session:
        said = self.cleaned_data
        return Session(said["day"], said["begins"], said["ends"], said["break_minutes"] or 0)
