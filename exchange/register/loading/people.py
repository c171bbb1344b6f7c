"""Participants, and the referrals by which they come."""

from django.utils.translation import gettext_lazy as _

from exchange.register.columns import BY_NAME, Column
from exchange.register.loading.base import FileLoad, Rule

#: What a 12-digit number says, as SQL. A samordningsnummer has 60 added to the day; month 00 or day 60: not known.
NUMBER_GENDER = "CASE WHEN {0} = '' THEN NULL WHEN substr({0}, 11, 1)::int % 2 = 1 THEN 'man' ELSE 'woman' END"
NUMBER_DAY = "substr({0}, 7, 2)::int % 60"  # no day of the month reaches 60, so this undoes the addition
NUMBER_DATE = (
    "CASE WHEN {0} <> '' AND substr({0}, 5, 2) <> '00' AND substr({0}, 7, 2) <> '60'"
    " THEN make_date(substr({0}, 1, 4)::int, substr({0}, 5, 2)::int, " + NUMBER_DAY + ") END"
)
NUMBER_YEAR = "CASE WHEN {0} <> '' THEN substr({0}, 1, 4)::int END"
#: Whether the known parts of the number's date are those of the date {1}.
NUMBER_AGREES = (
    "(substr({0}, 1, 4)::int = EXTRACT(year FROM {1})"
    " AND substr({0}, 5, 2)::int IN (0, EXTRACT(month FROM {1}))"
    " AND " + NUMBER_DAY + " IN (0, EXTRACT(day FROM {1})))"
)


def _of(sql: str, *values: str) -> str:
    return sql.replace("%", "%%").format(*values)


#: How strict a protection is.
STRICTNESS = "array_position(ARRAY['none', 'secrecy_mark', 'protected_registration'], {0})"


class ParticipantsLoad(FileLoad):
    """Gender and date of birth follow from the identity number where the register does not give them.

    A participant into whom another was merged has the keys of both. The row of the main key counts; that of the other
    does when it comes alone. Who the person is was settled by the merge: a number that the person had before, or
    none, changes neither number nor birth nor gender, and no row takes protection away.
    """

    file = BY_NAME["participants"]
    table = "participants_participant"
    stored = """
        SELECT id, COALESCE(identity_number, '') AS identity_number, birth_date, birth_year, gender, given_name,
            family_name, protection, education, phone, email, street_address, postal_code, city, language,
            EXISTS (SELECT FROM participants_participant o WHERE o.merged_into_id = p.id) AS had_another
        FROM participants_participant p WHERE p.merged_into_id IS NULL
    """
    in_use = "t.merged_into_id IS NULL"
    final = {
        "gender": f"COALESCE(NULLIF(m.gender, ''), {_of(NUMBER_GENDER, 'm.identity_number')}, 'unknown')",
        "birth_date": f"COALESCE({_of(NUMBER_DATE, 'm.identity_number')}, m.birth_date)",
    }
    extra = {
        # Of somebody known here only the year may be.
        "birth_year": f"COALESCE({_of(NUMBER_YEAR, 'm.identity_number')}, EXTRACT(year FROM f.birth_date)::int,"
        " t.birth_year)",
        "by_merged_key": "COALESCE(k.merged, false)",
        "old_number": "t.identity_number",
        "old_birth_date": "t.birth_date",
        "old_birth_year": "t.birth_year",
    }
    writes = {
        "identity_number": "NULLIF(p.identity_number, '')",
        "birth_year": "p.birth_year",
        **{
            column.name: f'p."{column.name}"'
            for column in file.columns
            if column.name not in ("participant", "identity_number")
        },
    }
    number_changed = "p.stored_id IS NOT NULL AND p.identity_number <> '' AND p.identity_number <> p.old_number"
    born_otherwise = f"""
        p.stored_id IS NOT NULL AND (
            p.birth_date <> p.old_birth_date OR p.birth_year <> p.old_birth_year
            OR (p.identity_number <> '' AND NOT {_of(NUMBER_AGREES, "p.identity_number", "p.old_birth_date")})
        )
    """
    rules = (
        Rule(
            "condition",
            "birth_date",
            _("The date of birth is needed when there is no personal identity number."),
            "p.identity_number = '' AND p.birth_year IS NULL",
            ("identity_number", "birth_date"),
        ),
        Rule(
            "contradiction",
            "gender",
            _("The gender is not that of the personal identity number."),
            f"p.given_gender IN ('woman', 'man') AND p.given_gender <> {_of(NUMBER_GENDER, 'p.identity_number')}",
            ("identity_number", "gender"),
        ),
        Rule(
            "contradiction",
            "birth_date",
            _("The date of birth is not that of the personal identity number."),
            f"p.identity_number <> '' AND NOT {_of(NUMBER_AGREES, 'p.identity_number', 'p.given_birth_date')}",
            ("identity_number", "birth_date"),
        ),
        Rule("in_future", "birth_date", _("The day has not come yet."), "p.birth_date > %(today)s", ("birth_date",)),
        Rule(
            "conflict",
            "identity_number",
            _("The key is known with another date of birth than this number's."),
            f"({number_changed}) AND ({born_otherwise})",
            ("identity_number",),
        ),
        Rule(
            "conflict",
            "birth_date",
            _("The key is known with another date of birth."),
            f"NOT ({number_changed}) AND ({born_otherwise})",
            ("identity_number", "birth_date"),
        ),
        Rule(
            "conflict",
            "identity_number",
            _("The personal identity number belongs to another key."),
            """p.identity_number <> '' AND (
                EXISTS (
                    SELECT FROM participants_participant o
                    WHERE o.identity_number = p.identity_number AND o.id <> p.id
                )
                OR p.nr <> (SELECT min(o.nr) FROM plan_participants o WHERE o.identity_number = p.identity_number)
            )""",
            ("identity_number",),
        ),
    )

    def plan(self) -> None:
        self.extra = {
            **self.extra,
            "given_gender": "m.gender",
            "given_birth_date": f"CASE WHEN {self._settled()} THEN NULL ELSE s.birth_date END"
            if "birth_date" in self.present
            else "NULL::date",
        }
        super().plan()
        self.load.execute(
            """
            DELETE FROM plan_participants p USING (
                SELECT nr, row_number() OVER (PARTITION BY stored_id ORDER BY by_merged_key, nr) AS place
                FROM plan_participants WHERE stored_id IS NOT NULL
            ) d WHERE p.nr = d.nr AND d.place > 1
            """
        )
        self.load.execute("CREATE INDEX ON plan_participants (identity_number)")

    def _settled(self) -> str:
        """Whether the row tells nothing new about who a merged person is."""
        number = super().merged(self.file.column("identity_number"))
        return f"""(COALESCE(t.had_another, false) AND ({number} = '' OR EXISTS (
            SELECT FROM participants_formeridentitynumber o WHERE o.participant_id = t.id AND o.number = {number}
        )))"""

    def merged(self, column: Column) -> str:
        given = self._merged(column)
        if column.name in ("identity_number", "birth_date", "gender"):
            return f'CASE WHEN {self._settled()} THEN t."{column.name}" ELSE {given} END'
        if column.name == "protection":
            stricter = f"{_of(STRICTNESS, 't.protection')} > {_of(STRICTNESS, given)}"
            return f"CASE WHEN t.had_another AND {stricter} THEN t.protection ELSE {given} END"
        return given

    def _merged(self, column: Column) -> str:
        if column.name == "gender" and "gender" not in self.present:
            # A new number may bring a new gender: then what is stored says nothing.
            changed = "m0.identity_number <> '' AND m0.identity_number IS DISTINCT FROM t.identity_number"
            number = super().merged(self.file.column("identity_number"))
            return f"CASE WHEN {changed.replace('m0.identity_number', number)} THEN '' ELSE t.gender END"
        return super().merged(column)

    def update(self) -> int:
        # A number that was replaced is kept: papers from before still carry it.
        self.load.execute(
            """
            INSERT INTO participants_formeridentitynumber (participant_id, number)
            SELECT p.id, p.old_number FROM plan_participants p
            WHERE p.changed AND p.old_number <> '' AND p.identity_number <> p.old_number
            """
        )
        return super().update()


class ReferralsLoad(FileLoad):
    """What the product knows of a referral beyond the register stays. A decision or a day that the register changes
    takes along the days that no longer agree with it; the steps stay, and say what was done here."""

    file = BY_NAME["referrals"]
    table = "participants_referral"
    stored = """
        SELECT id, participant_id AS participant, unit_id AS unit, source, received, decision, assessing_since,
            decided_on
        FROM participants_referral
    """
    extra = {
        "old_decision": "t.decision",
        "old_assessing_since": "t.assessing_since",
        "old_decided_on": "t.decided_on",
    }
    writes = {
        "participant_id": "p.participant",
        "unit_id": "p.unit",
        "source": "p.source",
        "received": "p.received",
        "decision": "p.decision",
        "assessing_since": "CASE WHEN p.old_assessing_since >= p.received THEN p.old_assessing_since END",
        "decided_on": "CASE WHEN p.decision = p.old_decision AND p.old_decided_on >= p.received"
        " THEN p.old_decided_on END",
    }
    rules = (Rule("in_future", "received", _("The day has not come yet."), "p.received > %(today)s", ("received",)),)
