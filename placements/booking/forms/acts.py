"""What is typed in each of the acts on a placement. Whether it may be done, the services say."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from participants.forms import JournalText, day_field
from placements.booking import rules
from placements.booking.forms.book import LONGEST, grade_field, supervisor_choices, value_field
from placements.booking.services.change import FACTS
from placements.booking.services.finish import Assessed, planned_end_before
from placements.booking.services.settle import TICKS
from placements.models import Placement, Supervisor
from placements.models.placement import CollectiveAgreement, Funding, ValueFor
from placements.models.promises import Insurance
from vocabulary.codes import Need, PlacementResult


class ActForm(forms.Form):
    """A form about one placement, as its page showed it (`seen`)."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    use_required_attribute = False

    def __init__(self, *args, placement: Placement, **options):
        super().__init__(*args, **options)
        self.placement = placement
        self.initial["seen"] = placement.revision
        self.prepare()

    def prepare(self) -> None:
        """What the placement says already."""

    @property
    def given(self) -> dict:
        """What the service is given beside the placement and the actor."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return said | {"seen": self.cleaned_data.get("seen") or 0}


def _why(label, missing, **options) -> forms.CharField:
    return forms.CharField(label=label, max_length=300, error_messages={"required": missing}, **options)


class UnionForm(ActForm):
    """When the union was consulted, which it was and what it said; or why it was not."""

    consulted = day_field(_("Which day was the union consulted?"), required=False)
    union = forms.CharField(
        label=_("Which union?"), max_length=100, required=False, help_text=_("For example Kommunal.")
    )
    said = forms.CharField(
        label=_("What did it say?"),
        max_length=300,
        required=False,
        help_text=_("About the workplace and the work. Never about the participant."),
    )
    exception = forms.CharField(
        label=_("If it was not consulted before the first day: why?"), max_length=300, required=False
    )

    def prepare(self):
        placement = self.placement
        self.initial |= {
            "consulted": placement.union_consulted,
            "union": placement.union_name,
            "said": placement.union_said,
            "exception": placement.union_exception,
        }


class SupervisorForm(ActForm):
    """Who of the workplace leads the work; or why nobody trained does."""

    supervisor = forms.ChoiceField(label=_("Supervisor"), required=False)
    exception = forms.CharField(label=_("If nobody trained leads the work: why?"), max_length=300, required=False)

    def prepare(self):
        placement = self.placement
        day = max(placement.start, timezone.localdate())
        rows = supervisors_at(placement.workplace_id, day)
        self.supervisors = {str(each.public_id): each for each in rows}
        nobody = pgettext("supervisor", "Nobody yet")
        blank = [] if placement.supervisor_id else [("", nobody)]
        self.fields["supervisor"].choices = [*blank, *supervisor_choices(rows, day)]
        self.initial["supervisor"] = placement.supervisor.public_id if placement.supervisor else ""
        self.initial["exception"] = placement.supervisor_exception

    @property
    def given(self):
        given = super().given
        return given | {"supervisor": self.supervisors.get(given["supervisor"])}


def supervisors_at(workplace_id: int, day) -> list:
    """Those who lead work at a workplace on the day, with their trainings."""
    rows = Supervisor.objects.at(workplace_id).here_on(day)
    return list(rows.prefetch_related("trainings").order_by("name", "pk"))


class ChecklistForm(ActForm):
    """What must be in order before somebody begins. What is not ticked is not in order."""

    risks_assessed = forms.BooleanField(label=_("The risks are assessed for what is to be done"), required=False)
    introduction_planned = forms.BooleanField(label=_("An introduction is planned"), required=False)
    hours_agreed = forms.BooleanField(label=_("The working hours are agreed"), required=False)
    minor_checked = forms.BooleanField(
        label=_("The rules for minors are followed"),
        help_text=_("What somebody under 18 may do, and when (AFS)."),
        required=False,
    )
    insurance = forms.ChoiceField(label=_("Who insures?"), choices=[("", "–"), *Insurance.choices], required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def prepare(self):
        checklist = rules.checklist_of(self.placement)
        if checklist:
            self.initial |= {name: getattr(checklist, name) for name in TICKS}
        else:
            check = self.placement.workplace.checks.first()
            self.initial["insurance"] = check.insurance if check else ""
        if not rules.is_minor(self.placement):
            del self.fields["minor_checked"]

    @property
    def given(self):
        given = super().given
        return {"ticks": {name: given.get(name, False) for name in TICKS}, "seen": given["seen"]}


class AgreeForm(ActForm):
    """The day on which everybody had agreed."""

    day = day_field(_("Which day did you agree?"), help_text=_("The workplace, the participant and you."))

    def prepare(self):
        self.initial["day"] = timezone.localdate()


class DaysForm(ActForm):
    """The first and the last day."""

    start = day_field(_("First day"))
    end = day_field(_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def prepare(self):
        self.initial |= {"start": self.placement.start, "end": self.placement.end}
        if not self.placement.is_to_come:
            self.fields["start"].widget = forms.HiddenInput()


class FactsForm(ActForm):
    """What it is for and on what terms."""

    purpose = JournalText(rows=2, max_length=LONGEST, label=_("Purpose"), error_messages={
        "required": _("Write the purpose of the placement. Nothing is booked without one.")
    })  # fmt: skip
    expected_outcome = JournalText(rows=2, max_length=LONGEST, label=_("Expected outcome"), error_messages={
        "required": _("Write what is expected of the placement. Nothing is booked without it.")
    })  # fmt: skip
    need = forms.ChoiceField(
        label=_("Whose need"), choices=Need, widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Choose whose need it serves.")},
    )  # fmt: skip
    collective_agreement = forms.ChoiceField(
        label=_("Collective agreement"), choices=[("", "–"), *CollectiveAgreement.choices], required=False
    )
    funding = forms.ChoiceField(label=_("Who pays"), choices=[("", "–"), *Funding.choices], required=False)
    expected_person = value_field(ValueFor.PERSON, required=False)
    expected_workplace = value_field(ValueFor.WORKPLACE, required=False)

    def prepare(self):
        self.initial |= {name: getattr(self.placement, name) for name in FACTS}
        for value in self.placement.values.all():
            self.initial[f"expected_{value.side}"] = value.expected
        if not self.placement.is_employment:
            del self.fields["collective_agreement"]

    @property
    def given(self):
        said = super().given
        return {
            "facts": {name: said.get(name, "") for name in FACTS},
            "expected": {side: said[f"expected_{side}"] for side in ValueFor.values},
            "seen": said["seen"],
        }


class ScheduleDayForm(ActForm):
    """From which day other hours hold; the hours are rows of their own."""

    valid_from = day_field(_("From which day?"))
    on_holidays = forms.BooleanField(label=_("Also on public holidays"), required=False)

    def prepare(self):
        start = self.placement.start
        latest = self.placement.schedules.order_by("-valid_from").first()
        self.initial["valid_from"] = max(start, timezone.localdate()) if latest else start
        self.initial["on_holidays"] = latest.on_holidays if latest else False


class GradeForm(ActForm):
    """Another part of full time, from a day on."""

    valid_from = day_field(_("From which day?"))
    grade = grade_field()

    def prepare(self):
        terms = list(self.placement.grades.all())
        self.initial["valid_from"] = timezone.localdate() if terms else self.placement.start
        self.initial["valid_from"] = max(self.initial["valid_from"], self.placement.start)
        if terms:
            self.initial["grade"] = percent(terms[-1].grade)

    @property
    def given(self):
        given = super().given
        return given | {"grade": given["grade"] / 100}


def percent(grade: Decimal) -> Decimal:
    """75 and not 75.00: as people write it."""
    return Decimal(f"{(grade * 100).normalize():f}")


class ExtendForm(ActForm):
    """Until when it goes on, and why."""

    end = day_field(_("New last day"), required=False, help_text=_("Empty: until further notice."))
    why = _why(_("Why is it extended?"), _("Write why the placement is extended."))


def result_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Was the purpose met?"),
        choices=PlacementResult,
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Choose whether the purpose was met.")},
    )


def _how(label) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[
            (PlacementResult.MET, pgettext_lazy("added value", "Yes")),
            (PlacementResult.PARTLY, pgettext_lazy("added value", "Partly")),
            (PlacementResult.NOT_MET, pgettext_lazy("added value", "No")),
        ],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "across"}),
    )


def _found(label) -> JournalText:
    return JournalText(rows=2, max_length=LONGEST, label=label, required=False)


class ValuesForm(ActForm):
    """Whether the value that was expected came about, for the participant and for the workplace."""

    person = _how(_("Did it add the expected value for the participant?"))
    person_found = _found(_("What came of it for the participant?"))
    workplace = _how(_("Did it add the expected value for the workplace?"))
    workplace_found = _found(_("What came of it for the workplace?"))

    def prepare(self):
        for value in self.placement.values.all():
            self.initial |= {value.side: value.assessed, f"{value.side}_found": value.found}
            if value.expected:
                self.fields[value.side].help_text = _("Expected: %(expected)s") % {"expected": value.expected}

    def clean(self):
        for side in ValueFor.values:
            said = self.cleaned_data.get(f"{side}_found")
            if said and not self.cleaned_data.get(side) and side not in self.errors:
                self.add_error(side, _("Choose whether the value came about."))

    @property
    def values(self) -> dict[str, Assessed]:
        said = self.cleaned_data
        return {side: Assessed(said[side], said[f"{side}_found"]) for side in ValueFor.values if said.get(side)}

    @property
    def given(self):
        return {"values": self.values, "seen": self.cleaned_data.get("seen") or 0}


class AssessForm(ValuesForm):
    """The same when it is all that is asked: both must be answered."""

    def prepare(self):
        super().prepare()
        for side in ValueFor.values:
            self.fields[side].required = True
            self.fields[side].error_messages["required"] = _("Choose whether the value came about.")


class EndForm(ValuesForm):
    """The last day and whether the purpose was met; and, if it is known already, what value it added."""

    end = day_field(_("Last day of the placement"))
    result = result_field()

    field_order = ("end", "result")

    def prepare(self):
        super().prepare()
        today = timezone.localdate()
        self.initial["end"] = min(self.placement.end or today, today)

    @property
    def given(self):
        said = self.cleaned_data
        return super().given | {"end": said["end"], "result": said["result"]}


class InterruptForm(EndForm):
    """The same of one that ends before its days or its purpose were done: why."""

    why_interrupted = _why(_("Why is it interrupted?"), _("Write why the placement is interrupted."))
    field_order = ("end", "why_interrupted", "result")

    @property
    def given(self):
        return super().given | {"why_interrupted": self.cleaned_data["why_interrupted"]}


class CallOffForm(ActForm):
    """Why a placement never begins."""

    why = forms.CharField(
        label=_("Why is the placement cancelled?"),
        max_length=200,
        error_messages={"required": _("Write why the placement is cancelled.")},
    )


class RestoreForm(ActForm):
    """Why it was not to be cancelled."""

    why = _why(_("Why was the cancellation wrong?"), _("Write why the cancellation was wrong."))


class AnnulForm(ActForm):
    """Until when it goes on after all, and why the end was wrong."""

    end = day_field(_("Last day as planned"), required=False, help_text=_("Empty: until further notice."))
    why = _why(_("Why was the end wrong?"), _("Write why the end was wrong."))

    def prepare(self):
        self.initial["end"] = planned_end_before(self.placement)
