"""What is typed to book a placement: where first, then when, as what, what for."""

import uuid
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from participants.forms import JournalText, day_field
from participants.models import Activity
from placements.booking import rules
from placements.booking.services.book import Booked
from placements.models import Place, Supervisor, Workplace
from placements.models.placement import EMPLOYMENTS, CollectiveAgreement, Funding, ValueFor
from placements.schedule_forms import HoursRows
from vocabulary.codes import Need, PlacementForm

LONGEST = 1000


class SearchForm(forms.Form):
    """For which activity of the plan, and what the place or the workplace is called."""

    insats = forms.ChoiceField(label=_("Activity of the plan"), required=False)
    q = forms.CharField(label=_("Place, workplace or employer"), max_length=100, required=False)

    def __init__(self, data, *, activities: list[Activity]):
        super().__init__(data)
        self.fields["insats"].choices = [(str(each.public_id), activity_words(each)) for each in activities]


def activity_words(activity: Activity) -> str:
    return f"{activity.form.label}: {activity.purpose}"


def supervisor_choices(supervisors: list[Supervisor], day) -> list[tuple[str, str]]:
    """The supervisors of a workplace, each with whether a training holds on the day."""
    return [
        (
            str(each.public_id),
            gettext("%(name)s, trained") % {"name": each.name}
            if rules.is_trained(each, day)
            else gettext("%(name)s, without a valid training") % {"name": each.name},
        )
        for each in supervisors
    ]


def grade_field(**options) -> forms.DecimalField:
    """What part of full time, in per cent as people say it."""
    return forms.DecimalField(
        label=_("Part of full time, per cent"),
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
        localize=True,
        error_messages={
            "required": _("Write what part of full time the employment is."),
            "invalid": _("Write the part as a number, such as 75."),
            "max_value": _("Full time is 100 per cent. It cannot be more."),
            "min_value": _("Write a number above 0."),
        },
        **options,
    )


def value_field(side: str, **options) -> JournalText:
    labels = {
        ValueFor.PERSON: _("What value is it to add for the participant?"),
        ValueFor.WORKPLACE: _("What value is it to add for the workplace?"),
    }
    missing = _("Write what value is expected. It is assessed when the employment has ended.")
    return JournalText(
        rows=2, max_length=LONGEST, label=labels[side], error_messages={"required": missing}, **options
    )


class BookForm(forms.Form):
    """Everything about a placement but where it is and for which activity, which its page has asked before."""

    start = day_field(_("First day"))
    end = day_field(_("Last day"), required=False, help_text=_("Empty: until further notice."))
    form = forms.ChoiceField(label=_("Form of placement"), error_messages={"required": _("Choose a form.")})
    grade = grade_field(required=False)
    collective_agreement = forms.ChoiceField(
        label=_("Collective agreement"),
        choices=[("", "–"), *CollectiveAgreement.choices],
        required=False,
    )
    funding = forms.ChoiceField(label=_("Who pays"), choices=[("", "–"), *Funding.choices], required=False)
    supervisor = forms.ChoiceField(label=_("Supervisor"), required=False)
    need = forms.ChoiceField(
        label=_("Whose need"),
        choices=Need,
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Choose whose need it serves.")},
    )
    purpose = JournalText(
        rows=2,
        max_length=LONGEST,
        label=_("Purpose"),
        error_messages={"required": _("Write the purpose of the placement. Nothing is booked without one.")},
    )
    expected_outcome = JournalText(
        rows=2,
        max_length=LONGEST,
        label=_("Expected outcome"),
        error_messages={
            "required": _("Write what is expected of the placement. Nothing is booked without it."),
        },
    )
    expected_person = value_field(ValueFor.PERSON, required=False)
    expected_workplace = value_field(ValueFor.WORKPLACE, required=False)
    on_holidays = forms.BooleanField(label=_("Also on public holidays"), required=False)
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    use_required_attribute = False

    def __init__(
        self, *args, activity: Activity, workplace: Workplace, place: Place | None, supervisors: list, **options
    ):
        super().__init__(*args, **options)
        self.activity, self.workplace, self.place = activity, workplace, place
        today = timezone.localdate()
        begins = [day for day in (activity.start, place.start if place else None) if day]
        start = max([today, *begins])
        self.initial |= {
            "start": start,
            "end": activity.end if activity.end and activity.end >= start else (place.end if place else None),
            "need": activity.need,
            "purpose": activity.purpose,
            "expected_outcome": activity.expected_outcome,
            "supervisor": place.supervisor.public_id if place and place.supervisor else "",
        }
        self.forms = rules.forms_of(activity)
        self.fields["form"].choices = [(each.value, each.label) for each in self.forms]
        self.initial["form"] = self.forms[0].value
        self.supervisors = {str(each.public_id): each for each in supervisors}
        nobody = pgettext("supervisor", "Nobody yet")
        self.fields["supervisor"].choices = [("", nobody), *supervisor_choices(supervisors, start)]
        self.sure, some = (
            all(each in EMPLOYMENTS for each in self.forms),
            any(each in EMPLOYMENTS for each in self.forms),
        )
        if len(self.forms) == 1:
            self.fields["form"].widget = forms.HiddenInput()
        if not some:
            for name in ("grade", "collective_agreement"):
                del self.fields[name]
        elif self.sure:
            for name in ("grade", "collective_agreement", "funding", "expected_person", "expected_workplace"):
                self.fields[name].required = True
            self.fields["collective_agreement"].error_messages["required"] = _("Choose the collective agreement.")
            self.fields["funding"].error_messages["required"] = _("Choose who pays.")
        else:
            self.fields["grade"].help_text = _("Only for an employment.")

    def clean(self):
        said = super().clean()
        if said.get("form") in EMPLOYMENTS and not self.sure:
            for name in ("grade", "collective_agreement", "funding"):
                if not self.has_error(name) and said.get(name) in (None, ""):
                    self.add_error(name, _("An employment must have this."))
        return said

    def booked(self, rows: HoursRows) -> Booked:
        """What is booked, with the hours of the valid `rows`."""
        said = self.cleaned_data
        employed = said["form"] in EMPLOYMENTS
        grade = said.get("grade") if employed else None
        return Booked(
            workplace=self.workplace,
            place=self.place,
            start=said["start"],
            end=said["end"],
            form=PlacementForm(said["form"]),
            purpose=said["purpose"],
            expected_outcome=said["expected_outcome"],
            need=said["need"],
            supervisor=self.supervisors.get(said["supervisor"]),
            grade=grade / 100 if grade else None,
            collective_agreement=said.get("collective_agreement", "") if employed else "",
            funding=said["funding"],
            expected={
                ValueFor.PERSON: said["expected_person"],
                ValueFor.WORKPLACE: said["expected_workplace"],
            },
            hours=rows.hours,
            on_holidays=said["on_holidays"],
        )
