"""What is typed about follow-ups and supervisors, and which of it can be stored."""

import datetime as dt
import uuid

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from participants.forms import JournalText, day_field
from placements.models import FollowUpAnswer, Placement, Supervisor
from placements.models.answer import Going
from placements.period import Period
from placements.services.answers import SAID, hours_in_words
from vocabulary.codes import FollowUpKind

LONGEST_ANSWER = 2_000


# --- Planning -----------------------------------------------------------------------------------------------------


class PlanForm(forms.Form):
    """A follow-up to be planned: of which placement, which kind, due when. A plan review is no follow-up of a
    placement and is not offered. `placements` are those its user may follow up."""

    placement = forms.ChoiceField(label=_("Placement"), error_messages={"required": _("Choose a placement.")})
    kind = forms.ChoiceField(
        label=_("Kind of follow-up"),
        choices=[choice for choice in FollowUpKind.choices if choice[0] != FollowUpKind.PLAN_REVIEW],
        error_messages={"required": _("Choose a kind.")},
    )
    due = day_field(_("Due"))
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, placements: list[Placement], **options):
        super().__init__(*args, **options)
        self.placements = {str(placement.public_id): placement for placement in placements}
        self.fields["placement"].choices = [
            (
                public_id,
                f"{placement.workplace.name}, {placement.get_form_display().lower()}, "
                f"{_('from %(day)s') % {'day': placement.start.isoformat()}}",
            )
            for public_id, placement in self.placements.items()
        ]

    def clean_placement(self) -> Placement:
        return self.placements[self.cleaned_data["placement"]]

    def clean(self):
        placement, due = self.cleaned_data.get("placement"), self.cleaned_data.get("due")
        if placement and due:
            if due < placement.start:
                error = _("The placement begins on %(day)s. The follow-up cannot be due before that.")
                self.add_error("due", forms.ValidationError(error, params={"day": date_format(placement.start)}))
            elif due > timezone.localdate() + dt.timedelta(days=3 * 365):
                self.add_error("due", _("That is more than three years ahead. Check the year."))


class SupervisorForm(forms.ModelForm):
    """A supervisor's name and how to reach them."""

    class Meta:
        model = Supervisor
        fields = ("name", "email", "phone")
        help_texts = {"email": _("The link is sent here. Write the address of the person, not of a group.")}
        error_messages = {
            "name": {"required": _("Write the supervisor's name.")},
            "email": {"required": _("Write the address to which the link is to be sent.")},
        }
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})}


class ChooseSupervisorForm(forms.Form):
    """One of the supervisors whom the workplace has already."""

    supervisor = forms.ChoiceField(
        label=_("Supervisor"), widget=forms.RadioSelect, error_messages={"required": _("Choose a supervisor.")}
    )

    def __init__(self, *args, supervisors: list[Supervisor], **options):
        super().__init__(*args, **options)
        self.supervisors = {str(supervisor.public_id): supervisor for supervisor in supervisors}
        self.fields["supervisor"].choices = [
            (public_id, f"{supervisor.name}, {supervisor.email}")
            for public_id, supervisor in self.supervisors.items()
        ]

    def clean_supervisor(self) -> Supervisor:
        return self.supervisors[self.cleaned_data["supervisor"]]


# --- Answering ----------------------------------------------------------------------------------------------------


class Came(TextChoices):
    """Whether the participant has come to the workplace at all."""

    YES = "yes", _("Yes")
    NO = "no", _("No, never")


class AnswerText(JournalText):
    """A few lines, if there is something to say."""

    def __init__(self, **options):
        super().__init__(rows=3, required=False, max_length=LONGEST_ANSWER, **options)


class HoursField(forms.DecimalField):
    """Hours as people write them in any language: 42,5 or 42.5."""

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class AnswerForm(forms.Form):
    """The follow-up's questions, the same for a supervisor and for staff who write down a call.

    Whoever says that the participant never came is not asked for the rest, and what stands there is left out.
    `name` is what the participant is called on the page; empty for one whose name is not shown.
    """

    came = forms.ChoiceField(
        choices=Came, widget=forms.RadioSelect, error_messages={"required": _("Choose yes or no.")}
    )
    going = forms.ChoiceField(
        label=_("How is it going?"),
        choices=Going,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it is going.")},
    )
    hours = HoursField(
        help_text=_("About is good enough. Leave it empty if you do not know."),
        required=False,
        min_value=0,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write the hours as a number, for example 42 or 42,5."),
            "min_value": _("Hours cannot be less than 0."),
            "max_decimal_places": _("Write at most two decimals, for example 42,25."),
        },
    )
    works_well = AnswerText(label=_("What works well?"))
    needs = AnswerText(label=_("What is needed for it to work better?"))
    wishes = AnswerText()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
    use_required_attribute = False  # the browser would refuse "never came" for what is not asked then

    def __init__(self, *args, period: Period, name: str = "", **options):
        super().__init__(*args, **options)
        self.period = period
        called = {"name": name}
        if name:
            self.fields["came"].label = _("Has %(name)s come to the workplace?") % called
            self.fields["hours"].label = _("How many hours has %(name)s been there?") % called
            self.fields["wishes"].label = _("Do you have wishes, to the municipality or to %(name)s?") % called
        else:
            self.fields["came"].label = _("Has the person you supervise come to the workplace?")
            self.fields["hours"].label = _("How many hours has the person been there?")
            self.fields["wishes"].label = _("Do you have wishes, to the municipality or to the person?")

    @classmethod
    def of(cls, answer: FollowUpAnswer | None, **options) -> "AnswerForm":
        """The form with what the answer says, to be changed; empty when there is none yet."""
        if answer is None:
            return cls(**options)
        said = {name: getattr(answer, name) for name in SAID}
        said["came"] = Came.NO if answer.no_show else Came.YES
        if answer.hours is not None:
            said["hours"] = hours_in_words(answer.hours)
        return cls(initial=said | {"version": answer.version}, **options)

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if hours is not None and hours > self.period.most_hours:
            raise forms.ValidationError(
                _("That is more than ten hours a day, %(days)s. Check the number."),
                params={"days": str(self.period)},
            )
        return hours

    def clean(self):
        if self.cleaned_data.get("came") == Came.NO:
            for name in set(self.errors) & set(SAID):
                del self.errors[name]

    @property
    def said(self) -> dict:
        """What is to be stored: the values of `services.answers.SAID`."""
        if self.cleaned_data["came"] == Came.NO:
            nothing = {"going": "", "hours": None, "works_well": "", "needs": "", "wishes": ""}
            return {"no_show": True, **nothing}
        return {"no_show": False} | {name: self.cleaned_data[name] for name in SAID if name != "no_show"}
