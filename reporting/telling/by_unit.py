"""The key figures of every unit beside each other, with those of the whole municipality below: a table for each
section."""

from django.utils.translation import gettext as _

from reporting.frozen import Frozen
from reporting.statement import StatedTable, Statement
from reporting.telling.formats import Place
from reporting.telling.presentation import Cell, PageBlock, PageLine


def blocks_by_unit(frozen: Frozen) -> list[PageBlock]:
    """The tables, in the order of the sections; none where the report has no figures for each unit.

    A person who was in two units counts in both, and once in the whole.
    """
    if not frozen.units:
        return []
    whole = frozen.told[0]
    lines = [(unit.scope_label, unit, False) for unit in frozen.told_units]
    lines.append((whole.scope_label, whole, True))
    sections: dict[str, list[StatedTable]] = {}
    for table in highlighted(whole):
        sections.setdefault(table.figure.section, []).append(table)
    return [
        PageBlock(
            f"units-{section}",
            _("%(section)s by unit") % {"section": tables[0].figure.section_label},
            [heading(table) for table in tables],
            [PageLine(label, [_cell(told, table) for table in tables], is_total) for label, told, is_total in lines],
            [],
            None,
        )
        for section, tables in sections.items()
    ]


def highlighted(statement: Statement) -> list[StatedTable]:
    """The tables of the key figures."""
    return [table for table in statement.tables.values() if table.key == table.figure.key and table.figure.highlight]


def heading(table: StatedTable) -> str:
    """What a key figure is called where it stands among others: the figure, and its column when that is no total."""
    column = next((each for each in table.columns if each.code == table.figure.highlight and not each.is_total), None)
    return f"{table.figure.label}: {column.label.lower()}" if column else table.figure.label


def place(statement: Statement, table: StatedTable) -> Place | None:
    """Where a statement has the value of a key figure; None where it does not tell that figure."""
    own = statement.tables.get(table.key)
    return Place(own, "total", table.figure.highlight) if own else None


def _cell(statement: Statement, table: StatedTable) -> Cell:
    found = place(statement, table)
    return Cell(found.text if found else "–")
