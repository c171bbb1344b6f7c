"""What is typed in an assessment, and about it."""

import uuid
from collections.abc import Iterable, Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competence.assessing import words
from competence.assessing.said import NOTHING, Said
from competence.assessing.sheet import Line, Sheet
from competence.models import Assessment, CatalogueArea, GradedBy
from participants.forms import JournalText, day_field
from vocabulary.codes import LanguageLevel, LanguageSkill

LONGEST_NOTE = 300


class StatementForm(forms.Form):
    """What is said of one competence; its fields are called after the competence's code. `was` is what the page
    showed, so that what somebody else has said meanwhile is not overwritten unseen."""

    level = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    evidence = forms.MultipleChoiceField(required=False)
    note = JournalText(
        rows=2,
        max_length=LONGEST_NOTE,
        required=False,
        error_messages={"max_length": _("Write at most %(limit_value)d characters; there are %(show_value)d now.")},
    )
    was = forms.CharField(required=False)

    def __init__(self, data=None, *, line: Line, sheet: Sheet):
        super().__init__(data, prefix=line.code, auto_id="%s")
        self.line, self.sheet = line, sheet
        self.fields["level"].choices = [(level.value, level.label) for level in sheet.levels]
        self.fields["evidence"].choices = [(kind.code, kind.label) for kind in sheet.types]
        #: What somebody else has said meanwhile, shown beside what is typed here; and what is stored by now.
        self.kept: Said | None = None
        self.stored: Said | None = None

    def clean(self):
        cleaned = super().clean()
        if not self.errors and cleaned.get("level") is None and (cleaned.get("note") or cleaned.get("evidence")):
            self.add_error("level", _("Choose a level as well."))
        return cleaned

    @property
    def said(self) -> Said:
        cleaned = self.cleaned_data
        return Said(cleaned["level"], tuple(sorted(cleaned["evidence"])), cleaned["note"])

    def take(self, said: Mapping[str, Said], kept: Mapping[str, Said]) -> None:
        """Learn what is stored when this was sent: what stands here, or what somebody else has said. Where somebody
        has changed what was not touched here, the page goes on to know what it showed."""
        self.kept = kept.get(self.line.code)
        self.stored = self.said if said.get(self.line.code, NOTHING) == self.said else None

    @property
    def typed(self) -> Said:
        """What the page shows: what was typed, as far as it can be read, else what is stored."""
        if not self.is_bound:
            return self.line.said
        level = self.data.get(self.add_prefix("level"), "")
        known = {str(each.value): each.value for each in self.sheet.levels}
        evidence = self.data.getlist(self.add_prefix("evidence"))
        return Said(known.get(level), tuple(evidence), self.data.get(self.add_prefix("note"), ""))

    @property
    def mark(self) -> str:
        """What the page shows as stored: what somebody else has said, once it is shown here too."""
        if known := self.kept or self.stored:
            return known.mark
        return self.data.get(self.add_prefix("was"), "") if self.is_bound else self.line.said.mark

    @property
    def moved(self) -> bool:
        """Whether the page knows something else as stored than what is stored now."""
        return self.is_bound and self.mark != self.data.get(self.add_prefix("was"), "")

    @property
    def levels(self) -> list[dict]:
        """Each level, and whether it is chosen."""
        chosen = self.typed.level
        return [
            {
                "level": level,
                "label": words.level_label(level),
                "hint": words.level_hint(level),
                "chosen": level.value == chosen,
            }
            for level in self.sheet.levels
        ]

    @property
    def kinds(self) -> list[dict]:
        """Each type of evidence, and whether it is ticked."""
        ticked = self.typed.evidence
        return [
            {"kind": kind, "plain": words.evidence_of_supervisor(kind), "ticked": kind.code in ticked}
            for kind in self.sheet.types
        ]

    @property
    def text(self) -> tuple[str, str]:
        """The competence, and the language that it is in."""
        return words.statement(self.line.competence)

    @property
    def lacks_evidence(self) -> bool:
        """Whether what is shown needs something that shows it."""
        return self.typed.level in self.sheet.needing and not self.typed.evidence

    @property
    def kept_words(self) -> str:
        """What somebody else has said, in words."""
        return words_of(self.kept, self.sheet) if self.kept is not None else ""


def words_of(said: Said, sheet: Sheet) -> str:
    level = next((each for each in sheet.levels if each.value == said.level), None)
    if level is None:
        return str(_("Nothing"))
    evidence = [words.evidence_of_supervisor(kind) for kind in sheet.types if kind.code in said.evidence]
    return " · ".join(filter(None, [words.level_label(level), ", ".join(evidence), said.note]))


def statement_forms(sheet: Sheet, lines: Iterable[Line], data=None) -> dict[str, StatementForm]:
    """A form for each of the lines, by the competences' codes."""
    return {line.code: StatementForm(data, line=line, sheet=sheet) for line in lines}


class AreaForm(forms.Form):
    """The occupational area that the practical skills belong to."""

    area = forms.ModelChoiceField(
        label=_("Occupational area"),
        queryset=CatalogueArea.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the occupational area."), "invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args, assessment: Assessment, **options):
        super().__init__(*args, initial={"area": assessment.area_id}, **options)
        areas = CatalogueArea.objects.filter(version=assessment.catalogue_id)
        self.fields["area"].queryset = areas.order_by("label")
        self.fields["area"].label_from_instance = words.area_label


class PaperForm(forms.Form):
    """A signature that was given on paper or in conversation: who, which day."""

    name = forms.CharField(label=_("Who signed"), max_length=210, error_messages={"required": _("Write who signed.")})
    day = day_field(_("Signed"), missing=_("Give the day on which it was signed."))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, assessment: Assessment, **options):
        supervisor = assessment.placement.supervisor
        initial = {"name": supervisor.name if supervisor else "", "seen": assessment.revision}
        super().__init__(*args, initial=initial | {"day": timezone.localdate()}, **options)


class CorrectForm(forms.Form):
    """Why a signed assessment is corrected."""

    why = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "It stands with the new version. The signed one stays as it is, and holds until the new one is signed."
        ),
        error_messages={"required": _("Say why the assessment is corrected.")},
    )


class OwnViewForm(forms.Form):
    """What the participant says of an assessment, as it is written down with them."""

    agrees = forms.ChoiceField(
        label=_("Does the participant agree?"),
        choices=[("yes", _("Yes")), ("no", _("No, not with all of it")), ("", _("Has not said"))],
        widget=forms.RadioSelect(attrs={"class": "across"}),
        required=False,
    )
    comment = JournalText(rows=4, label=_("In the participant's own words"), max_length=2000, required=False)
    said_on = day_field(_("Said"))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, sheet: Sheet):
        self.sheet, view = sheet, sheet.view
        agreed = {True: "yes", False: "no", None: ""}[view.agrees] if view else ""
        initial = {
            "agrees": agreed,
            "comment": view.comment if view else "",
            "said_on": view.said_on if view else timezone.localdate(),
            "seen": view.revision if view else 0,
        }
        super().__init__(data, initial=initial)
        self.own = []
        for line in sheet.lines:
            choices = self._choices(line)
            self.own.append((line, choices, not any(each["chosen"] for each in choices)))

    def _choices(self, line: Line) -> list[dict]:
        typed = self.data.get(f"own-{line.code}", "") if self.is_bound else None
        chosen = line.own.value if line.own else None
        return [
            {"level": level, "chosen": str(level.value) == typed if self.is_bound else level.value == chosen}
            for level in self.sheet.levels
        ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("agrees") == "no" and not cleaned.get("comment"):
            self.add_error("comment", _("Say what the participant does not agree with."))
        return cleaned

    @property
    def facts(self) -> dict:
        """What `own_view_save` keeps."""
        cleaned = self.cleaned_data
        known = {str(level.value) for level in self.sheet.levels}
        said = ((line.code, self.data.get(f"own-{line.code}", "")) for line in self.sheet.lines)
        return {
            "levels": {code: int(value) for code, value in said if value in known},
            "agrees": {"yes": True, "no": False}.get(cleaned["agrees"]),
            "comment": cleaned["comment"],
            "said_on": cleaned["said_on"],
        }


class LanguageForm(forms.Form):
    """Levels of language that somebody has graded on a day: one for each skill that was."""

    graded_on = day_field(_("Assessed"))
    assessor = forms.CharField(
        label=_("Assessor"),
        max_length=200,
        help_text=_("Who has judged the level, for example a teacher of SFI or yourself."),
        error_messages={"required": _("Write who has judged the level.")},
    )
    how = forms.ChoiceField(
        label=_("Builds on"),
        choices=GradedBy,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the level builds on.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, assessor: str, **options):
        initial = {"graded_on": timezone.localdate(), "assessor": assessor, "token": uuid.uuid4()}
        super().__init__(*args, initial=initial, **options)
        for skill in LanguageSkill:
            self.fields[skill.value] = forms.ChoiceField(
                label=skill.label, choices=[("", "–"), *LanguageLevel.choices], required=False
            )
        self.order_fields([*LanguageSkill.values, "graded_on", "assessor", "how", "token"])

    def clean(self):
        cleaned = super().clean()
        if not self.levels:
            self.add_error(LanguageSkill.values[0], _("Choose a level for at least one skill."))
        return cleaned

    @property
    def levels(self) -> dict[str, str]:
        return {skill: self.cleaned_data[skill] for skill in LanguageSkill.values if self.cleaned_data.get(skill)}


class WithdrawForm(forms.Form):
    """Why a level of language is withdrawn."""

    why = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=300,
        error_messages={"required": _("Say why it is withdrawn.")},
    )
