"""What a version of the catalogue says, as plain data in the shape of the shipped files, and as such a file."""

import json

from competence.models import CatalogueVersion

_HEAD = """\
# Kompetenskatalog för kompetensunderlag och kompetensintyg, version {code}.
# Språk: klarspråk, presens, verbet först. Texten ska kunna följa direkt efter personens namn i ett intyg.
# Formatet beskrivs i docs/catalogue-format.md.
schema_version: 1
catalogue_version: {version}
language: sv
"""
_FLAGS = ("uses_cefr", "uses_occupational_area")


def catalogue_facts(version: CatalogueVersion) -> dict:
    """Everything that the version says, with seven queries, whatever its size."""
    statements: dict[tuple[int, int | None], list[dict]] = {}
    for each in version.competences.order_by("position"):
        row = {"code": each.code, "text": each.text, "text_en": each.text_en}
        statements.setdefault((each.module_id, each.area_id), []).append(row)
    modules = list(version.cataloguemodules.order_by("position"))
    levels = list(version.supportlevels.order_by("position"))
    practical = next((module.pk for module in modules if module.by_area), None)
    return {
        "catalogue_version": version.code,
        "note": version.note,
        "levels": {
            "scale": [
                {
                    "value": each.value,
                    "code": each.code,
                    "label": each.label,
                    "label_en": each.label_en,
                    "on_certificate": bool(each.phrase),
                    "certificate_phrase": each.phrase or None,
                    "phrase_en": each.phrase_en,
                }
                for each in levels
            ],
            "evidence_required_from": min((each.value for each in levels if each.needs_evidence), default=1),
            "evidence_types": [
                {"code": each.code, "label": each.label, "label_en": each.label_en}
                for each in version.evidencetypes.order_by("position")
            ],
        },
        "cefr": {
            "skills": [
                {"code": each.code, "label": each.label} for each in version.languageskills.order_by("position")
            ]
        },
        "modules": [
            {
                "code": each.code,
                "label": each.label,
                "label_en": each.label_en,
                "question": each.question,
                "question_en": each.question_en,
                "uses_cefr": each.uses_cefr,
                "uses_occupational_area": each.by_area,
                "competences": statements.get((each.pk, None), []),
            }
            for each in modules
        ],
        "occupational_areas": [
            {
                "code": each.code,
                "label": each.label,
                "label_en": each.label_en,
                "description": each.description,
                "ssyk": each.occupations,
                "formal_requirements": each.formal_requirements,
                "language_gate": each.language_gate,
                "competences": statements.get((practical, each.pk), []),
            }
            for each in version.catalogueareas.order_by("position")
        ],
    }


def catalogue_yaml(version: CatalogueVersion) -> str:
    """The version as a file in the format of the shipped ones: reading it gives the same catalogue."""
    facts = catalogue_facts(version)
    head = _HEAD.format(code=version.code, version=_quoted(version.code))
    lines = [head.rstrip("\n")]
    if version.note:
        lines.append(f"note: {_quoted(version.note)}")
    levels = facts["levels"]
    lines += ["", "levels:", "  scale:", *_rows(levels["scale"], 4)]
    lines += [f"  evidence_required_from: {levels['evidence_required_from']}"]
    lines += ["  evidence_types:", *_rows(levels["evidence_types"], 4)]
    lines += ["", "cefr:", "  skills:", *_rows(facts["cefr"]["skills"], 4), "", "modules:"]
    for each in facts["modules"]:
        lines += _group(each, ("label", "label_en", "question", "question_en", *_FLAGS))
    lines += ["", "occupational_areas:"]
    for each in facts["occupational_areas"]:
        lines += _group(each, ("label", "label_en", "description", "ssyk", "formal_requirements", "language_gate"))
    return "\n".join(lines) + "\n"


def _group(each: dict, names: tuple[str, ...]) -> list[str]:
    """A module or an area: its code and fields, those with anything to say, and its statements."""
    lines = [f"  - code: {_quoted(each['code'])}"]
    for name in names:
        value = each[name]
        if name == "ssyk":
            lines += ["    ssyk:", *_rows(value, 6)] if value else ["    ssyk: []"]
        elif isinstance(value, list):
            lines.append(f"    {name}: {_quoted(value)}")
        elif isinstance(value, dict):
            lines += [f"    {name}: {_flow(value)}"] if value else []
        elif value:
            lines.append(f"    {name}: {_quoted(value)}")
    statements = each["competences"]
    return [*lines, "    competences:", *_rows(statements, 6)] if statements else [*lines, "    competences: []"]


def _rows(rows: list[dict], indent: int) -> list[str]:
    return [f"{' ' * indent}- {_flow(each)}" for each in rows]


def _flow(row: dict) -> str:
    """One row on one line, without its empty texts."""
    return "{" + ", ".join(f"{name}: {_quoted(value)}" for name, value in row.items() if value != "") + "}"


def _quoted(value) -> str:
    """As JSON, which YAML reads as well, so that nothing in a text is taken for anything else."""
    return json.dumps(value, ensure_ascii=False)
