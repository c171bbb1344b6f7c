"""What is filled in when participants are given to another job coach."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from participants.models import Enrolment

LONGEST_NOTE = 2000
LONGEST_ROW_NOTE = 500


def as_uuid(text: str) -> uuid.UUID | None:
    """What an address or a hidden field names; None if it names nothing."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def with_caseload(coach: User, count: int) -> str:
    """Alma Alm (23 participants): whom to ask depends on how many each has."""
    words = ngettext("%(name)s (%(count)d participant)", "%(name)s (%(count)d participants)", count)
    return words % {"name": coach.full_name, "count": count}


class CoachForm(forms.Form):
    """Who takes one participant over, and what they should know. `seen` is the coach that the page showed."""

    coach = forms.ChoiceField(label=_("New job coach"), error_messages={"required": _("Choose who takes over.")})
    note = forms.CharField(
        label=_("Note to who takes over"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("What is agreed, what comes next. It stands in the file, for all who may read that."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(self, *args, enrolment: Enrolment, coaches: Iterable[User], labels: Mapping[int, str], **options):
        super().__init__(*args, **options)
        sent = str(self.data.get(self.add_prefix("coach"), ""))  # perhaps for the second time
        self.coaches = {
            str(coach.public_id): coach
            for coach in coaches
            if coach.pk != enrolment.coach_id or str(coach.public_id) == sent
        }
        choices = [(key, labels.get(coach.pk, coach.full_name)) for key, coach in self.coaches.items()]
        self.fields["coach"].choices = [("", _("Choose")), *choices]
        self.initial["seen"] = str(enrolment.coach.public_id) if enrolment.coach else ""

    def clean_coach(self) -> User:
        return self.coaches[self.cleaned_data["coach"]]


@dataclass
class Row:
    """One participant in the form by which many are handed over, with what was chosen for it alone."""

    enrolment: Enrolment
    key: str
    ticked: bool = True
    to: str = ""
    note: str = ""
    error: str = ""

    @property
    def is_aftercare(self) -> bool:
        """Whether only the aftercare is left to do."""
        return not self.enrolment.is_open


def key_of(enrolment: Enrolment) -> str:
    """No two enrolments of a person begin on the same day."""
    return f"{enrolment.participant.public_id}-{enrolment.start:%Y%m%d}"


class HandOverForm(forms.Form):
    """Who takes over, of whom; spread over several, or one by one.

    The rows are no fields of the form: a page of 200 rows would have 600. `typed` names everything a page carries on.
    """

    to = forms.MultipleChoiceField(
        label=_("Who takes over?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose several and the participants are spread, most to those who have fewest."),
    )
    note = forms.CharField(
        label=_("Note to those who take over"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Goes with everybody. It stands in each file, for all who may read that: name nobody."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    use_required_attribute = False

    def __init__(
        self,
        data=None,
        *,
        enrolments: Iterable[Enrolment],
        coaches: Iterable[User],
        counts: Mapping[int, int],
        all_ticked: bool = True,
    ):
        super().__init__(data)
        self.counts, self.all_ticked = counts, all_ticked
        self.coaches = {str(coach.public_id): coach for coach in coaches}
        self.fields["to"].choices = [
            (key, with_caseload(coach, counts[coach.pk])) for key, coach in self.coaches.items()
        ]
        self.rows = [self._row(enrolment) for enrolment in enrolments]

    def _row(self, enrolment: Enrolment) -> Row:
        key = key_of(enrolment)
        if not self.is_bound:
            return Row(enrolment, key, ticked=self.all_ticked)
        return Row(
            enrolment,
            key,
            ticked=key in self.data.getlist("case"),
            to=self.data.get(f"to-{key}", ""),
            note=self.data.get(f"note-{key}", "").replace("\0", "").strip(),
        )

    @property
    def ticked(self) -> list[Row]:
        return [row for row in self.rows if row.ticked]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was filled in, as (name, value), for the page that asks."""
        names = [name for name in self.data if name in ("to", "note", "case") or name.startswith(("to-", "note-"))]
        return [(name, value) for name in names for value in self.data.getlist(name)]

    def clean(self):
        cleaned = super().clean()
        if not self.ticked:
            raise forms.ValidationError(_("Choose at least one participant."), code="nobody")
        for row in self.ticked:
            if row.to and row.to not in self.coaches:
                row.error = str(_("Choose somebody of the list."))
            elif len(row.note) > LONGEST_ROW_NOTE:
                row.error = str(_("At most %(most)d characters.") % {"most": LONGEST_ROW_NOTE})
        if any(row.error for row in self.ticked):
            raise forms.ValidationError(_("Something in the list has to be put right."), code="rows")
        if not cleaned.get("to") and "to" not in self.errors and any(not row.to for row in self.ticked):
            self.add_error("to", _("Choose who takes over."))
        return cleaned

    def spread(self) -> list[tuple[Row, User]]:
        """Who takes whom: as chosen for the row, and of the others each to who then has fewest. The aftercare is
        spread by itself: it is less work than somebody who is enrolled."""
        chosen = {row.key: self.coaches[row.to] for row in self.ticked if row.to}
        takers = [self.coaches[key] for key in self.cleaned_data["to"]]
        for aftercare, load in ((False, dict(self.counts)), (True, dict.fromkeys(self.counts, 0))):
            rows = [row for row in self.ticked if row.is_aftercare == aftercare]
            for row in rows:
                if row.key in chosen:
                    load[chosen[row.key].pk] += 1
            for row in rows:
                if row.key not in chosen:
                    chosen[row.key] = min(takers, key=lambda taker, load=load: load[taker.pk])
                    load[chosen[row.key].pk] += 1
        return [(row, chosen[row.key]) for row in self.ticked]

    def as_told(self, told: Mapping[str, str]) -> list[tuple[Row, User]] | None:
        """Who takes whom as the page that asked said it (`told`: the coach's key by the row's); None if it said
        less than what is chosen now, or named somebody who cannot take over any more."""
        if any(told.get(row.key) not in self.coaches for row in self.ticked):
            return None
        return [(row, self.coaches[told[row.key]]) for row in self.ticked]

    def note_for(self, row: Row) -> str:
        """What goes with one participant: the common note and its own."""
        return "\n\n".join(text for text in (self.cleaned_data["note"].strip(), row.note) if text)
