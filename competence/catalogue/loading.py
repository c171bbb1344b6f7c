"""Bringing the shipped catalogue into its tables."""

import functools
import hashlib
from pathlib import Path

import yaml
from django.db import transaction
from django.utils import timezone

from competence.models import (
    CatalogueArea,
    CatalogueModule,
    CatalogueVersion,
    Competence,
    EvidenceType,
    LanguageSkill,
    SupportLevel,
)
from vocabulary.models import OccupationalArea

SHIPPED = Path(__file__).parent.parent / "data"


class CatalogueChanged(Exception):
    """A file says something else than the published version of that code."""


def catalogues_load() -> None:
    """Bring every shipped version into the tables; run after every migrate, changes nothing twice."""
    for path in sorted(SHIPPED.glob("catalogue-*.yaml"), key=_number):
        catalogue_load(path=path)


def _number(path: Path) -> list[int]:
    """2026.10 comes after 2026.2: the version published last is the one in use."""
    return [int(part) for part in path.stem.removeprefix("catalogue-").split(".")]


@transaction.atomic
def catalogue_load(*, path: Path) -> CatalogueVersion:
    """Bring in the version of the catalogue that the file holds, if it is not there yet: published, or, in a
    municipality that has published one of its own, as a draft to compare with and choose from.

    Raises CatalogueChanged when that version came with the product and has another content: what people have been
    assessed by is never rewritten. A changed catalogue gets a new `catalogue_version`.
    """
    source = path.read_bytes()
    digest = hashlib.sha256(source).hexdigest()
    if version := CatalogueVersion.objects.filter(source_sha256=digest).first():
        return version
    data = _parsed(source)
    code, own = data["catalogue_version"], CatalogueVersion.objects.own()
    if CatalogueVersion.objects.published().filter(code=code).exclude(pk__in=own).exists():
        raise CatalogueChanged(
            f"{path.name} is not the version {code} of the catalogue that is published. A published version never "
            "changes: give the changed file a new catalogue_version and a name of its own."
        )
    is_draft = own.exists()
    version = CatalogueVersion.objects.create(
        code=CatalogueVersion.objects.free_code(code),
        published_at=None,
        source_sha256=digest,
        based_on=CatalogueVersion.objects.current() if is_draft else None,
        note=data.get("note", ""),
    )
    rows_write(version, data)
    if not is_draft:
        version.published_at = timezone.now()
        version.save(update_fields=["published_at"])
    return version


@functools.lru_cache(maxsize=8)
def _parsed(source: bytes) -> dict:
    return yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def rows_write(version: CatalogueVersion, data: dict) -> None:
    """The rows of one version that has none yet, in the order of the file (docs/catalogue-format.md)."""
    modules = CatalogueModule.objects.bulk_create(
        CatalogueModule(
            version=version,
            position=position,
            code=each["code"],
            label=each["label"],
            label_en=each.get("label_en", ""),
            question=each["question"],
            question_en=each.get("question_en", ""),
            by_area=each.get("uses_occupational_area", False),
            uses_cefr=each.get("uses_cefr", False),
        )
        for position, each in enumerate(data["modules"], 1)
    )
    known = set(OccupationalArea.objects.values_list("code", flat=True))
    areas = CatalogueArea.objects.bulk_create(
        CatalogueArea(
            version=version,
            position=position,
            code=each["code"],
            area_id=each["code"] if each["code"] in known else None,
            label=each["label"],
            label_en=each.get("label_en", ""),
            description=each.get("description", ""),
            occupations=each["ssyk"],
            formal_requirements=each.get("formal_requirements", []),
            language_gate=each.get("language_gate", {}),
        )
        for position, each in enumerate(data["occupational_areas"], 1)
    )
    practical = next(module for module in modules if module.by_area)
    owned = [(module, None, each["competences"]) for module, each in zip(modules, data["modules"], strict=True)]
    described = zip(areas, data["occupational_areas"], strict=True)
    owned += [(practical, area, each["competences"]) for area, each in described]
    rows = [(module, area, each) for module, area, competences in owned for each in competences]
    Competence.objects.bulk_create(
        Competence(
            version=version,
            position=position,
            code=each["code"],
            text=each["text"],
            text_en=each.get("text_en", ""),
            module=module,
            area=area,
        )
        for position, (module, area, each) in enumerate(rows, 1)
    )
    _levels_write(version, data["levels"])
    LanguageSkill.objects.bulk_create(
        LanguageSkill(version=version, position=position, code=each["code"], label=each["label"])
        for position, each in enumerate(data["cefr"]["skills"], 1)
    )


def _levels_write(version: CatalogueVersion, data: dict) -> None:
    needed_from = data["evidence_required_from"]
    SupportLevel.objects.bulk_create(
        SupportLevel(
            version=version,
            position=position,
            code=each["code"],
            value=each["value"],
            label=each["label"],
            label_en=each.get("label_en", ""),
            phrase=each.get("certificate_phrase") or "" if each["on_certificate"] else "",
            phrase_en=each.get("phrase_en", "") if each["on_certificate"] else "",
            needs_evidence=each["value"] >= needed_from,
        )
        for position, each in enumerate(data["scale"], 1)
    )
    EvidenceType.objects.bulk_create(
        EvidenceType(
            version=version,
            position=position,
            code=each["code"],
            label=each["label"],
            label_en=each.get("label_en", ""),
        )
        for position, each in enumerate(data["evidence_types"], 1)
    )
