"""What is typed of what becomes of a plan: a milestone reached, an activity ended, a review held, the closing."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts import municipal
from participants.calendar import months_after
from participants.forms import JournalText, day_field
from participants.models import Activity, Enrolment, PlanReview
from participants.models.plan import LONGEST_WHY, LONGEST_WORDS
from participants.plan.municipal import REVIEW_MONTHS
from participants.plan.services.progress import DROPPED
from vocabulary.codes import ActivityOutcome

AS_IT_IS, REVISE = "as_it_is", "revise"


def has_been(day: dt.date, enrolment: Enrolment) -> dt.date:
    """The day, if it has come and the enrolment had begun by then."""
    if day > timezone.localdate():
        raise forms.ValidationError(_("The day is in the future."))
    if day < enrolment.start:
        raise forms.ValidationError(
            _("That is before the enrolment began, on %(day)s."), params={"day": date_format(enrolment.start)}
        )
    return day


class MilestoneDoneForm(forms.Form):
    """When a milestone was reached, and what shows it."""

    done_on = day_field(_("Reached on"))
    evidence = JournalText(
        rows=3,
        max_length=LONGEST_WORDS,
        required=False,
        label=_("What shows it?"),
        help_text=_("A certificate, what the supervisor said, where it is written."),
    )
    use_required_attribute = False

    def __init__(self, *args, enrolment: Enrolment, **options):
        super().__init__(*args, **options)
        self.enrolment = enrolment
        self.initial.setdefault("done_on", timezone.localdate())

    def clean_done_on(self) -> dt.date:
        return has_been(self.cleaned_data["done_on"], self.enrolment)


class ActivityEndForm(forms.Form):
    """That an activity has ended, and what came of it."""

    ended_on = day_field(_("Last day"), missing=_("Give the last day."))
    outcome = forms.ChoiceField(
        label=_("Did it give what was expected?"),
        choices=ActivityOutcome,
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={
            "required": _("Choose what came of it."),
            "invalid_choice": _("Choose what came of it."),
        },
    )
    note = JournalText(
        rows=3,
        max_length=1000,
        required=False,
        label=_("In a few words"),
        help_text=_("What worked, what did not, what is next."),
    )
    use_required_attribute = False

    def __init__(self, *args, activity: Activity, **options):
        super().__init__(*args, **options)
        self.activity = activity
        today = timezone.localdate()
        ended = activity.ended_on or min(activity.end or today, today)
        self.initial |= {"ended_on": ended, "outcome": activity.outcome, "note": activity.outcome_note}

    def clean_ended_on(self) -> dt.date:
        return has_been(self.cleaned_data["ended_on"], self.activity.enrolment)


class ActivityDropForm(forms.Form):
    """Why an activity will not come to be."""

    why = JournalText(
        rows=3,
        max_length=LONGEST_WHY,
        label=_("Why will it not come to be?"),
        error_messages={"required": _("Write why, in a few words.")},
    )
    use_required_attribute = False


class ReviewForm(forms.Form):
    """That a plan was gone through with the participant: what was said, and when it is done next."""

    held_on = day_field(_("Gone through on"))
    said = JournalText(
        rows=5,
        max_length=LONGEST_WORDS,
        label=_("What was said?"),
        help_text=_("What works, what does not, what the participant thinks."),
        error_messages={"required": _("Write what was said.")},
    )
    next_due = day_field(_("Next time, at the latest"), missing=_("Say by when it is gone through next."))
    then = forms.ChoiceField(
        label=_("Does the plan hold?"),
        choices=[
            (AS_IT_IS, _("Yes, it holds as it is")),
            (REVISE, _("No, it is to be revised: open a draft when this is saved")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the plan holds.")},
    )
    use_required_attribute = False

    def __init__(self, *args, review: PlanReview, **options):
        super().__init__(*args, **options)
        self.review = review
        self.months = municipal.value_of(REVIEW_MONTHS.key)
        today = timezone.localdate()
        self.initial.setdefault("held_on", today)
        self.initial.setdefault("next_due", months_after(today, self.months))
        self.fields["next_due"].help_text = ngettext(
            "Within %(count)d month.", "Within %(count)d months.", self.months
        ) % {"count": self.months}

    def clean_held_on(self) -> dt.date:
        day = has_been(self.cleaned_data["held_on"], self.review.enrolment)
        if day < self.review.planned_on:
            raise forms.ValidationError(
                _("That is before %(day)s, when the plan was decided or gone through last."),
                params={"day": date_format(self.review.planned_on)},
            )
        return day

    def clean(self):
        held, due = self.cleaned_data.get("held_on"), self.cleaned_data.get("next_due")
        if not held or not due:
            return
        latest = months_after(held, self.months)
        if due <= held:
            self.add_error("next_due", _("The next time must be later than this one."))
        elif due > latest:
            error = _("The plan is gone through by %(day)s at the latest.")
            self.add_error("next_due", forms.ValidationError(error, params={"day": date_format(latest)}))


class OutcomesForm(forms.Form):
    """What came of each activity that goes on, when the plan is closed."""

    use_required_attribute = False

    def __init__(self, *args, activities: list[Activity], **options):
        super().__init__(*args, **options)
        self.activities = {str(each.public_id): each for each in activities}
        for key, activity in self.activities.items():
            self.fields[key] = forms.ChoiceField(
                label=_("%(activity)s: did it give what was expected?") % {"activity": activity.form.label},
                help_text=activity.expected_outcome,
                choices=[*ActivityOutcome.choices, (DROPPED, pgettext_lazy("activity", "It never began"))],
                widget=forms.RadioSelect(attrs={"class": "across"}),
                error_messages={
                    "required": _("Choose what came of it."),
                    "invalid_choice": _("Choose what came of it."),
                },
            )

    @property
    def outcomes(self) -> dict[str, str]:
        """What was chosen, by the activity's key."""
        return {key: self.cleaned_data[key] for key in self.activities}

    def told(self) -> list[str]:
        """What was chosen, in words."""
        words = {**ActivityOutcome._value2member_map_}
        return [
            f"{activity.form.label}: "
            + (
                str(pgettext_lazy("activity", "It never began")).lower()
                if self.cleaned_data[key] == DROPPED
                else str(words[self.cleaned_data[key]].label).lower()
            )
            for key, activity in self.activities.items()
        ]


class CloseForm(OutcomesForm):
    """Closing a plan although the enrolment goes on: when, and why."""

    closed_on = day_field(_("Closed on"))
    note = JournalText(
        rows=3,
        max_length=LONGEST_WHY,
        label=_("Why is the plan closed?"),
        help_text=_("The goal is reached, or another plan takes its place."),
        error_messages={"required": _("Write why the plan is closed.")},
    )

    def __init__(self, *args, enrolment: Enrolment, decided_on: dt.date, **options):
        super().__init__(*args, **options)
        self.enrolment, self.decided_on = enrolment, decided_on
        self.initial.setdefault("closed_on", enrolment.end or timezone.localdate())

    def clean_closed_on(self) -> dt.date:
        day = has_been(self.cleaned_data["closed_on"], self.enrolment)
        if day < self.decided_on:
            raise forms.ValidationError(
                _("That is before the plan was decided, on %(day)s."), params={"day": date_format(self.decided_on)}
            )
        return day
