"""What is typed about supervisors, their training and the support they get, and which of it can be stored."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.forms import JournalText, day_field
from placements.employers.forms import PHONE, PhoneForm, not_to_come
from placements.kept_forms import KeptForm
from placements.models import Supervisor, SupervisorTraining, SupportVisit


class ListForm(forms.Form):
    """What the list of supervisors is narrowed to."""

    q = forms.CharField(label=_("Supervisor, workplace or employer"), required=False)
    training = forms.ChoiceField(
        label=_("Training"),
        choices=[
            ("", pgettext_lazy("supervisors", "All")),
            ("utbildade", pgettext_lazy("supervisors", "Trained")),
            ("sprak", _("Language supervisors")),
            ("snart", _("Training runs out soon")),
            ("utgangna", _("Training has run out")),
            ("outbildade", _("No training")),
        ],
        required=False,
    )
    left = forms.BooleanField(label=_("Those who have left too"), required=False)


class SupervisorForm(PhoneForm):
    """A supervisor's name and how to reach them; of one who is there also the workplace, within the employer."""

    class Meta:
        model = Supervisor
        fields = ("name", "email", "phone", "no_reminders", "workplace")
        labels = {"no_reminders": _("Wants no reminders by mail")}
        help_texts = {
            "email": _("Links to follow-ups are sent here. Write the address of the person, not of a group."),
            "no_reminders": _("The links themselves still come."),
        }
        error_messages = {
            "name": {"required": _("Write the supervisor's name.")},
            "email": {"required": _("Write the address to which links are to be sent.")},
        }
        widgets = {"phone": PHONE}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if not self.instance.pk:
            del self.fields["workplace"]
            return
        here = self.instance.workplace
        open_ones = here.employer.workplaces.open_on(timezone.localdate())
        self.fields["workplace"].queryset = (open_ones | type(here).objects.filter(pk=here.pk)).in_swedish_order()
        self.fields["workplace"].empty_label = None


class LeaveForm(forms.Form):
    """Since when a supervisor leads nobody, and who takes over. `heirs` are those who can."""

    day = day_field(_("Leads nobody since"))
    successor = forms.ChoiceField(label=_("Who takes over"), required=False)

    def __init__(self, *args, heirs: list[Supervisor], needed: bool, **options):
        super().__init__(*args, **options)
        self.heirs = {str(heir.public_id): heir for heir in heirs}
        self.initial.setdefault("day", timezone.localdate())
        if heirs:
            nobody = pgettext_lazy("supervisor", "Choose") if needed else pgettext_lazy("supervisor", "Nobody")
            told = [(key, f"{heir.name}, {heir.email}") for key, heir in self.heirs.items()]
            self.fields["successor"].choices = [("", nobody), *told]
        else:
            del self.fields["successor"]

    def clean_day(self) -> dt.date:
        return not_to_come(self.cleaned_data["day"])

    @property
    def heir(self) -> Supervisor | None:
        return self.heirs.get(self.cleaned_data.get("successor", ""))


class TrainingForm(KeptForm):
    """A course that a supervisor has gone through."""

    completed_on = day_field(_("Completed"))
    valid_until = day_field(_("Valid until"), required=False, help_text=_("Empty: it does not run out."))

    class Meta:
        model = SupervisorTraining
        fields = ("course", "level", "language", "completed_on", "valid_until")
        help_texts = {
            "course": _("Such as Handledarutbildning, 2 days."),
            "level": _("Such as basic or advanced, if the course has levels."),
            "language": _("The course trains those who support others in learning Swedish at work."),
        }
        error_messages = {"course": {"required": _("Write the name of the course.")}}

    def clean_completed_on(self) -> dt.date:
        return not_to_come(self.cleaned_data["completed_on"])

    def clean(self):
        data = super().clean()
        self.ends_after("completed_on", "valid_until", _("The training cannot run out before it was completed."))
        return data


class VisitForm(KeptForm):
    """That somebody was there, or called, to support the supervisor."""

    day = day_field(_("Day"))
    note = JournalText(
        label=_("What was it about?"),
        rows=3,
        max_length=2000,
        required=False,
        help_text=_("About the task of supervising. Write nothing about participants here."),
    )

    class Meta:
        model = SupportVisit
        fields = ("day", "note")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial["day"] = self.initial.get("day") or timezone.localdate()

    def clean_day(self) -> dt.date:
        return not_to_come(self.cleaned_data["day"])
