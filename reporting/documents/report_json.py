"""A frozen report as JSON: the figures as docs/statistics.md has them, and about them what docs/reports.md says."""

from reporting.documents.report_facts import commented
from reporting.frozen import Frozen
from reporting.statement import StatedTable, Statement
from reporting.telling.formats import as_plain, json_text


def report_json(frozen: Frozen, number: str) -> bytes:
    """The report under its number, in UTF-8. The same report always gives the same bytes."""
    now, *earlier = frozen.told
    facts = {
        "number": number,
        "municipality": frozen.municipality,
        "kind": frozen.kind,
        "kind_label": frozen.kind_label,
        "title": frozen.title,
        "case_number": frozen.case_number,
        "scope": now.scope_label,
        "version": frozen.version,
        "replaces": frozen.replaces,
        "reason": frozen.reason,
        "frozen_at": frozen.frozen_at,
        "sections": list(frozen.sections),
        "settings": dict(frozen.settings),
    }
    told = {
        "report": facts,
        **as_plain(now),
        "earlier": [as_plain(each) for each in earlier],
        "units": [as_plain(each) | {"scope": each.scope_label} for each in frozen.told_units],
        "comments": {section: text for section, _words, text in commented(frozen)},
        "definitions": _definitions(now),
    }
    if not frozen.published:
        told["gaps"] = [{"key": gap.key, "label": gap.label, "count": gap.count} for gap in frozen.gaps]
        facts["frozen_by"] = frozen.frozen_by
    return json_text(told).encode() + b"\n"


def _definitions(statement: Statement) -> dict[str, dict]:
    """What every figure means, and what the codes of its tables stand for."""
    return {
        figure.key: {
            "label": figure.label,
            "definition": figure.definition,
            "section": figure.section,
            "measured_in": figure.measured_in,
            "kolada": figure.kolada,
            "tables": {
                key: _table(table) for key, table in statement.tables.items() if table.figure.key == figure.key
            },
        }
        for figure in statement.figures
    }


def _table(table: StatedTable) -> dict:
    return {
        "label": table.label,
        "rows": {row.code: _words(row.label, row.definition) for row in table.rows},
        "columns": {
            column.code: _words(column.label, column.definition) | {"measured_in": table.measured_in(column.code)}
            for column in table.columns
        },
    }


def _words(label: str, definition: str) -> dict[str, str]:
    return {"label": label} | ({"definition": definition} if definition else {})
