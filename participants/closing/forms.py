"""What is typed about a closure, and which of it can be stored."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from participants.forms import JournalText, day_field
from participants.models import Enrolment
from participants.models.enrolment import LONGEST_EMPLOYER, REASONS_WITH_JOB
from participants.results import Closure
from vocabulary.codes import ClosureReason, JobForm

YES, NO = "yes", "no"
#: A job that begins or ends further away than this from the closure is a slip of the finger.
JOB_STARTS_WITHIN = dt.timedelta(days=366)
JOB_LASTS_AT_MOST = dt.timedelta(days=10 * 366)
LONGEST_WHY = 500


def fields_of(reason: str) -> tuple[str, ...]:
    """What is registered of a closure with that reason, in the order of the page."""
    if reason == ClosureReason.WORK:
        return ("job_form", "job_employer", "job_start", "job_end")
    if reason in REASONS_WITH_JOB:
        return ("job_start", "job_end")
    return ("study_aid",) if reason == ClosureReason.STUDIES else ()


class DetailsForm(forms.Form):
    """What belongs to the reason of a closure: the job, or the study aid. Everything may be unknown as yet.

    `reason` decides which fields there are. `known` is what is registered already: that is never refused for being
    far away, it was so before.
    """

    job_form = forms.ChoiceField(
        label=_("Which form does the job have?"),
        choices=[("", _("Not known yet")), *JobForm.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose one of the forms in the list.")},
    )
    job_employer = forms.CharField(
        label=_("Employer"),
        help_text=_("So that it can be asked whether the job lasts. Empty: not known yet."),
        max_length=LONGEST_EMPLOYER,
        required=False,
        error_messages={"max_length": _("Write at most %(limit_value)d characters.")},
    )
    job_start = day_field(_("First day of the job"), required=False)
    job_end = day_field(
        _("Last day of the job"), required=False, help_text=_("Only if it is over, or if its last day is known.")
    )
    study_aid = forms.ChoiceField(
        label=_("Do the studies entitle to study aid?"),
        choices=[(YES, _("Yes")), (NO, _("No")), ("", _("Not known yet"))],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "across"}),
    )

    def __init__(self, *args, enrolment: Enrolment, reason: str, known: Closure | None = None, **options):
        super().__init__(*args, **options)
        self.enrolment, self.reason, self.known = enrolment, reason, known or Closure(reason="")
        for name in {"job_form", "job_employer", "job_start", "job_end", "study_aid"} - set(fields_of(reason)):
            del self.fields[name]

    @classmethod
    def of(cls, enrolment: Enrolment, data=None) -> "DetailsForm":
        """The form with what a closed enrolment has registered, to be completed."""
        known = Closure.of(enrolment)
        study_aid = {True: YES, False: NO}.get(known.study_aid, "")
        initial = {"job_form": known.job_form, "job_start": known.job_start, "job_end": known.job_end}
        initial |= {"study_aid": study_aid, "job_employer": known.job_employer}
        return cls(data, enrolment=enrolment, reason=known.reason, known=known, initial=initial)

    @property
    def last_day(self) -> dt.date:
        """The enrolment's last day, which the job begins near."""
        return self.enrolment.end or timezone.localdate()

    @property
    def closure(self) -> Closure:
        """What the form says, as far as it can be read."""
        said = getattr(self, "cleaned_data", {})
        return Closure(
            reason=self.reason,
            job_start=said.get("job_start"),
            job_end=said.get("job_end"),
            job_form=said.get("job_form", ""),
            study_aid={YES: True, NO: False}.get(said.get("study_aid")),
            job_employer=said.get("job_employer", ""),
        )

    def clean(self):
        start, end = self.cleaned_data.get("job_start"), self.cleaned_data.get("job_end")
        if start and start != self.known.job_start:
            if start < self.enrolment.start:
                error = _("That is before the enrolment began, on %(day)s. Check the day.")
                params = {"day": date_format(self.enrolment.start)}
                self.add_error("job_start", forms.ValidationError(error, params=params))
            elif start > self.last_day + JOB_STARTS_WITHIN:
                self.add_error("job_start", _("That is more than a year after the closure. Check the year."))
        if end and not start and "job_start" not in self.errors:
            self.add_error("job_start", _("Give the first day too, when the last day is known."))
        elif end and start and end < start:
            self.add_error("job_end", _("The last day of the job is before its first."))
        elif end and end != self.known.job_end and end > self.last_day + JOB_LASTS_AT_MOST:
            self.add_error("job_end", _("That is more than ten years ahead. Check the year."))


class ClosureForm(DetailsForm):
    """Why an open enrolment ends, on which day, and what belongs to the reason.

    `took_over` is the day from which the unit answers for the enrolment.
    """

    closure_reason = forms.ChoiceField(
        label=_("Why does the enrolment end?"),
        choices=ClosureReason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    end = day_field(_("Last day of the enrolment"))
    use_required_attribute = False  # the fields are asked for by the reason, which the browser does not follow

    field_order = ("end", "closure_reason")

    def __init__(self, data=None, *, enrolment: Enrolment, took_over: dt.date, **options):
        reason = data.get("closure_reason", "") if data else ""
        reason = reason if reason in ClosureReason.values else ""
        super().__init__(data, enrolment=enrolment, reason=reason, **options)
        self.took_over = max(took_over, enrolment.start)
        limits = {"min": self.took_over.isoformat(), "max": timezone.localdate().isoformat()}
        self.fields["end"].widget.attrs |= limits
        self.initial.setdefault("end", timezone.localdate())

    @property
    def details(self) -> list[forms.BoundField]:
        """The fields that belong to the reason."""
        return [self[name] for name in fields_of(self.reason)]

    @property
    def last_day(self) -> dt.date:
        return getattr(self, "cleaned_data", {}).get("end") or timezone.localdate()

    def clean_end(self) -> dt.date:
        day = self.cleaned_data["end"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The last day is in the future. Close the enrolment when it has come."))
        if day < self.took_over:
            error = (
                _("That is before the enrolment began, on %(day)s.")
                if self.took_over == self.enrolment.start
                else _("That is before the unit took over the enrolment, on %(day)s.")
            )
            raise forms.ValidationError(error, params={"day": date_format(self.took_over)})
        return day


class AnnulForm(forms.Form):
    """Why a closure was wrong."""

    why = JournalText(
        rows=3,
        max_length=LONGEST_WHY,
        label=_("Why was the closure wrong?"),
        help_text=_("It is kept in the file, with your name."),
        error_messages={"required": _("Write why the closure was wrong.")},
    )
