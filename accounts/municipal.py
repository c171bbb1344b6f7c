"""Settings that a municipality changes: documented here with their defaults, stored as rows with history.

A floor above joins with `define` in its `AppConfig.ready`; reading is `value_of(KEY)`. Nothing that the domain marks
as uncertain is a constant in the code.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

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

    def from_stored(self, value: Any) -> Any:
        """The value as Python knows it: JSON has neither dates nor decimals."""
        return self.form_field().to_python(value)

    def shown(self, value: Any) -> str:
        """The value in words, as the page of settings shows it."""
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if isinstance(value, list | tuple):
            return ", ".join(self.shown(each) for each in value) or pgettext("choices of a setting", "none")
        choices = dict(getattr(self.form_field(), "choices", ()))
        return str(localize(choices.get(value, value)))


_definitions: dict[str, Definition] = {}
_at_once: ContextVar[dict[str, Any] | None] = ContextVar("settings read at once", default=None)


def define(definition: Definition) -> Definition:
    """Join the list of settings. The same key twice is a programming error."""
    if definition.key in _definitions:
        raise ValueError(f"The setting {definition.key} is defined twice.")
    _definitions[definition.key] = definition
    return definition


def definitions() -> tuple[Definition, ...]:
    """All settings, in the order in which the apps joined."""
    return tuple(_definitions.values())


def definition_of(key: str) -> Definition:
    """The setting with this key. KeyError for a key nobody has defined."""
    return _definitions[key]


@contextmanager
def read_at_once() -> Iterator[None]:
    """Inside, all settings are read with the first one: for a page that asks for many, one by one."""
    if _at_once.get() is not None:
        yield
        return
    token = _at_once.set({})
    try:
        yield
    finally:
        _at_once.reset(token)


def value_of(key: str) -> Any:
    """The municipality's value, or the documented default. KeyError for a key nobody has defined."""
    definition = _definitions[key]
    if _at_once.get() is not None:
        return values()[key]
    stored = MunicipalSetting.objects.filter(key=key).values_list("value", flat=True).first()
    return definition.default if stored is None else definition.from_stored(stored)


def values() -> dict[str, Any]:
    """The value of every setting, by key, in one query."""
    known = _at_once.get()
    if known:
        return known
    stored = dict(MunicipalSetting.objects.values_list("key", "value"))
    found = {
        key: definition.from_stored(stored[key]) if key in stored else definition.default
        for key, definition in _definitions.items()
    }
    if known is not None:
        known.update(found)
    return found


@dataclass(frozen=True)
class Change:
    """One change of a setting, as the history has it."""

    at: dt.datetime
    who: str
    before: str
    after: str


def changes_of(key: str) -> list[Change]:
    """Who changed the setting when, from what to what; the latest first."""
    definition, before, changes = _definitions[key], _definitions[key].default, []
    rows = MunicipalSetting.pgh_event_model.objects.filter(key=key).order_by("pgh_created_at", "pgh_id")
    for row in rows:
        after = definition.from_stored(row.value)
        who = (row.pgh_context or {}).get("name", "")
        changes.append(Change(row.pgh_created_at, who, definition.shown(before), definition.shown(after)))
        before = after
    return changes[::-1]


MUNICIPALITY_NAME = define(
    Definition(
        key="municipality_name",
        label=_("Name of the municipality"),
        help_text=_("Shown at the top of every page and in documents."),
        default="Kommunen",
        field_options=(("max_length", 60),),
    )
)

ACCESSIBILITY_CONTACT = define(
    Definition(
        key="accessibility_contact",
        label=_("Contact for accessibility"),
        help_text=_("E-mail address and telephone number, shown in the accessibility statement."),
        default="",
        field_options=(("required", False),),
    )
)
