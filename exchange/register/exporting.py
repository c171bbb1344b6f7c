"""The way out: the files of the register, written so that they load again.

Each row goes out under the source's own key; a row that has none gets one, which is kept. Values go out as they are
stored: this is a contract between systems, not a sheet for reading, so nothing is put before a text that a
spreadsheet would take for a formula.
"""

import os
from pathlib import Path

from exchange.register.columns import Column, Kind
from exchange.register.loading import FILE_LOADS, FileLoad


def give_keys(kind: type[FileLoad], cursor, source: str) -> None:
    """Give every stored row of the file that has no key of this source one: its code, if it has one that is free
    and short enough, else a made-up one."""
    if not kind.file.keys:
        return
    made_up = "'j' || t.id"
    wished = f"CASE WHEN length(t.code) <= 64 THEN t.code ELSE {made_up} END" if kind.has_code else made_up
    cursor.execute(
        f"""
        INSERT INTO exchange_registerkey (source, file, key, object_id)
        SELECT %(source)s, %(file)s, CASE WHEN EXISTS (
            SELECT FROM exchange_registerkey o
            WHERE o.source = %(source)s AND o.file = %(file)s AND o.key = t.wished
        ) THEN 'j' || t.id || '-' || substr(md5(random()::text), 1, 8) ELSE t.wished END, t.id
        FROM (SELECT t.id, {wished} AS wished FROM {kind.keyed_table or kind.table} t WHERE {kind.in_use}) t
        WHERE NOT EXISTS (
            SELECT FROM exchange_registerkey k
            WHERE k.source = %(source)s AND k.file = %(file)s AND k.object_id = t.id AND NOT k.merged
        )
        """,
        {"source": source, "file": str(kind.file.keys)},
    )


def write_file(kind: type[FileLoad], folder: Path, cursor, *, source: str, today, left_out: set[str]) -> int:
    """Write one file, streamed from the database; readable by its owner only. Returns its number of rows."""
    columns = [column for column in kind.file.columns if column.name not in left_out]
    cells = ", ".join(f'{_cell(column)} AS "{column.name}"' for column in columns)
    joins = "".join(_join(column) for column in columns)
    if kind.file.keys:
        joins += f"""
            JOIN exchange_registerkey k
                ON k.source = %(source)s AND k.file = '{kind.file.keys}' AND k.object_id = t."{kind.key_of}"
                AND NOT k.merged
        """
    query = f"SELECT {cells} FROM ({kind.stored}) t {joins} WHERE {kind.exported} ORDER BY t.id"
    path = folder / kind.file.file_name
    unfinished = path.with_suffix(".unfinished")
    with (
        os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
        cursor.copy(
            f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER true, DELIMITER ';')",
            {"source": source, "today": today},
        ) as copy,
    ):
        for block in copy:
            file.write(block)
    unfinished.replace(path)
    return cursor.rowcount


def _cell(column: Column) -> str:
    match column.kind:
        case Kind.KEY:
            return "k.key"
        case Kind.REFERENCE:
            return f"r_{column.name}.key"
        case Kind.COACH:
            return f"r_{column.name}.email"
        case Kind.GRADE:
            return f't."{column.name}"::float8'  # 0.75, not 0.7500
        case Kind.DATE | Kind.VERSION:
            return f't."{column.name}"'
        case _:
            return f"""NULLIF(t."{column.name}", '')"""


def _join(column: Column) -> str:
    name = column.name
    match column.kind:
        case Kind.REFERENCE:
            return f"""
                LEFT JOIN exchange_registerkey r_{name} ON r_{name}.source = %(source)s
                    AND r_{name}.file = '{column.refers}' AND r_{name}.object_id = t."{name}"
                    AND NOT r_{name}.merged
            """
        case Kind.COACH:
            return f'LEFT JOIN accounts_user r_{name} ON r_{name}.id = t."{name}"'
        case _:
            return ""


def register_write(folder: Path, cursor, *, source: str, today, left_out: set[str]) -> dict[str, int]:
    """Write all files into the folder. Returns the number of rows of each."""
    for kind in FILE_LOADS:
        give_keys(kind, cursor, source)
    return {
        kind.file.file_name: write_file(kind, folder, cursor, source=source, today=today, left_out=left_out)
        for kind in FILE_LOADS
    }
