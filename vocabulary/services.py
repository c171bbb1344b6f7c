"""Reference data that ships with the product."""

from pathlib import Path

import yaml

from vocabulary.models import OccupationalArea

SHIPPED = Path(__file__).parent / "data"


def occupational_areas_load() -> int:
    """Bring the shipped occupational areas into the table; run after every migrate, changes nothing twice.

    Returns how many areas there are in the file.
    """
    areas = yaml.safe_load((SHIPPED / "occupational_areas.yaml").read_text(encoding="utf-8"))
    OccupationalArea.objects.bulk_create(
        [OccupationalArea(code=code, label=label) for code, label in areas.items()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label"],
    )
    return len(areas)
