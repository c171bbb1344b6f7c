"""Reference data that ships with the product."""

from pathlib import Path

import yaml

from vocabulary.models import ActivityForm, OccupationalArea

SHIPPED = Path(__file__).parent / "data"


def occupational_areas_load() -> int:
    """Bring the shipped occupational areas into the table; run after every migrate, changes nothing twice.

    Returns how many areas there are in the file.
    """
    areas = _shipped("occupational_areas")
    OccupationalArea.objects.bulk_create(
        [OccupationalArea(code=code, label=label) for code, label in areas.items()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label"],
    )
    return len(areas)


def activity_forms_load() -> int:
    """Bring the shipped forms of activity into the table; run after every migrate, changes nothing twice.

    Returns how many forms there are in the file.
    """
    forms = [
        ActivityForm(
            code=code,
            label=form["label"],
            kind=form["kind"],
            requirement=form.get("requirement", ""),
            valid_from=form.get("from"),
            valid_to=form.get("to"),
        )
        for code, form in _shipped("activity_forms").items()
    ]
    ActivityForm.objects.bulk_create(
        forms,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "kind", "requirement", "valid_from", "valid_to"],
    )
    return len(forms)


def _shipped(name: str) -> dict:
    return yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))
