"""What is typed about a place, and which of it can be stored."""

import uuid

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.forms import day_field
from placements.models import Place, Supervisor, Workplace
from placements.places.services import FACTS, languages_of
from vocabulary.codes import LanguageLevel, LanguageSkill

LEVELS = [("", pgettext_lazy("language level", "No requirement"))] + [
    (level, level.label) for level in LanguageLevel if level != LanguageLevel.NONE
]


def language_name(skill: str) -> str:
    """The name of the field for one skill."""
    return f"language_{skill.lower()}"


class PlaceForm(forms.ModelForm):
    """A place at `workplace`: what there is to do, what it requires, who leads, how many, when."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    start = day_field(_("First day"))
    end = day_field(_("Last day"), required=False, help_text=_("Empty if the place is there until further notice."))
    capacity = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=200,
        initial=1,
        help_text=_("How many can be there at the same time."),
        error_messages={
            "required": _("Write how many can be there at the same time."),
            "min_value": _("A place has at least one seat."),
            "invalid": _("Write a whole number."),
        },
    )
    on_holidays = forms.BooleanField(
        label=_("The work goes on on public holidays too"),
        required=False,
        help_text=_("Else nobody is expected on them, nor on Midsummer Eve, Christmas Eve and New Year's Eve."),
    )

    class Meta:
        model = Place
        fields = FACTS
        widgets = {"tasks": forms.Textarea(attrs={"rows": 4})}
        labels = {"title": _("What the place is called")}
        help_texts = {
            "title": _("For example Köksbiträde."),
            "tasks": _("What there is to do there, in a few sentences."),
            "licence": _("Such as B. Empty if none is needed."),
            "formal_requirements": _("Such as a food hygiene course, or an extract from the criminal records."),
        }
        error_messages = {
            "title": {"required": _("Write what the place is called.")},
            "occupational_area": {"required": _("Choose an occupational area.")},
        }

    def __init__(self, *args, workplace: Workplace, **options):
        super().__init__(*args, **options)
        place = self.instance
        self.workplace = workplace
        levels = languages_of(place) if place.pk else {}
        for skill in LanguageSkill:
            self.fields[language_name(skill)] = forms.ChoiceField(
                label=skill.label, choices=LEVELS, required=False, initial=levels.get(skill, "")
            )
        if place.pk:
            del self.fields["token"]
            self.initial["seen"] = place.revision
            self.initial["on_holidays"] = place.schedules.filter(on_holidays=True).exists()
        else:
            self.initial.setdefault("start", timezone.localdate())
            self.initial.setdefault("occupational_area", workplace.occupational_area_id)
        there = Q(workplace=workplace, left_on=None) | Q(pk=place.supervisor_id)
        self.fields["supervisor"].queryset = Supervisor.objects.filter(there)
        self.fields["supervisor"].empty_label = pgettext_lazy("supervisor", "Nobody yet")
        self.fields["occupational_area"].empty_label = _("Choose an area")

    def clean(self):
        data = super().clean()
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", _("The last day is before the first."))
        return data

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in FACTS}

    @property
    def languages(self) -> dict[str, str]:
        """The least level by skill; empty where none is required."""
        return {skill: self.cleaned_data[language_name(skill)] for skill in LanguageSkill.values}

    @property
    def language_fields(self) -> list[forms.BoundField]:
        return [self[language_name(skill)] for skill in LanguageSkill.values]

    def _post_clean(self):
        """The database judges in the service; here nothing of the instance is changed."""
