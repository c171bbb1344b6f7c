"""What an administrator writes in a draft of the catalogue."""

import re
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competence.catalogue.reading import (
    AREA_CODE,
    LARGEST,
    MOST_IN_FILE,
    MOST_STATEMENTS,
    VERSION_CODE,
    longest,
    unprintable,
)
from competence.catalogue.services import (
    AreaFacts,
    EvidenceFacts,
    HeadFacts,
    LevelFacts,
    ModuleFacts,
    ScaleFacts,
    Statement,
)
from competence.models import (
    CatalogueArea,
    CatalogueModule,
    CatalogueVersion,
    Competence,
    EvidenceType,
    SupportLevel,
)
from participants.mapping.forms import OccupationField
from vocabulary.codes import LanguageLevel, LanguageSkill
from vocabulary.models import Occupation

MOST_OCCUPATIONS = 6
#: Empty lines below what is there, for what is new.
NEW_LINES = 3


class Line(forms.CharField):
    """A text in one line, whatever was pasted."""

    def __init__(self, label, *, model=None, name="", rows=0, missing="", **options):
        self._most = longest(model, name) if model else options.pop("max_length")
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        super().__init__(label=label, max_length=self._most, widget=widget, **options)
        self.widget.attrs.pop("maxlength", None)  # a browser would cut a paste short without a word
        if missing:
            self.error_messages["required"] = missing
        self.error_messages["max_length"] = _(
            "Write at most %(limit_value)d characters; there are %(show_value)d now."
        )

    def to_python(self, value):
        text = " ".join(super().to_python(value).split())
        if unprintable(text):
            raise forms.ValidationError(_("There is a sign in the text that cannot be printed."))
        return text


def exactly(shape: re.Pattern) -> str:
    """The shape of a whole text, as a field asks for it."""
    return rf"\A(?:{shape.pattern})\Z"


class PartForm(forms.Form):
    """A part of a draft. `seen` is what the page showed of it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)


class HeadForm(PartForm):
    """What a draft is called, and what is new in it."""

    code = forms.RegexField(
        exactly(VERSION_CODE),
        label=_("Version"),
        max_length=20,
        help_text=_("As it will stand on what is assessed with it, for example 2027.1."),
        error_messages={
            "required": _("Write what the version is called."),
            "invalid": _("Use letters, digits, full stops and hyphens, as in 2027.1."),
        },
    )
    note = Line(
        _("What is new"),
        model=CatalogueVersion,
        name="note",
        rows=3,
        required=False,
        help_text=_("For those who will use it. It has to be written before the version is published."),
    )

    @property
    def facts(self) -> HeadFacts:
        return HeadFacts(self.cleaned_data["code"], self.cleaned_data["note"])


class ModuleForm(PartForm):
    """A module: its name and the question that leads into it."""

    label = Line(_("Name"), model=CatalogueModule, name="label", missing=_("Write the name."))
    label_en = Line(_("Name in English"), model=CatalogueModule, name="label_en", required=False)
    question = Line(_("Question"), model=CatalogueModule, name="question", missing=_("Write the question."))
    question_en = Line(_("Question in English"), model=CatalogueModule, name="question_en", required=False)

    def facts(self, statements: Iterable[Statement]) -> ModuleFacts:
        said = self.cleaned_data
        return ModuleFacts(said["label"], said["label_en"], said["question"], said["question_en"], tuple(statements))


class AreaForm(PartForm):
    """An occupational area: name, occupations, what it formally requires, the least Swedish."""

    code = forms.RegexField(
        exactly(AREA_CODE),
        label=_("Code"),
        max_length=10,
        help_text=_(
            "Two to ten capital letters or digits; never changed. Its statements are numbered after it: SKO-01."
        ),
        error_messages={
            "required": _("Write a code."),
            "invalid": _("Use two to ten capital letters or digits."),
        },
    )
    label = Line(_("Name"), model=CatalogueArea, name="label", missing=_("Write the name."))
    label_en = Line(_("Name in English"), model=CatalogueArea, name="label_en", required=False)
    description = Line(_("Description"), model=CatalogueArea, name="description", rows=2, required=False)
    requirements = forms.CharField(
        label=_("Formal requirements"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4000,
        help_text=_("One on each line: what the law or the employer asks for before somebody may do the work."),
    )
    gate_skill = forms.ChoiceField(
        label=_("Least Swedish, skill"),
        choices=[("", _("None is asked for")), *LanguageSkill.choices],
        required=False,
    )
    gate_level = forms.ChoiceField(
        label=_("Least Swedish, level"),
        choices=[("", "–"), *(each for each in LanguageLevel.choices if each[0] != LanguageLevel.NONE)],
        required=False,
    )
    gate_for = Line(
        _("What it is asked for"),
        max_length=200,
        required=False,
        help_text=_("For example the assessment of occupational skills."),
    )

    def __init__(self, *args, is_new: bool, **options):
        super().__init__(*args, **options)
        # A file may name more than there is usually room for.
        told = len([name for name in (*self.initial, *self.data) if name.startswith("occupation_")])
        self._occupations = range(max(MOST_OCCUPATIONS, min(told, MOST_IN_FILE)))
        if not is_new:
            del self.fields["code"]
        for number in self._occupations:
            label = _("Occupation %(number)s") % {"number": number + 1}
            self.fields[f"occupation_{number}"] = OccupationField(label=label)
        self.fields["occupation_0"].help_text = _(
            "The most usual one first. Type a part of the name or the SSYK code, and choose from the list."
        )

    @staticmethod
    def initial_of(facts: AreaFacts) -> dict:
        initial = {
            "label": facts.label,
            "label_en": facts.label_en,
            "description": facts.description,
            "requirements": "\n".join(facts.formal_requirements),
            "gate_skill": facts.language_gate.get("skill", ""),
            "gate_level": facts.language_gate.get("level", ""),
            "gate_for": facts.language_gate.get("applies_to", ""),
        }
        told = {f"occupation_{number}": f"{label} ({code})" for number, (code, label) in enumerate(facts.occupations)}
        return initial | told

    @property
    def occupation_fields(self):
        return [self[f"occupation_{number}"] for number in self._occupations]

    def clean_requirements(self) -> tuple[str, ...]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["requirements"].splitlines()]
        most = CatalogueArea._meta.get_field("formal_requirements").base_field.max_length
        if any(len(line) > most or unprintable(line) for line in lines):
            raise forms.ValidationError(_("Write at most %(most)d characters on a line."), params={"most": most})
        return tuple(line for line in lines if line)

    def clean(self):
        said = super().clean()
        if bool(said.get("gate_skill")) != bool(said.get("gate_level")):
            missing = "gate_level" if said.get("gate_skill") else "gate_skill"
            self.add_error(missing, _("Choose both the skill and the level, or neither."))
        return said

    @property
    def occupations(self) -> tuple[tuple[str, str], ...]:
        chosen = (self.cleaned_data.get(f"occupation_{number}") for number in self._occupations)
        return tuple(dict.fromkeys(each for each in chosen if each))

    def facts(self, statements: Iterable[Statement]) -> AreaFacts:
        said, gate = self.cleaned_data, {}
        if said["gate_skill"]:
            gate = {"skill": said["gate_skill"], "level": said["gate_level"], "applies_to": said["gate_for"]}
        return AreaFacts(
            said["label"],
            said["label_en"],
            said["description"],
            self.occupations,
            said["requirements"],
            gate,
            tuple(statements),
        )


def wished(place: int | None, before: int | None, number: int) -> tuple[int, int, int]:
    """By what rows are sorted: the place that was wished for; of two with the same, the one that was moved up to it
    comes before the one that stands there, and the one that was moved down to it after. Without place: last."""
    if place is None:
        return (10_000, 0, number)
    down = before is not None and before < place
    return (place, 1 if before == place else 2 if down else 0, number)


class StatementForm(forms.Form):
    """A statement, in both languages, and its place in the row."""

    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    text = Line(_("In Swedish"), model=Competence, name="text", rows=2, required=False)
    text_en = Line(_("In English"), model=Competence, name="text_en", rows=2, required=False)
    place = forms.IntegerField(label=_("Place"), min_value=1, max_value=999, required=False)
    away = forms.BooleanField(label=_("Take away"), required=False)
    text_missing = _("Write the statement, or take it away.")

    def clean(self):
        said = super().clean()
        written = said.get("text_en") or said.get("code")
        if written and not said.get("text") and not said.get("away") and "text" not in self.errors:
            self.add_error("text", self.text_missing)
        return said


class StatementsFormSet(
    forms.formset_factory(StatementForm, extra=NEW_LINES, max_num=MOST_STATEMENTS + NEW_LINES, validate_max=True)
):
    """The statements of a module or an area, with some empty lines for new ones."""

    def __init__(self, *args, statements: Iterable[Statement] = (), **options):
        initial = [
            {"code": each.code, "text": each.text, "text_en": each.text_en, "place": place}
            for place, each in enumerate(statements, 1)
        ]
        super().__init__(*args, initial=initial, prefix="rad", **options)

    def clean(self):
        texts = [each.text.casefold() for each in self.statements]
        if len(texts) > MOST_STATEMENTS:
            raise forms.ValidationError(_("There are more than %(most)d."), params={"most": MOST_STATEMENTS})
        if twice := next((text for text in texts if texts.count(text) > 1), ""):
            raise forms.ValidationError(_("Two statements say the same: %(text)s"), params={"text": twice})

    @property
    def statements(self) -> list[Statement]:
        """What was written, in the order that was wished: those without place come last."""
        rows = []
        for number, form in enumerate(self.forms):
            said = getattr(form, "cleaned_data", None) or {}
            if said.get("text") and not said.get("away"):
                row = Statement(said.get("code", ""), said["text"], said.get("text_en", ""))
                rows.append((wished(said.get("place"), form.initial.get("place"), number), row))
        return [row for _key, row in sorted(rows, key=lambda each: each[0])]

    @property
    def taken_away(self) -> set[str]:
        said = (getattr(form, "cleaned_data", None) or {} for form in self.forms)
        return {each["code"] for each in said if each.get("away") and each.get("code")}


class ScaleForm(PartForm):
    """Names and phrases of the five levels, and from which on evidence is needed."""

    evidence_from = forms.TypedChoiceField(
        label=_("Evidence is needed from level"),
        choices=[(value, str(value)) for value in (1, 2, 3, 4)],
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "across"}),
    )

    names = ("label", "label_en", "phrase", "phrase_en")

    def __init__(self, *args, facts: ScaleFacts, **options):
        initial = {"evidence_from": facts.evidence_from}
        self.values = [each.value for each in facts.levels]
        for each in facts.levels:
            initial |= {f"{name}_{each.value}": getattr(each, name) for name in self.names}
        super().__init__(*args, initial=initial | options.pop("initial", {}), **options)
        for value in self.values:
            self.fields[f"label_{value}"] = Line(
                _("Name"), model=SupportLevel, name="label", missing=_("Write the name of the level.")
            )
            self.fields[f"label_en_{value}"] = Line(
                _("Name in English"), model=SupportLevel, name="label_en", required=False
            )
            if value:
                self.fields[f"phrase_{value}"] = Line(
                    _("Phrase on the certificate"),
                    model=SupportLevel,
                    name="phrase",
                    missing=_("Write how the certificate says it."),
                )
                self.fields[f"phrase_en_{value}"] = Line(
                    _("Phrase in English"), model=SupportLevel, name="phrase_en", required=False
                )

    @property
    def levels(self):
        """Each level with its fields."""
        return [
            (value, [self[f"{name}_{value}"] for name in self.names if f"{name}_{value}" in self.fields])
            for value in self.values
        ]

    @property
    def facts(self) -> ScaleFacts:
        said = self.cleaned_data
        return ScaleFacts(
            tuple(
                LevelFacts(value, *(said.get(f"{name}_{value}", "") for name in self.names)) for value in self.values
            ),
            said["evidence_from"],
        )


class EvidenceForm(StatementForm):
    """A type of evidence, and its place in the row."""

    text = Line(_("Name"), model=EvidenceType, name="label", required=False)
    text_en = Line(_("Name in English"), model=EvidenceType, name="label_en", required=False)
    text_missing = _("Write the name, or take it away.")


class EvidenceFormSet(StatementsFormSet):
    """The types of evidence, with some empty lines for new ones."""

    form = EvidenceForm

    @property
    def facts(self) -> list[EvidenceFacts]:
        return [EvidenceFacts(each.code, each.text, each.text_en) for each in self.statements]


class OrderForm(PartForm):
    """In which order the areas stand: a number for each."""

    def __init__(self, *args, areas: list[CatalogueArea], **options):
        super().__init__(*args, **options)
        self.areas = areas
        for place, area in enumerate(areas, 1):
            self.fields[area.code] = forms.IntegerField(
                label=area.label, initial=place, min_value=1, max_value=999, required=False
            )

    @property
    def rows(self):
        return [(area, self[area.code]) for area in self.areas]

    @property
    def codes(self) -> list[str]:
        places = (
            (wished(self.cleaned_data[area.code], self.fields[area.code].initial, number), area.code)
            for number, area in enumerate(self.areas)
        )
        return [code for _key, code in sorted(places)]


class ImportForm(forms.Form):
    """A catalogue as a file."""

    file = forms.FileField(
        label=_("Catalogue as YAML"),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
        help_text=_("In the format in which versions are downloaded here. It becomes a draft; nothing is published."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            error = gettext("The file is too large. A catalogue has at most %(most)d kB.")
            raise forms.ValidationError(error, params={"most": LARGEST // 1000})
        return file


class CompareForm(forms.Form):
    """Which versions are compared."""

    before = forms.ModelChoiceField(
        label=_("Earlier"), queryset=CatalogueVersion.objects.none(), to_field_name="code"
    )
    after = forms.ModelChoiceField(label=_("Later"), queryset=CatalogueVersion.objects.none(), to_field_name="code")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in ("before", "after"):
            self.fields[name].queryset = CatalogueVersion.objects.all()


def occupations_offered():
    """The occupations to choose among, for the list of the page."""
    return Occupation.objects.all()
