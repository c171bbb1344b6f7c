"""Units, employers and workplaces."""

from django.utils.translation import gettext_lazy as _

from accounts.models import UnitTerm
from exchange.register.columns import BY_NAME
from exchange.register.loading.base import FileLoad, Rule
from placements.models.employer import RESERVED_CODES


def _adopt(table: str, file: str) -> str:
    """A row made in the product, by hand, is taken over by the key that is its code; one that another source
    brought never is."""
    return f"""
        LEFT JOIN {table} a ON k.object_id IS NULL AND a.code = s."{BY_NAME[file].key[0]}"
            AND NOT EXISTS (SELECT FROM exchange_registerkey o WHERE o.file = '{file}' AND o.object_id = a.id)
    """


def _code(table: str, key: str) -> str:
    """The code of a new row: its key, or with the source before it where another source has taken the code."""
    return f"""
        CASE WHEN EXISTS (SELECT FROM {table} o WHERE o.code = p."{key}")
        THEN %(source)s || ':' || p."{key}" ELSE p."{key}" END
    """


def _code_taken(table: str, key: str) -> Rule:
    return Rule(
        "conflict",
        key,
        _("The key cannot be used as a code, with or without the source before it: both are taken."),
        f"""p.stored_id IS NULL AND EXISTS (SELECT FROM {table} o WHERE o.code = p."{key}")
            AND EXISTS (SELECT FROM {table} o WHERE o.code = %(source)s || ':' || p."{key}")""",
    )


class UnitsLoad(FileLoad):
    """A unit is its code and a series of dated names: a load changes the name that is valid now."""

    file = BY_NAME["units"]
    table = "accounts_unit"
    # The term valid on a day; before the first term, the first one (Unit.term_on).
    term_on = """
        LATERAL (
            SELECT v.* FROM accounts_unitterm v WHERE v.unit_id = {unit}
            ORDER BY v.valid_from <= {day} DESC,
                CASE WHEN v.valid_from <= {day} THEN v.valid_from END DESC, v.valid_from
            LIMIT 1
        )
    """
    stored = f"""
        SELECT u.id, term.id AS term, term.name, term.legal_basis
        FROM accounts_unit u LEFT JOIN {term_on.format(unit="u.id", day="%(today)s")} term ON true
    """
    adopt = _adopt(table, "units")
    has_code = True
    extra = {"term": "t.term"}
    rules = (_code_taken(table, "unit"),)

    def update(self) -> int:
        return self.load.execute(
            """
            UPDATE accounts_unitterm t SET name = p.name, legal_basis = p.legal_basis
            FROM plan_units p WHERE t.id = p.term AND p.changed
            """
        )

    def insert(self) -> int:
        created = self.load.execute(
            f"""
            INSERT INTO accounts_unit (id, code)
            SELECT p.id, {_code("accounts_unit", "unit")} FROM plan_units p WHERE p.stored_id IS NULL
            """
        )
        self.load.execute(
            """
            INSERT INTO accounts_unitterm (unit_id, name, legal_basis, valid_from)
            SELECT p.id, p.name, p.legal_basis, %(since_ever)s FROM plan_units p WHERE p.term IS NULL
            """,
            since_ever=UnitTerm.SINCE_EVER,
        )
        return created


class EmployersLoad(FileLoad):
    file = BY_NAME["employers"]
    table = "placements_employer"
    stored = "SELECT id, name, kind, organisation_number FROM placements_employer"
    adopt = _adopt(table, "employers")
    has_code = True
    writes = {"name": "p.name", "kind": "p.kind", "organisation_number": "p.organisation_number"}
    rules = (
        Rule(
            "bad_code",
            "employer",
            _("Figures use this word for a kind of employer or a total: no employer may have it as its key."),
            f"p.employer IN ({', '.join(repr(str(code)) for code in RESERVED_CODES)})",
        ),
        _code_taken(table, "employer"),
    )

    def insert(self) -> int:
        return super().insert({"code": _code(self.table, "employer")})


class WorkplacesLoad(FileLoad):
    file = BY_NAME["workplaces"]
    table = "placements_workplace"
    stored = """
        SELECT id, employer_id AS employer, name, COALESCE(occupational_area_id, '') AS occupational_area
        FROM placements_workplace
    """
    writes = {
        "employer_id": "p.employer",
        "name": "p.name",
        "occupational_area_id": "NULLIF(p.occupational_area, '')",
    }
