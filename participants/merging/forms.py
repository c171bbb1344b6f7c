"""What is chosen and written when two participants become one."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.merging.facts import LOSER, WINNER, Fact, best_guess, to_choose
from participants.merging.reading import fact_told
from participants.models import Participant

FIRST, SECOND = "first", "second"


def why_field(label, help_text="", required="") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": required or _("Write why.")},
    )


class MergeForm(forms.Form):
    """Which of two files goes on, which facts stay, and why it is one person.

    One field for each fact that both have and that is not the same. `seen_…` are the revisions that the page showed.
    """

    goes_on = forms.ChoiceField(
        label=_("Which file goes on?"),
        help_text=_("Everything in the other one moves there, and its address leads there."),
        widget=forms.RadioSelect,
        initial=FIRST,
        error_messages={"required": _("Choose which file goes on.")},
    )
    why = why_field(
        _("How do you know that it is the same person?"),
        _("Such as “same name and address”. No names, no numbers: an administrator may have to decide. It is kept."),
        _("Write how you know that it is the same person."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    seen_first = forms.IntegerField(widget=forms.HiddenInput)
    seen_second = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, first: Participant, second: Participant, unmasked: bool, proposed=None):
        self.first, self.second = first, second
        super().__init__(data, auto_id="merge_%s")
        self.initial |= {"token": uuid.uuid4(), "seen_first": first.revision, "seen_second": second.revision}
        self.fields["goes_on"].choices = [
            (FIRST, _("File 1: %(name)s") % {"name": first.full_name}),
            (SECOND, _("File 2: %(name)s") % {"name": second.full_name}),
        ]
        self.facts = to_choose(first, second)
        for fact in self.facts:
            self.fields[fact.key] = self._choice(fact, unmasked)
            self.initial[fact.key] = FIRST if best_guess(fact, first, second) == WINNER else SECOND
        if proposed:
            self._take_over(proposed)
        self.order_fields(["goes_on", *(fact.key for fact in self.facts), "why"])

    def _choice(self, fact: Fact, unmasked: bool) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=fact.label,
            choices=[
                (FIRST, _("File 1: %(fact)s") % {"fact": fact_told(fact, self.first, unmasked=unmasked)}),
                (SECOND, _("File 2: %(fact)s") % {"fact": fact_told(fact, self.second, unmasked=unmasked)}),
            ],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose which stays.")},
        )

    def _take_over(self, proposed) -> None:
        """Begin with what somebody has proposed."""
        winner, loser = (FIRST, SECOND) if proposed.winner_id == self.first.pk else (SECOND, FIRST)
        self.initial |= {"goes_on": winner, "why": proposed.why}
        for key, side in proposed.choices.items():
            if key in self.fields:
                self.initial[key] = winner if side == WINNER else loser

    @property
    def choosing(self) -> list[forms.BoundField]:
        """The fields of the facts."""
        return [self[fact.key] for fact in self.facts]

    @property
    def pair(self) -> tuple[Participant, Participant]:
        """Who goes on, and who goes into the other."""
        return (self.first, self.second) if self.cleaned_data["goes_on"] == FIRST else (self.second, self.first)

    @property
    def choices(self) -> dict[str, str]:
        """Of which of the two each fact stays, as it is stored."""
        goes_on = self.cleaned_data["goes_on"]
        return {fact.key: WINNER if self.cleaned_data[fact.key] == goes_on else LOSER for fact in self.facts}

    @property
    def seen(self) -> dict[int, int]:
        return {
            self.first.pk: self.cleaned_data["seen_first"],
            self.second.pk: self.cleaned_data["seen_second"],
        }


class BlindMergeForm(forms.Form):
    """For an administrator, who sees units and case numbers only: what differs stays as it is in the file that goes
    on, but a personal number goes before a coordination number."""

    goes_on = forms.ChoiceField(
        label=_("Which file goes on?"),
        help_text=_("What only the other one says is taken over from it. The units see everything in one file."),
        choices=[(FIRST, _("The first one")), (SECOND, _("The second one"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which file goes on.")},
    )
    why = why_field(
        _("How do you know that it is the same person?"),
        _("Such as “both units have compared with the person's identity card”. No names, no numbers."),
        _("Write how you know that it is the same person."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, **options):
        super().__init__(data, auto_id="merge_%s", **options)
        self.initial.setdefault("token", uuid.uuid4())


class DeclineForm(forms.Form):
    """Why two files are not to be merged."""

    note = why_field(_("Why not?"), _("Whoever proposed it sees what you write."))

    def __init__(self, data=None):
        super().__init__(data, auto_id="decline_%s")


class UndoForm(forms.Form):
    """Why a merge was wrong."""

    why = why_field(_("Why was it wrong?"), _("It is kept."))

    def __init__(self, data=None):
        super().__init__(data, auto_id="undo_%s")
