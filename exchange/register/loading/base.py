"""How every file goes from its staging table into the database: plan, check, apply.

`plan_<name>` holds one row for each staged row as it shall be: references looked up, columns that the file does not
have taken from what is stored, `stored_id` the row it updates (null: a new one), `id` where it will be, `changed`
whether anything differs. Nothing is written to the product's tables before every file is planned and checked.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from exchange.register.columns import FILES, Column, File, Kind
from exchange.register.report import TOLD, LoadReport


@dataclass
class Load:
    """One load: what every step needs to know."""

    cursor: object
    source: str
    today: dt.date
    report: LoadReport
    #: The columns of each file that is there.
    present: dict[str, set[str]] = field(default_factory=dict)
    #: Files that could not be read: nothing is said about rows that refer to them.
    broken: set[str] = field(default_factory=set)

    def execute(self, sql: str, **values) -> int:
        """Run one statement; `source` and `today` are always among its values. Returns the number of rows."""
        self.cursor.execute(sql, {"source": self.source, "today": self.today, **values})
        return self.cursor.rowcount

    def make(self, table: str, query: str, *, index: str = "", **values) -> None:
        """Make a temporary table of what a query gives."""
        self.cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        self.execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS {query}", **values)
        if index:
            self.cursor.execute(f"CREATE INDEX ON {table} ({index})")
        self.cursor.execute(f"ANALYZE {table}")

    def report_rows(self, file: File, query: str, column: str, code: str, message, **values) -> None:
        """Report each row of the file whose number the query gives."""
        self.execute(f"SELECT nr, count(*) OVER () FROM ({query}) wrong ORDER BY nr LIMIT {TOLD}", **values)
        rows = self.cursor.fetchall()
        for number, _total in rows:
            self.report.wrong(file.file_name, number, column, code, message)
        if rows and rows[0][1] > len(rows):
            self.report.untold(rows[0][1] - len(rows))


@dataclass(frozen=True)
class Rule:
    """What no row may be. `where` is a condition on the planned row `p`; rows whose cells in `uses` were wrong in
    themselves are left out, as nothing is known about them."""

    code: str
    column: str
    message: str
    where: str
    uses: tuple[str, ...] = ()


def quoted(names) -> str:
    return ", ".join(f'"{name}"' for name in names)


class FileLoad:
    """The way of one file. A subclass says where its rows are stored and which rules they follow."""

    file: File
    #: The table of the rows, and its sequence.
    table: str
    #: A query for the stored rows: `id`, and each column of the register (references as ids). The export uses it too.
    stored: str
    #: Which rows of the table are rows of the register, `t` being one.
    in_use = "TRUE"
    #: Which of them the export writes.
    exported = "TRUE"
    #: The table whose rows the source's keys stand for, if another, and the column of `stored` that names its row.
    keyed_table: str = ""
    key_of: str = "id"
    #: Whether rows have a code of their own, which serves as a key.
    has_code: bool = False
    #: Database column → expression over the planned row `p`.
    writes: dict[str, str]
    rules: tuple[Rule, ...] = ()
    #: Register column → expression, where a planned value is more than the given or the stored one. `s` is the staged
    #: row, `t` the stored, `m` the merged one.
    final: dict[str, str] = {}
    #: Columns of the plan that no file has: name → expression over s, t, m and f (the final row).
    extra: dict[str, str] = {}
    #: More joins, after m and f.
    joins: str = ""
    #: A join that finds a stored row `a` for a staged row without a key of this source.
    adopt: str = ""

    def __init__(self, load: Load):
        self.load = load
        self.present = load.present.get(self.file.name) or set(self.file.key)

    # --- plan ---------------------------------------------------------------------------------------------------

    def plan(self) -> None:
        names = [column.name for column in self.file.columns]
        values = [name for name in names if name not in self.file.key]
        merged = ", ".join(f'{self.merged(self.file.column(name))} AS "{name}"' for name in names)
        final = ", ".join(f'{self.final_value(name)} AS "{name}"' for name in names)
        compared = [name for name in values if name in self.present or name in self.final]
        changed = (
            f"t.id IS NOT NULL AND ({self.row('t', compared)}) IS DISTINCT FROM ({self.row('f', compared)})"
            if compared
            else "false"
        )
        extra = "".join(f', {expression} AS "{name}"' for name, expression in self.extra.items())
        # In the order of the register, so that ids are, and what is stored together lies together.
        self.load.make(
            f"plan_{self.file.name}",
            f"""
            SELECT w.*, COALESCE(w.stored_id, nextval('{self.table}_id_seq')) AS id FROM (
                SELECT s.nr, s.bad, t.id AS stored_id, k.object_id IS NOT NULL AS keyed, {changed} AS changed,
                    {", ".join(f'f."{name}"' for name in names)}{extra}
                FROM stage_{self.file.name} s
                {self.find_stored()}
                {"".join(self.find_reference(column) for column in self.file.columns)}
                CROSS JOIN LATERAL (SELECT {merged}) m
                CROSS JOIN LATERAL (SELECT {final}) f
                {self.joins}
                ORDER BY s.nr
            ) w
            """,
        )

    def find_stored(self) -> str:
        """The joins from a staged row `s` over its key `k` to its stored row `t`."""
        return f"""
            LEFT JOIN exchange_registerkey k ON k.source = %(source)s AND k.file = '{self.file.keys}'
                AND k.key = s."{self.file.key[0]}"
            {self.adopt}
            LEFT JOIN ({self.stored}) t ON t.id = {"COALESCE(k.object_id, a.id)" if self.adopt else "k.object_id"}
        """

    def row(self, alias: str, names: list[str]) -> str:
        return "ROW(" + ", ".join(f'{alias}."{name}"' for name in names) + ")"

    def find_reference(self, column: Column) -> str:
        """The joins that look a reference up: in this register, else among the keys loaded before."""
        if column.name not in self.present:
            return ""
        name = column.name
        match column.kind:
            case Kind.REFERENCE:
                other = next(file for file in FILES if file.name == column.refers)
                return f"""
                    LEFT JOIN plan_{other.name} r_{name} ON r_{name}."{other.key[0]}" = s."{name}"
                    LEFT JOIN exchange_registerkey k_{name} ON k_{name}.source = %(source)s
                        AND k_{name}.file = '{other.keys}' AND k_{name}.key = s."{name}" AND r_{name}.id IS NULL
                """
            case Kind.COACH:
                return f"""LEFT JOIN accounts_user r_{name} ON LOWER(r_{name}.email) = LOWER(s."{name}")"""
            case Kind.AREA:
                return f"""LEFT JOIN vocabulary_occupationalarea r_{name} ON r_{name}.code = s."{name}" """
        return ""

    def merged(self, column: Column) -> str:
        """What a column becomes: the given value if the file has it, else the stored one, else nothing."""
        name = column.name
        if name in self.present or column.kind is Kind.KEY:
            match column.kind:
                case Kind.REFERENCE:
                    return f"COALESCE(r_{name}.id, k_{name}.object_id)"
                case Kind.COACH:
                    return f"r_{name}.id"
                case Kind.AREA:
                    return f"COALESCE(r_{name}.code, '')"
            return f's."{name}"'
        if column.resolved_type == "text":
            return f"""COALESCE(t."{name}", '{column.empty}')"""
        return f't."{name}"'

    def final_value(self, name: str) -> str:
        return self.final.get(name, f'm."{name}"')

    # --- check --------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Report every planned row that breaks a rule."""
        self._check_columns_of_new_rows()
        for column in self.file.columns:
            if column.name in self.present:
                self._check_reference(column)
        for rule in self.rules:
            self.check_rule(rule)

    def check_rule(self, rule: Rule) -> None:
        self.load.report_rows(
            self.file,
            f"SELECT p.nr FROM plan_{self.file.name} p"
            f" WHERE NOT (COALESCE(p.bad, '{{}}') && %(uses)s::text[]) AND ({rule.where})",
            rule.column,
            rule.code,
            rule.message,
            uses=list(rule.uses),
        )

    def _check_columns_of_new_rows(self) -> None:
        """A column that a new row needs is not there at all: told once, at the header."""
        lacking = [column.name for column in self.file.columns if column.required and column.name not in self.present]
        if not lacking:
            return
        self.load.execute(f"SELECT EXISTS (SELECT FROM plan_{self.file.name} WHERE stored_id IS NULL)")
        if self.load.cursor.fetchone()[0]:
            for name in lacking:
                message = _("New rows need this column; only for keys that are known may it be left out.")
                self.load.report.wrong(self.file.file_name, 1, name, "missing", message)

    def _check_reference(self, column: Column) -> None:
        found, code, message = f'p."{column.name}" IS NULL', "unknown_reference", ""
        match column.kind:
            case Kind.REFERENCE if column.refers not in self.load.broken:
                message = _("The key is not known, neither in this register nor from an earlier load.")
            case Kind.COACH:
                message = _("There is no user with this e-mail address.")
            case Kind.AREA:
                found, code = f"p.\"{column.name}\" = ''", "bad_code"
                message = _("No occupational area has this code.")
            case _:
                return
        self.load.report_rows(
            self.file,
            f"""SELECT p.nr FROM plan_{self.file.name} p JOIN stage_{self.file.name} s USING (nr)
                WHERE s."{column.name}" <> '' AND {found}""",
            column.name,
            code,
            message,
        )

    # --- apply --------------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Store the planned rows; what is unchanged is not touched."""
        updated, created = self.update(), self.insert()
        self.store_keys()
        if told := self.load.report.files.get(self.file.file_name):
            told.updated, told.created = updated, created

    def update(self, more: dict[str, str] | None = None) -> int:
        """Change the stored rows that differ; `more` are database columns beside `writes`. Returns how many."""
        written = {**self.writes, **(more or {})}
        assignments = ", ".join(f'"{name}" = {expression}' for name, expression in written.items())
        return self.load.execute(
            f"UPDATE {self.table} t SET {assignments} FROM plan_{self.file.name} p WHERE t.id = p.id AND p.changed"
        )

    def insert(self, more: dict[str, str] | None = None) -> int:
        """Add the new rows; `more` are database columns beside `writes`. Returns how many."""
        written = {**self.writes, **(more or {})}
        return self.load.execute(
            f"""
            INSERT INTO {self.table} (id, {quoted(written)})
            SELECT p.id, {", ".join(written.values())} FROM plan_{self.file.name} p
            WHERE p.stored_id IS NULL
            """
        )

    def store_keys(self) -> None:
        self.load.execute(
            f"""
            INSERT INTO exchange_registerkey (source, file, key, object_id)
            SELECT %(source)s, '{self.file.keys}', p."{self.file.key[0]}", p.id
            FROM plan_{self.file.name} p WHERE p.stored_id IS NULL OR NOT p.keyed
            ON CONFLICT (source, file, key) DO UPDATE SET object_id = EXCLUDED.object_id
            """
        )
