"""What is typed when somebody is enrolled."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import LegalBasis, Unit, User
from participants.coaching.candidates import caseloads_of_each, coaches_of_each
from participants.coaching.forms import with_caseload
from participants.forms import JournalText, day_field
from participants.forms_service import LEGAL_BASIS_RULE, CaseFields
from participants.models import Enrolment, Participant, Referral
from participants.models.employment_service import SERVICE_FACTS
from participants.querysets import CASE_ROLES
from vocabulary.codes import Education, TargetGroup

NOT_ASKED = ("", _("Not registered"))
#: An enrolment may be planned, but not further ahead than this, or it is a slip of the finger; nor begin before it.
AHEAD, BACK = dt.timedelta(days=183), dt.timedelta(days=366)
#: The facts of the enrolment that are typed; the others are asked of the person, or of the case as a whole.
FACTS = ("target_group", "other_groups", "support_obstacle", "time_without_work", *SERVICE_FACTS)


class EnrolForm(CaseFields):
    """The facts of an enrolment. Who it is about is asked elsewhere, or stands in the referral that it comes by."""

    use_required_attribute = False

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code", empty_label=None)
    start = day_field(_("First day"))
    coach = forms.ChoiceField(label=_("Job coach"), error_messages={"required": _("Choose a job coach.")})
    target_group = forms.ChoiceField(
        label=_("Target group"),
        help_text=_("The one that is counted."),
        choices=[("", _("Choose")), *TargetGroup.choices],
        error_messages={"required": _("Choose a target group.")},
    )
    education = forms.ChoiceField(
        label=_("Education"),
        help_text=_("Unfinished upper secondary school counts as compulsory school."),
        choices=[NOT_ASKED, *Education.choices],
        required=False,
    )
    case_number = forms.CharField(label=_("Case number"), max_length=64, required=False)
    legal_basis = forms.ChoiceField(label=_("Legal basis"), help_text=LEGAL_BASIS_RULE, required=False)
    review_on = day_field(
        _("Joint review planned for"),
        required=False,
        help_text=_("Everybody concerned looks at what has been tried. Empty: none is planned."),
    )
    motivation = JournalText(
        rows=2,
        label=_("Purpose of a motivating activity"),
        help_text=_("It is proposed in the draft of the plan. Empty: none is proposed."),
        max_length=1000,
        required=False,
    )

    def __init__(self, data=None, *, user: User, numbered: bool, referral: Referral | None = None, **options):
        """`numbered`: the product gives the case number if none is written."""
        super().__init__(data, auto_id="enrol_%s", **options)
        self.referral, self.user = referral, user
        self._offer_units()
        self._offer_coaches()
        if numbered:
            self.fields["case_number"].help_text = _("Leave it empty, and the next number is given.")
        for name in self.fields:
            self.fields[name].widget.attrs["autocomplete"] = "off"
        today = timezone.localdate()
        self.initial.setdefault("start", today)
        self.initial.setdefault("review_on", today + dt.timedelta(days=30))
        if referral:
            for name in ("target_group", "support_obstacle", *SERVICE_FACTS):
                self.initial.setdefault(name, getattr(referral, name))

    def _offer_units(self) -> None:
        units = list(Unit.objects.in_scope(self.user.reach.scope(*CASE_ROLES)).by_name())
        if self.referral:
            units = [unit for unit in units if unit.pk == self.referral.unit_id]
        self.units = units
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["unit"].choices = [(unit.code, unit.name) for unit in units]
        if units:
            self.initial.setdefault("unit", units[0].code)
        own = _("The unit's own")
        if len(units) == 1:
            own = _("The unit's own: %(law)s") % {"law": units[0].legal_basis_label}
        self.fields["legal_basis"].choices = [("", own), *LegalBasis.choices]

    def _offer_coaches(self) -> None:
        """Who writes in each unit's files, with how many they have already."""
        today = timezone.localdate()
        self.coaches: dict[str, User] = {}
        self.allowed: dict[int, set[int]] = {}
        groups = []
        of_each = coaches_of_each(unit.pk for unit in self.units)
        counts_of_each = caseloads_of_each(self.user, of_each, today)
        for unit in self.units:
            coaches, counts = of_each[unit.pk], counts_of_each[unit.pk]
            self.allowed[unit.pk] = {coach.pk for coach in coaches}
            self.coaches |= {str(coach.public_id): coach for coach in coaches}
            choices = [(str(coach.public_id), with_caseload(coach, counts[coach.pk])) for coach in coaches]
            groups.append((unit.name, choices))
        offered = groups[0][1] if len(groups) == 1 else groups
        self.fields["coach"].choices = [("", _("Choose")), *offered]
        if str(self.user.public_id) in self.coaches:
            self.initial.setdefault("coach", str(self.user.public_id))

    @property
    def facts(self) -> dict[str, Any]:
        """What is typed of the enrolment, by the model's names."""
        return {name: self.cleaned_data[name] for name in FACTS}

    def draft(self, person: Participant) -> Enrolment:
        """The enrolment as it would be; nothing is stored."""
        return Enrolment(participant=person, start=self.cleaned_data["start"], **self.facts)

    def clean_start(self) -> dt.date:
        day, today = self.cleaned_data["start"], timezone.localdate()
        if self.referral and day < self.referral.received:
            raise ValidationError(
                _("That is before the referral was received, on %(day)s."),
                params={"day": date_format(self.referral.received)},
            )
        if day > today + AHEAD:
            raise ValidationError(_("That is more than half a year ahead. Check the year."))
        if day < today - BACK:
            raise ValidationError(_("That is more than a year ago. Check the year."))
        return day

    def clean_coach(self) -> User:
        return self.coaches[self.cleaned_data["coach"]]

    def clean_review_on(self) -> dt.date | None:
        day = self.cleaned_data["review_on"]
        if day and day < timezone.localdate():
            raise ValidationError(_("The day has been already."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        unit, coach = cleaned.get("unit"), cleaned.get("coach")
        if unit and coach and coach.pk not in self.allowed[unit.pk]:
            self.add_error("coach", _("%(name)s does not work in the unit.") % {"name": coach.full_name})
        return cleaned


def known_person(text: str) -> uuid.UUID | None:
    """The person whom the address names."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
