"""What is typed in each act on somebody's place in a round. Whether it may be done, the services say."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.forms import day_field
from placements.models import Employer, Group
from tracks.members.services.moving import Entry, Result
from tracks.models import Gate, LeftWhy, Member, Step, StepResult

LONGEST = 500
#: How a step that somebody was on went: skipped is what they never were on.
RESULTS = [choice for choice in StepResult.choices if choice[0] != StepResult.SKIPPED]


def _words(label, *, missing="", longest=LONGEST, **options) -> forms.CharField:
    messages = {"required": missing} if missing else {}
    return forms.CharField(
        label=label, max_length=longest, required=bool(missing), error_messages=messages,
        widget=forms.Textarea(attrs={"rows": 2}), **options,
    )  # fmt: skip


def result_field(**options) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How did the step go?"),
        choices=RESULTS,
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Choose how the step went.")},
        **options,
    )


class ActForm(forms.Form):
    """A form about one member, as its page showed it (`seen`)."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    use_required_attribute = False
    names = ()

    def __init__(self, *args, member: Member, **options):
        super().__init__(*args, **options)
        self.member = member
        self.initial["seen"] = member.revision
        for name in ("day", "shown_on"):
            if name in self.fields:
                self.initial.setdefault(name, timezone.localdate())

    @property
    def revision(self) -> int:
        """The revision that the page showed."""
        return self.cleaned_data.get("seen") or 0

    def told(self, row: Member) -> list[tuple[str, str]]:
        """What it says now, for whoever was too late."""
        return [(str(_("State")), row.get_state_display())]


class ProposeForm(forms.Form):
    """Why the track suits, and at which step the participant is to enter."""

    enters_at = forms.ChoiceField(
        label=_("Where do they enter?"),
        help_text=_("At the first step, or at the one that suits after an assessment."),
    )
    why = _words(_("Why does the track suit?"), missing=_("Write why the track suits the participant."))
    use_required_attribute = False

    def __init__(self, *args, steps: list[Step], **options):
        super().__init__(*args, **options)
        self.steps = {each.key: each for each in steps}
        choices = [(each.key, f"{number}. {each.title}") for number, each in enumerate(steps, 1)]
        self.fields["enters_at"].choices = choices

    def clean_enters_at(self) -> Step:
        return self.steps[self.cleaned_data["enters_at"]]


class OfferForm(ActForm):
    """Why before the others, if others come first."""

    deviation = _words(
        _("Why before the others?"),
        longest=300,
        help_text=_("Others come first in the order of priority. Write nothing about the person's health or family."),
    )

    def __init__(self, *args, is_next: bool, **options):
        super().__init__(*args, **options)
        if is_next:
            del self.fields["deviation"]


class AnswerForm(ActForm):
    """What the participant answers, and when."""

    answer = forms.ChoiceField(
        label=_("What does the participant answer?"),
        choices=[("yes", _("Wants the seat")), ("no", _("Declines"))],
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Choose what the participant answers.")},
    )
    day = day_field(_("On which day?"))

    @property
    def accepts(self) -> bool:
        return self.cleaned_data["answer"] == "yes"


class EntryForm(ActForm):
    """That somebody comes to a step. `before` is the step they are on (None: they begin), `passed_by` says whether
    steps are skipped, `groups` are those that can be joined at once. Each gate has a field for why an exception is
    made; the page shows those of gates that lack something."""

    day = day_field(_("First day on the step"))
    result = result_field()
    note = _words(_("What came of it, in words"))
    skipped = _words(_("Why are the steps before skipped?"), missing=_("Write why the steps before are skipped."))
    group = forms.ChoiceField(label=_("Group"), required=False)
    seat_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(
        self, *args, step: Step, before: Step | None, passed_by: list[Step], gates: list[Gate], groups: list[Group],
        **options,
    ):  # fmt: skip
        super().__init__(*args, **options)
        self.step, self.gates = step, gates
        if before is None:
            del self.fields["result"], self.fields["note"]
        if passed_by:
            self.fields["skipped"].help_text = ", ".join(each.title for each in passed_by)
        else:
            del self.fields["skipped"]
        self.groups = {str(each.public_id): each for each in groups}
        if groups:
            later = ("", pgettext_lazy("group", "Choose it later"))
            self.fields["group"].choices = [later, *((key, each.name) for key, each in self.groups.items())]
        else:
            del self.fields["group"]
        for gate in gates:
            self.fields[self.name_of(gate)] = _words(_("Why is an exception made?"))

    @staticmethod
    def name_of(gate: Gate) -> str:
        return f"why_{gate.pk}"

    @property
    def chosen_group(self) -> Group | None:
        return self.groups.get(self.cleaned_data.get("group", ""))

    @property
    def exceptions(self) -> dict[int, str]:
        return {gate.pk: self.cleaned_data.get(self.name_of(gate), "") for gate in self.gates}

    @property
    def left(self) -> Result:
        return Result(self.cleaned_data["result"], self.cleaned_data["note"])

    def entry(self, booking) -> Entry:
        said = self.cleaned_data
        return Entry(self.step, said["day"], said.get("skipped", ""), self.exceptions, booking)


class CompleteForm(ActForm):
    """That the track is completed, and where it led."""

    day = day_field(_("Last day on the track"))
    result = result_field()
    note = _words(_("What came of it, in words"))
    hired_on = day_field(
        _("Hired from"), required=False, help_text=_("Leave it empty if the participant is not hired.")
    )
    hired_by = forms.ModelChoiceField(
        label=_("Hired by"),
        queryset=Employer.objects.none(),
        required=False,
        empty_label=_("Somebody else, or nobody"),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["hired_by"].queryset = Employer.objects.in_swedish_order()

    @property
    def left(self) -> Result:
        return Result(self.cleaned_data["result"], self.cleaned_data["note"])


class LeaveForm(ActForm):
    """That the track is left before its end, and why."""

    day = day_field(_("Last day on the track"))
    why = forms.ChoiceField(
        label=_("Why?"),
        choices=[("", _("Choose")), *(each for each in LeftWhy.choices if each[0] != LeftWhy.CLOSED)],
        error_messages={"required": _("Say why the participant leaves the track.")},
    )
    reason = _words(_("In words"), help_text=_("What the next coach needs to know. Nothing about a diagnosis."))
    result = result_field()
    note = _words(_("What came of the step, in words"))

    @property
    def left(self) -> Result:
        return Result(self.cleaned_data["result"], self.cleaned_data["note"])


class PlainForm(ActForm):
    """Nothing to type: only whether it is to be done."""


class DocumentForm(forms.Form):
    """Which document was shown, and when. Never what stood in it."""

    words = forms.ChoiceField(label=_("Document"), error_messages={"required": _("Choose the document.")})
    shown_on = day_field(_("Shown"))
    names = ()
    use_required_attribute = False

    def __init__(self, *args, documents: list[str], **options):
        super().__init__(*args, **options)
        self.fields["words"].choices = [(each, each) for each in documents]
        self.initial.setdefault("shown_on", timezone.localdate())
