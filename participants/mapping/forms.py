"""What is typed in a mapping, question by question, and about the municipality's own questions."""

import datetime as dt
import re
import uuid
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.overtaken import OvertakenMixin
from participants.forms import JournalText
from participants.mapping.questions import OCCUPATIONS, Question
from participants.models import MappingQuestion
from participants.models.mapping import QuestionKind
from vocabulary.models import Occupation

LONGEST = 5_000
GOALS = 3
NOT_SAID = _("Not said")


class LongText(JournalText):
    """Some lines; line breaks as one character whatever the browser sends."""

    def __init__(self, **options):
        super().__init__(rows=3, max_length=LONGEST, **options)


class OccupationField(forms.CharField):
    """An occupation of SSYK 2012, by its name, its code, or both as the list writes them."""

    CODE = re.compile(r"\b(\d{4})\b")

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"list": "occupations", "autocomplete": "off"})
        super().__init__(required=False, max_length=250, widget=widget, **options)

    def clean(self, value) -> tuple[str, str] | None:
        text = super().clean(value)
        if not text:
            return None
        code = self.CODE.search(text)
        rows = Occupation.objects.filter(pk=code.group(1)) if code else Occupation.objects.filter(label__iexact=text)
        found = list(rows[:2]) or list(Occupation.objects.filter(label__icontains=text)[:6])
        if len(found) == 1:
            return (found[0].code, found[0].label)
        if found:
            near = "; ".join(each.told for each in found)
            raise forms.ValidationError(_("Several occupations fit. Choose one: %(near)s."), params={"near": near})
        raise forms.ValidationError(_("No occupation is called that. Choose one from the list."))


class SectionForm(forms.Form):
    """One section of a mapping: a field for each question. Nothing must be answered.

    `answers` is what can be stored: where something typed cannot be read, the answer of before stays, and the field
    says what is wrong.
    """

    talked = forms.BooleanField(
        label=_("We have talked about this"),
        required=False,
        help_text=_("Also when there is nothing to write. What has an answer counts as talked about."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    window = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, questions: list[Question], before: dict[str, Any], talked: bool, seen: int):
        initial = {"talked": talked, "seen": seen, "window": uuid.uuid4()}
        super().__init__(data, initial=initial, auto_id="m_%s")
        self.questions, self.before = questions, before
        for question in questions:
            self._add(question, before.get(question.key))
        self.fields["talked"] = self.fields.pop("talked")  # below what was asked

    def _add(self, question: Question, answer: Any) -> None:
        words = {"label": question.label, "help_text": question.help_text}
        if question.kind == OCCUPATIONS:
            chosen = [f"{label} ({code})" for code, label in answer or ()]
            for number in range(GOALS):
                label = question.label if not number else _("Occupation %(number)s") % {"number": number + 1}
                self.fields[f"{question.key}_{number}"] = OccupationField(
                    label=label,
                    help_text=question.help_text if not number else "",
                    initial=chosen[number] if number < len(chosen) else "",
                )
            return
        if question.kind == QuestionKind.DATE and answer:
            answer = dt.date.fromisoformat(answer)
        self.fields[question.key] = _field(question, words | {"required": False, "initial": answer})

    @property
    def answers(self) -> dict[str, Any]:
        kept = {}
        for question in self.questions:
            names = [name for name in self.fields if name == question.key or name.startswith(f"{question.key}_")]
            if question.kind != OCCUPATIONS:
                names = [question.key]
            if any(name in self.errors for name in names):
                answer = self.before.get(question.key)
            elif question.kind == OCCUPATIONS:
                chosen = [self.cleaned_data[name] for name in names if self.cleaned_data.get(name)]
                answer = [list(each) for each in dict.fromkeys(chosen)]
            else:
                answer = _plain(self.cleaned_data.get(question.key))
            if answer not in (None, "", []):
                kept[question.key] = answer
        return kept


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) or hasattr(value, "quantize") else value


def _field(question: Question, options: dict) -> forms.Field:
    match question.kind:
        case "long":
            return LongText(**options)
        case QuestionKind.TEXT:
            return forms.CharField(max_length=300, **options)
        case QuestionKind.NUMBER:
            return forms.DecimalField(
                max_digits=9,
                decimal_places=2,
                localize=True,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages={"invalid": _("Write a number, for example 42 or 42,5.")},
                **options,
            )
        case QuestionKind.YES_NO:
            return _one_of((("yes", _("Yes")), ("no", _("No"))), options)
        case "level" | QuestionKind.CHOICE:
            return _one_of(question.choices, options)
        case QuestionKind.CHOICES:
            return forms.MultipleChoiceField(choices=question.choices, widget=forms.CheckboxSelectMultiple, **options)
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-03-31.")},
        **options,
    )


def _one_of(choices, options: dict) -> forms.ChoiceField:
    """Few choices stand beside each other; what is not said is a choice too, so that an answer can be taken away."""
    choices = [("", NOT_SAID), *choices]
    across = sum(len(str(label)) for _value, label in choices) < 90
    widget = forms.RadioSelect(attrs={"class": "across"} if across else {})
    return forms.ChoiceField(choices=choices, widget=widget, **options)


class OpenHealthForm(forms.Form):
    """Why health must be asked about in this case."""

    why = forms.CharField(
        label=_("Why is it needed?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: to find a workplace where heavy lifting is not needed. No diagnosis."),
        error_messages={"required": _("Write why health must be asked about.")},
    )


class OwnQuestionForm(OvertakenMixin, forms.ModelForm):
    """A question of the municipality's own."""

    class Meta:
        model = MappingQuestion
        fields = ("label", "section", "help_text", "kind", "choices", "order", "valid_from", "valid_to")
        widgets = {
            "choices": forms.Textarea(attrs={"rows": 4}),
            "kind": forms.RadioSelect,
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {
            "label": _("Question"),
            "section": _("Section"),
            "help_text": _("Help below the question"),
            "kind": _("How it is answered"),
            "choices": _("Choices"),
            "order": _("Place in the section"),
            "valid_from": _("Asked from"),
            "valid_to": _("Asked until"),
        }
        help_texts = {
            "label": _("Put it as it is said to the person, for example: Do you have a place in child care?"),
            "choices": _("One on each line. Only for one or some of several."),
            "order": _("The lowest number first, after the product's own questions."),
            "valid_to": _("Empty: until further notice. Completed mappings keep the question."),
        }
        error_messages = {
            "label": {"required": _("Write the question.")},
            "section": {"required": _("Choose a section.")},
            "valid_from": {"invalid": _("Write the day as 2026-03-31.")},
            "valid_to": {"invalid": _("Write the day as 2026-03-31.")},
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = QuestionKind.choices
        sections = [choice for choice in self.fields["section"].choices if choice[0]]
        self.fields["section"].choices = [("", _("Choose a section")), *sections]
        self.initial.setdefault("valid_from", timezone.localdate())
        if self.instance.pk:  # answers of this kind, in this section, may be written down already
            del self.fields["kind"], self.fields["section"]
            self.watch(self.initial, self.instance.label)

    def clean(self):
        data = super().clean()
        kind = data.get("kind", self.instance.kind)
        first, last = data.get("valid_from"), data.get("valid_to")
        lines = {line.strip() for line in (data.get("choices") or "").splitlines() if line.strip()}
        if kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
            if len(lines) < 2:
                self.add_error("choices", _("Write at least two different choices, one on each line."))
        else:
            data["choices"] = ""
        if first and last and last < first:
            self.add_error("valid_to", _("The last day is before the first."))
        if first and "label" in data and self._is_asked(data, first, last):
            self.add_error("label", _("This question is asked in this section already."))
        return data

    def _is_asked(self, data: dict, first: dt.date, last: dt.date | None) -> bool:
        """Whether the same words are put in the same section on one of the days: the form was sent twice."""
        section = data.get("section", self.instance.section)
        others = MappingQuestion.objects.exclude(pk=self.instance.pk)
        same = others.filter(section=section, label__iexact=data["label"])
        if last:
            same = same.filter(valid_from__lte=last)
        return same.filter(Q(valid_to=None) | Q(valid_to__gte=first)).exists()
