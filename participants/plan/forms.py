"""What is typed about a plan, and what of it can be decided. A draft keeps everything; these say what is wrong."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts import municipal
from participants.calendar import months_after
from participants.forms import JournalText, day_field
from participants.mapping.forms import OccupationField
from participants.models import Enrolment
from participants.models.plan import (
    LONGEST_GOAL,
    LONGEST_MILESTONE,
    LONGEST_WHY,
    LONGEST_WORDS,
    Agreement,
    AgreementWay,
    Responsible,
)
from participants.plan.content import (
    ACTIVITY_FIELDS,
    MILESTONE_FIELDS,
    PLAN_FIELDS,
    decided_activities,
    is_blank,
    milestones_done,
)
from participants.plan.municipal import REVIEW_MONTHS
from vocabulary.codes import ActivityKind, Need
from vocabulary.models import ActivityForm

#: Goals and dates further away than this are a slip of the finger.
FURTHEST = dt.timedelta(days=5 * 366)
LONGEST_NAME = 100
LONGEST_PURPOSE = 1000


class PlanForm(forms.Form):
    """The plan without its milestones and activities: the goal, what the participant says, when it is reviewed."""

    goal = JournalText(
        rows=2,
        max_length=LONGEST_GOAL,
        label=_("What is the goal?"),
        help_text=_("In the participant's words, so that it can be seen when it is reached."),
        error_messages={"required": _("Write what the goal is.")},
    )
    goal_on = day_field(_("To be reached by"), missing=_("Say by when the goal is to be reached."))
    goal_occupation = OccupationField(
        label=_("Which occupation does it lead to?"),
        help_text=_("If there is one: begin to write and choose from the list."),
    )
    view = JournalText(
        rows=3,
        max_length=LONGEST_WORDS,
        required=False,
        label=_("What the participant thinks"),
        help_text=_("In the participant's own words."),
    )
    agreement = forms.ChoiceField(
        label=_("Does the participant agree with the plan?"),
        choices=[(value, label) for value, label in Agreement.choices if value != Agreement.NOT_ASKED]
        + [(Agreement.NOT_ASKED, Agreement.NOT_ASKED.label)],
        widget=forms.RadioSelect,
        required=False,
    )
    agreement_way = forms.ChoiceField(
        label=_("How was it said?"), choices=[("", "–"), *AgreementWay.choices], required=False
    )
    agreement_on = day_field(_("Which day?"), required=False)
    agreement_comment = JournalText(
        rows=2, max_length=LONGEST_WORDS, required=False, label=_("The participant's comment")
    )
    decided_without = JournalText(
        rows=2,
        max_length=LONGEST_WHY,
        required=False,
        label=_("Why the plan is decided although the participant does not agree"),
    )
    decided_on = day_field(_("Decided on"), required=False, help_text=_("Leave it empty for today."))
    review_on = day_field(_("To be gone through by"), missing=_("Say by when the plan is to be gone through."))

    use_required_attribute = False

    def __init__(self, *args, enrolment: Enrolment, **options):
        super().__init__(*args, **options)
        self.enrolment, self.today = enrolment, timezone.localdate()
        self.months = municipal.value_of(REVIEW_MONTHS.key)
        self.fields["review_on"].help_text = ngettext(
            "At the latest %(count)d month after the decision.",
            "At the latest %(count)d months after the decision.",
            self.months,
        ) % {"count": self.months}

    def clean_decided_on(self) -> dt.date:
        day = self.cleaned_data["decided_on"] or self.today
        if day > self.today:
            raise forms.ValidationError(_("The day is in the future. Decide the plan when it has come."))
        if day < self.enrolment.start:
            raise _before_enrolment(self.enrolment)
        return day

    def clean_agreement_on(self) -> dt.date | None:
        day = self.cleaned_data["agreement_on"]
        if day and day > self.today:
            raise forms.ValidationError(_("The day is in the future."))
        if day and day < self.enrolment.start:
            raise _before_enrolment(self.enrolment)
        return day

    def clean(self):
        said = self.cleaned_data
        decided, goal_on, review_on = said.get("decided_on"), said.get("goal_on"), said.get("review_on")
        if decided and goal_on and goal_on < decided:
            self.add_error("goal_on", _("That is before the plan is decided. Check the day."))
        elif goal_on and goal_on > self.today + FURTHEST:
            self.add_error("goal_on", _("That is more than five years ahead. Check the year."))
        if decided and review_on:
            latest = months_after(decided, self.months)
            if review_on <= decided:
                self.add_error("review_on", _("The plan is gone through after it is decided. Choose a later day."))
            elif review_on > latest:
                error = _("The plan is gone through by %(day)s at the latest.")
                self.add_error("review_on", forms.ValidationError(error, params={"day": date_format(latest)}))
        self._check_agreement(said.get("agreement"))

    def _check_agreement(self, agreement: str | None) -> None:
        if "agreement" in self.errors:
            return
        if agreement in (None, "", Agreement.NOT_ASKED):
            self.add_error(
                "agreement", _("Ask the participant first. The plan can be decided whatever the answer is.")
            )
            return
        if not self.cleaned_data.get("agreement_way") and "agreement_way" not in self.errors:
            self.add_error("agreement_way", _("Say how the participant answered."))
        if not self.cleaned_data.get("agreement_on") and "agreement_on" not in self.errors:
            self.add_error("agreement_on", _("Give the day."))
        if agreement == Agreement.WITH_COMMENT and not self.cleaned_data.get("agreement_comment"):
            self.add_error("agreement_comment", _("Write the comment."))
        if agreement == Agreement.DISAGREES and not self.cleaned_data.get("decided_without"):
            self.add_error(
                "decided_without", _("Write why it is decided all the same, or talk it through once more.")
            )


def _before_enrolment(enrolment: Enrolment) -> forms.ValidationError:
    return forms.ValidationError(
        _("That is before the enrolment began, on %(day)s."), params={"day": date_format(enrolment.start)}
    )


class RowForm(forms.Form):
    """A row of the plan, known by its key. `locked` is what is known of it and is not for the draft to change."""

    use_required_attribute = False

    def __init__(self, *args, enrolment: Enrolment, key: str, locked=None, **options):
        super().__init__(*args, **options)
        self.enrolment, self.key, self.locked = enrolment, key, locked

    def _check_day(self, name: str) -> None:
        day = self.cleaned_data.get(name)
        if day and day > timezone.localdate() + FURTHEST:
            self.add_error(name, _("That is more than five years ahead. Check the year."))
        elif day and day < self.enrolment.start:
            self.add_error(name, _before_enrolment(self.enrolment))


class MilestoneForm(RowForm):
    """A milestone. One that is reached (`locked`) keeps its words."""

    text = JournalText(
        rows=1,
        max_length=LONGEST_MILESTONE,
        label=_("Milestone"),
        error_messages={"required": _("Write what it is.")},
    )
    due = day_field(pgettext_lazy("a day", "By"), missing=_("Say by when."))
    responsible = forms.ChoiceField(
        label=_("Who sees to it"),
        choices=Responsible,
        error_messages={
            "required": _("Say who sees to it."),
            "invalid_choice": _("Say who sees to it."),
        },
    )
    responsible_name = forms.CharField(
        label=_("Who, if somebody else"),
        required=False,
        max_length=LONGEST_NAME,
        error_messages={"max_length": _("Write at most %(limit_value)d characters.")},
    )

    def clean(self):
        self._check_day("due")
        other = self.cleaned_data.get("responsible") == Responsible.OTHER
        if other and not self.cleaned_data.get("responsible_name") and "responsible_name" not in self.errors:
            self.add_error("responsible_name", _("Write who it is."))


class ActivityItemForm(RowForm):
    """An activity. The form of one that is decided (`locked`) is not changed: that would be another activity."""

    form = forms.ChoiceField(
        label=_("Form of activity"),
        error_messages={
            "required": _("Choose the form of activity."),
            "invalid_choice": _("Choose one of the forms in the list."),
        },
    )
    purpose = JournalText(
        rows=2,
        max_length=LONGEST_PURPOSE,
        label=_("Purpose"),
        help_text=_("Why just this activity?"),
        error_messages={"required": _("Write the purpose: nothing can be booked without one.")},
    )
    expected_outcome = JournalText(
        rows=2,
        max_length=LONGEST_PURPOSE,
        label=_("Expected outcome"),
        help_text=_("What is to be different when it is over?"),
        error_messages={"required": _("Write what is expected of it: nothing can be booked without that.")},
    )
    need = forms.ChoiceField(
        label=_("Whose need"), choices=Need, error_messages={"required": _("Say whose need it is.")}
    )
    start = day_field(_("Begins"), required=False)
    end = day_field(_("Ends"), required=False)

    def __init__(self, *args, choosable: Iterable[ActivityForm], **options):
        super().__init__(*args, **options)
        self.choosable = {each.code: each for each in choosable}
        if self.locked:
            del self.fields["form"]
        else:
            self.fields["form"].choices = form_choices(choosable)

    def clean(self):
        self._check_day("start")
        self._check_day("end")
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", _("The end is before the start."))
        form = self.choosable.get(self.cleaned_data.get("form", ""))
        if form and start and not form.is_choosable_on(start):
            error = _("%(form)s cannot be chosen for something that begins on %(day)s.")
            params = {"form": form.label, "day": date_format(start)}
            self.add_error("form", forms.ValidationError(error, params=params))


def form_choices(choosable: Iterable[ActivityForm]) -> list:
    """The forms of activity that may be chosen, by kind. Abolished ones are readable in old plans only."""
    rows = sorted(choosable, key=lambda each: ActivityKind.values.index(each.kind))
    groups = groupby(rows, key=lambda each: each.kind)
    return [
        ("", "–"),
        *((ActivityKind(kind).label, [(each.code, each.label) for each in those]) for kind, those in groups),
    ]


class PlanForms:
    """The forms of one draft: the plan's, one for each milestone and one for each activity, from what was typed.

    `checked` says what is wrong; without it the forms only show what was typed.
    """

    def __init__(self, enrolment: Enrolment, typed: dict, *, checked: bool = False):
        self.enrolment, self.typed, self.checked = enrolment, typed, checked
        self.plan = self._make(PlanForm, {name: typed[name] for name in PLAN_FIELDS}, auto_id="plan_%s")
        done = milestones_done(enrolment)
        goes_on = {str(each.public_id): each for each in decided_activities(enrolment)}
        settled = set(map(str, enrolment.activities.exclude(state="decided").values_list("public_id", flat=True)))
        choosable = list(ActivityForm.objects.choosable_on(timezone.localdate()))
        self.milestones = [
            self._row(MilestoneForm, "m", row, MILESTONE_FIELDS, locked=done.get(row["key"]))
            for row in typed["milestones"]
        ]
        self.activities = [
            self._row(
                ActivityItemForm, "a", row, ACTIVITY_FIELDS, locked=goes_on.get(row["key"]), choosable=choosable
            )
            for row in typed["activities"]
            if row["key"] not in settled
        ]

    def _row(self, form, prefix: str, row: dict[str, str], fields: tuple[str, ...], **options):
        prefix = f"{prefix}-{row['key']}"
        empty = is_blank(row) and not options["locked"]
        data = {name: row[name] for name in fields}
        return self._make(form, data, prefix=prefix, key=row["key"], empty_permitted=empty, **options)

    def _make(self, form, data: dict[str, str], **options):
        prefix = options.get("prefix")
        if not self.checked:
            return form(initial=data, enrolment=self.enrolment, **options)
        if prefix:
            data = {f"{prefix}-{name}": value for name, value in data.items()}
        return form(data, enrolment=self.enrolment, **options)

    @property
    def every(self) -> list[forms.Form]:
        """Those whose errors count: what is done, and what is empty, is not checked."""
        milestones = [form for form in self.milestones if not form.locked and not form.empty_permitted]
        return [self.plan, *milestones, *(form for form in self.activities if not form.empty_permitted)]

    def is_valid(self) -> bool:
        """Whether the plan can be decided as it stands."""
        wrong = [form for form in self.every if not form.is_valid()]  # every one: all errors are told at once
        if not any(not is_blank(row) for row in (*self.typed["milestones"], *self.typed["activities"])):
            self.plan.add_error(None, _("Write at least one milestone or one activity: how is the goal reached?"))
            return False
        return not wrong
