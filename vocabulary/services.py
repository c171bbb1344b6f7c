"""Reference data that ships with the product."""

from pathlib import Path

import yaml
from django.db import transaction

from vocabulary.models import ActivityForm, Occupation, OccupationalArea

SHIPPED = Path(__file__).parent / "data"


def occupational_areas_load() -> int:
    """Bring the shipped occupational areas into the table; run after every migrate, changes nothing twice.

    Returns how many areas there are in the file.
    """
    areas = _shipped("occupational_areas")
    OccupationalArea.objects.bulk_create(
        [OccupationalArea(code=code, **area) for code, area in areas.items()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "occupations"],
    )
    return len(areas)


@transaction.atomic
def occupational_area_keep(*, code: str, label: str, occupations: list[str]) -> OccupationalArea:
    """The occupational area with that code; one that the municipality has added itself is made, or given the name and
    occupations that its catalogue says now. A shipped one says what is shipped."""
    facts = {"label": label, "occupations": occupations}
    area, made = OccupationalArea.objects.get_or_create(code=code, defaults=facts)
    if not made and code not in _shipped("occupational_areas"):
        area.label, area.occupations = label, occupations
        area.save()
    return area


def occupations_load() -> int:
    """Bring the occupations of SSYK 2012 into the table; run after every migrate, changes nothing twice.

    Returns how many there are in the file.
    """
    lines = (SHIPPED / "occupations.txt").read_text(encoding="utf-8").splitlines()
    occupations = [
        Occupation(code=code, label=label)
        for code, _blank, label in (line.partition(" ") for line in lines if not line.startswith("#"))
    ]
    Occupation.objects.bulk_create(
        occupations, update_conflicts=True, unique_fields=["code"], update_fields=["label"]
    )
    return len(occupations)


def activity_forms_load() -> int:
    """Bring the shipped forms of activity into the table; run after every migrate, changes nothing twice, and
    nothing that the municipality has changed itself.

    Returns how many forms there are in the file.
    """
    own = set(ActivityForm.objects.filter(is_own=True).values_list("code", flat=True))
    shipped = _shipped("activity_forms")
    forms = [
        ActivityForm(
            code=code,
            label=form["label"],
            kind=form["kind"],
            requirement=form.get("requirement", ""),
            valid_from=form.get("from"),
            valid_to=form.get("to"),
        )
        for code, form in shipped.items()
        if code not in own
    ]
    there = {form.code: form for form in ActivityForm.objects.all()}
    forms = [form for form in forms if not _same(there.get(form.code), form)]
    ActivityForm.objects.bulk_create(
        forms,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "kind", "requirement", "valid_from", "valid_to"],
    )
    return len(shipped)


@transaction.atomic
def activity_form_save(*, form: ActivityForm) -> ActivityForm:
    """Keep a form of activity that the municipality has added or changed; from now on it is its own."""
    form.is_own = True
    form.save()
    return form


def _same(there: ActivityForm | None, shipped: ActivityForm) -> bool:
    """Whether nothing is to be written: else every migrate would be a row of the history."""
    names = ("label", "kind", "requirement", "valid_from", "valid_to")
    return there is not None and all(getattr(there, name) == getattr(shipped, name) for name in names)


def _shipped(name: str) -> dict:
    return yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))
