"""Settings that a municipality changes: documented here with their defaults, stored as rows with history.

A floor above joins with `define` in its `AppConfig.ready`; reading is `value_of(KEY)`. Nothing that the domain marks
as uncertain is a constant in the code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import MunicipalSetting


@dataclass(frozen=True)
class Definition:
    """One setting: its key, what it is called and does, its default, and the form field that checks a new value."""

    key: str
    label: str
    help_text: str
    default: Any
    field: Callable[..., forms.Field] = forms.CharField
    field_options: tuple[tuple[str, Any], ...] = ()

    def form_field(self, **extra) -> forms.Field:
        return self.field(label=self.label, help_text=self.help_text, **dict(self.field_options), **extra)


_definitions: dict[str, Definition] = {}


def define(definition: Definition) -> Definition:
    """Join the list of settings. The same key twice is a programming error."""
    if definition.key in _definitions:
        raise ValueError(f"The setting {definition.key} is defined twice.")
    _definitions[definition.key] = definition
    return definition


def definitions() -> tuple[Definition, ...]:
    """All settings, in the order in which the apps joined."""
    return tuple(_definitions.values())


def value_of(key: str) -> Any:
    """The municipality's value, or the documented default. KeyError for a key nobody has defined."""
    definition = _definitions[key]
    stored = MunicipalSetting.objects.filter(key=key).values_list("value", flat=True).first()
    return definition.default if stored is None else stored


MUNICIPALITY_NAME = define(
    Definition(
        key="municipality_name",
        label=_("Name of the municipality"),
        help_text=_("Shown at the top of every page and in documents."),
        default="Kommunen",
    )
)
