"""A step as it is typed: what it is, its hours, its gates, its competences. Without a script: a gate is added by
choosing its kind and pressing a button, which gives the fields that its kind asks for."""

from collections.abc import Iterable

from django import forms
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from competence.models import CatalogueVersion, Competence, CredentialKind, SupportLevel
from placements.services.schedules import Hours
from tracks.designing.facts import MOST_GATES, GateFacts, StepFacts
from tracks.designing.lacking import AT_WORKPLACE, IN_GROUP, WORKPLACE_FORMS, Lack
from tracks.hours import hours_stored
from tracks.models import GateKind, Step, StepKind, StepResult
from vocabulary.codes import ActivityKind, LanguageLevel, LanguageSkill
from vocabulary.models import ActivityForm

CHOOSE = pgettext_lazy("form of activity", "Choose")


def _number(label, most: int, **options) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=options.pop("least", 1),
        max_value=most,
        error_messages={"invalid": _("Write a whole number."), "required": _("Write a whole number.")},
        **options,
    )


class Unfinished:
    """A form that is shown as it was typed, before anybody has said that it is ready."""

    def unjudged(self):
        self._errors = ErrorDict()
        return self


class StepForm(Unfinished, forms.ModelForm):
    """What a step is, without hours and gates. `lacks` is said beside the fields that it is about."""

    least_weeks = _number(_("Weeks at least"), 200, required=False)
    most_weeks = _number(_("Weeks at most"), 200, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Step
        fields = (
            "title", "kind", "form", "least_weeks", "most_weeks", "purpose", "expected_outcome", "need",
            "competences",
        )  # fmt: skip
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 2}),
            "expected_outcome": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "form": _("What is booked when somebody comes to the step. A placement or an employment is booked at a "
                      "workplace, a course or language support in a group. For other kinds nothing needs to be."),
            "purpose": _("It goes on to what is booked."),
            "expected_outcome": _("How one sees that the step has led where it should."),
        }  # fmt: skip
        error_messages = {
            "title": {"required": _("Write what the step is called.")},
            "kind": {"required": _("Choose a kind.")},
            "expected_outcome": {"required": _("Write what is expected to come of it.")},
        }

    def __init__(self, *args, lacks: Iterable[Lack] = (), **options):
        super().__init__(*args, **options)
        chosen = Q(pk=self.instance.form_id) if self.instance.form_id else Q(pk__in=())
        today = timezone.localdate()
        offered = ActivityForm.objects.choosable_on(today).exclude(kind=ActivityKind.EXTERNAL)
        there = Q(pk__in=offered.values("pk")) | chosen
        self.fields["form"].queryset = ActivityForm.objects.filter(there)
        self.fields["form"].empty_label = pgettext_lazy("form of activity", "Nothing is booked")
        self.fields["kind"].choices = [("", CHOOSE), *StepKind.choices]
        self.groups = competence_groups(self.instance.competences or ())
        codes = [(code, text) for _label, rows in self.groups for code, text in rows]
        self.fields["competences"] = forms.MultipleChoiceField(
            choices=codes, required=False, label=_("Competences that it should give")
        )
        for lack in lacks:
            if lack.field in self.fields:
                field = self.fields[lack.field]
                field.help_text = format_html('{} <strong class="lack">{}</strong>', field.help_text, lack.sentence)

    def clean(self):
        said = super().clean()
        least, most = said.get("least_weeks"), said.get("most_weeks")
        if least and most and most < least:
            self.add_error("most_weeks", _("The longest time is shorter than the shortest."))
        kind, form = said.get("kind"), said.get("form")
        if form and kind in AT_WORKPLACE and form.kind not in WORKPLACE_FORMS:
            self.add_error("form", _("A placement or an employment needs a form at a workplace."))
        elif form and kind in IN_GROUP and form.kind != ActivityKind.ACTIVITY:
            self.add_error("form", _("A course or language support needs a form without a workplace."))
        return said

    def chosen_groups(self):
        """The competences to choose among: (heading, how many are chosen, rows of (code, text, whether it is))."""
        chosen = set(self["competences"].value() or ())
        for label, rows in self.groups:
            told = [(code, text, code in chosen) for code, text in rows]
            yield label, sum(ticked for _code, _text, ticked in told), told

    def facts(self, hours: list[Hours], gates: list[GateFacts]) -> StepFacts:
        names = self.Meta.fields
        columns = {name: self.cleaned_data[name] for name in names} | {"hours": hours_stored(hours)}
        return StepFacts(columns, tuple(gates))

    def _post_clean(self):
        """The database judges in the service; here nothing of the instance is changed."""


def competence_groups(chosen: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The competences of the catalogue in use, by occupational area or module; last those of earlier catalogues that
    are chosen already."""
    current = CatalogueVersion.objects.current()
    rows = Competence.objects.filter(version=current).select_related("module", "area").order_by("position")
    groups: dict[str, list[tuple[str, str]]] = {}
    there = set()
    for each in rows:
        groups.setdefault(each.area.label if each.area else each.module.label, []).append((each.code, each.text))
        there.add(each.code)
    if gone := [code for code in chosen if code not in there]:
        earlier = Competence.objects.filter(code__in=gone).order_by("version__published_at")
        texts = dict(earlier.values_list("code", "text"))
        groups[str(_("Of an earlier catalogue"))] = [(code, texts.get(code, code)) for code in gone]
    return list(groups.items())


# --- Gates --------------------------------------------------------------------------------------------------------


class GateForm(Unfinished, forms.Form):
    """One gate: the fields that its kind asks for."""

    kind: GateKind
    away = forms.BooleanField(label=_("Take the gate away"), required=False)
    use_required_attribute = False
    lack = ""

    def clean(self):
        said = super().clean()
        if said.get("away"):
            self._errors.clear()  # what is taken away need not be right
        return said

    @property
    def title(self) -> str:
        return self.kind.label

    @property
    def asks(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.fields if name != "away"}

    def parts(self):
        """The fields of its kind."""
        return [field for field in self if field.name != "away"]

    @classmethod
    def initial_of(cls, asks: dict) -> dict:
        return asks


class LanguageGate(GateForm):
    kind = GateKind.LANGUAGE
    skill = forms.ChoiceField(label=_("Skill"), choices=LanguageSkill, initial=LanguageSkill.INTERACTION)
    level = forms.ChoiceField(
        label=_("Least level"), choices=[each for each in LanguageLevel.choices if each[0] != LanguageLevel.NONE]
    )


class AgeGate(GateForm):
    kind = GateKind.AGE
    least = _number(_("At least, years"), 100, required=False)
    most = _number(_("At most, years"), 100, required=False)

    def clean(self):
        said = self.cleaned_data
        least, most = said.get("least"), said.get("most")
        if not self.errors and least is None and most is None:
            self.add_error("least", _("Write at least one of the two."))
        elif least and most and most < least:
            self.add_error("most", _("The highest age is lower than the lowest."))
        return super().clean()

    @property
    def asks(self) -> dict:
        return {name: value for name, value in super().asks.items() if value is not None}


class PreviousStepGate(GateForm):
    kind = GateKind.PREVIOUS_STEP
    step = forms.ChoiceField(label=_("Which step"), error_messages={"required": _("Choose a step.")})
    results = forms.MultipleChoiceField(
        label=_("With one of these results"),
        choices=StepResult,
        initial=[StepResult.PASSED, StepResult.SKIPPED],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "across"}),
        error_messages={"required": _("Choose at least one result.")},
    )

    def __init__(self, *args, steps: list[Step], **options):
        super().__init__(*args, **options)
        asked = self.initial.get("step", "")
        choices = [(step.key, step.title) for step in steps]
        if asked and asked not in dict(choices):
            choices.append((asked, _("A step that is not there before this one")))
        self.fields["step"].choices = [("", CHOOSE), *choices]


class CompetenceGate(GateForm):
    kind = GateKind.COMPETENCE
    code = forms.ChoiceField(label=_("Competence"), error_messages={"required": _("Choose a competence.")})
    level = forms.TypedChoiceField(label=_("Least level"), coerce=int)

    def __init__(self, *args, groups, **options):
        super().__init__(*args, **options)
        asked = self.initial.get("code", "")
        codes = {code for _label, rows in groups for code, _text in rows}
        more = [(asked, asked)] if asked and asked not in codes else []
        self.fields["code"].choices = [("", CHOOSE), *groups, *more]
        levels = SupportLevel.objects.filter(version=CatalogueVersion.objects.current(), value__gt=0)
        self.fields["level"].choices = list(levels.order_by("value").values_list("value", "label"))


class CredentialGate(GateForm):
    kind = GateKind.CREDENTIAL
    # The name `kind` is the gate's own.
    paper = forms.ChoiceField(label=_("Kind of paper"), choices=CredentialKind)
    words = forms.CharField(
        label=_("One of these words stands in it"),
        max_length=200,
        required=False,
        help_text=_("Several with “eller” between them: lokalvård eller städ. Empty: any paper of the kind."),
    )

    @property
    def asks(self) -> dict:
        return {"kind": self.cleaned_data["paper"], "words": self.cleaned_data["words"]}

    @classmethod
    def initial_of(cls, asks: dict) -> dict:
        return {"paper": asks["kind"], "words": asks.get("words", "")}


class DocumentGate(GateForm):
    kind = GateKind.DOCUMENT
    words = forms.CharField(
        label=_("Which document"),
        max_length=200,
        help_text=_("For example: Utdrag ur belastningsregistret. It is shown, never kept."),
        error_messages={"required": _("Write which document is to be shown.")},
    )


class TimeGate(GateForm):
    kind = GateKind.TIME
    weeks = _number(_("Weeks on the step before"), 200)


GATES: dict[str, type[GateForm]] = {
    form.kind: form
    for form in (
        LanguageGate, AgeGate, PreviousStepGate, CompetenceGate, CredentialGate, DocumentGate, TimeGate,
    )
}  # fmt: skip
PREFIX, COUNT, ADD = "gates", "gates-count", "add_gate"


class GateRows:
    """The gates of a step as they are typed, one form each; `steps` are those that come before it. What is posted
    says the kind of each and how many there are; a press on the button that adds one gives one more."""

    def __init__(self, data, *, gates: Iterable[GateFacts], steps: list[Step], groups, lacks: Iterable[Lack] = ()):
        self.data, self._steps, self._groups = data, steps, groups
        self.kinds = [("", CHOOSE), *GateKind.choices]
        self.error = ""
        if data is None:
            self.forms = [
                self._make(number, gate.kind, initial=GATES[gate.kind].initial_of(gate.asks))
                for number, gate in enumerate(gates)
            ]
            for lack in lacks:
                if lack.gate is not None and lack.gate < len(self.forms):
                    self.forms[lack.gate].lack = lack.sentence
            return
        asked = data.get(COUNT, "")
        there = min(int(asked), MOST_GATES) if asked.isascii() and asked.isdigit() else 0
        kinds = [data.get(f"{PREFIX}-{number}-kind", "") for number in range(there)]
        self.forms = [self._make(number, kind, data=data) for number, kind in enumerate(kinds) if kind in GATES]
        if self.asked_for_more:
            self.forms = [form.unjudged() for form in self.forms]
            self._add(data.get("gate_kind", ""))

    def _add(self, kind: str) -> None:
        if kind not in GATES:
            self.error = _("Choose what the gate is to ask for.")
        elif len(self.forms) >= MOST_GATES:
            self.error = _("A step has at most twenty gates.")
        else:
            self.forms.append(self._make(len(self.forms), kind))

    def _make(self, number: int, kind: str, **options) -> GateForm:
        if kind == GateKind.PREVIOUS_STEP:
            options["steps"] = self._steps
        if kind == GateKind.COMPETENCE:
            options["groups"] = self._groups
        return GATES[kind](prefix=f"{PREFIX}-{number}", auto_id="id_%s", **options)

    @property
    def asked_for_more(self) -> bool:
        return self.data is not None and ADD in self.data

    def is_valid(self) -> bool:
        return not [form for form in self.forms if not form.is_valid()]  # each says what is wrong with it

    @property
    def facts(self) -> list[GateFacts]:
        return [GateFacts(str(form.kind), form.asks) for form in self.forms if not form.cleaned_data.get("away")]

    @property
    def wrong(self) -> list[tuple]:
        """Each gate that cannot be stored with the field and what is wrong with it."""
        bound = [form for form in self.forms if form.is_bound]
        return [(form, form[name], errors) for form in bound for name, errors in form.errors.items()]
