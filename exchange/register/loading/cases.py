"""Enrolments with the unit that answers for them, and what became of the person afterwards."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exchange.register.columns import BY_NAME, Column
from exchange.register.loading.base import FileLoad, Rule
from exchange.register.loading.places import UnitsLoad


class EnrolmentsLoad(FileLoad):
    """An enrolment has dated unit assignments; the register knows one unit.

    While there is one assignment, it follows the register. Once the case was transferred in the product, the product
    knows better: the register's unit is left aside (the export gives the latest), and a changed start moves the first
    assignment. The legal basis of an assignment is the unit's on its first day, and stays as it is afterwards.
    """

    file = BY_NAME["enrolments"]
    table = "participants_enrolment"
    stored = """
        SELECT e.id, e.participant_id AS participant, e.unit_id AS unit, e.coach_id AS coach, e.case_number,
            e.target_group, e.start, e."end", e.closure_reason, e.job_start, e.job_end, e.job_form,
            CASE WHEN e.study_aid THEN 'yes' WHEN NOT e.study_aid THEN 'no' ELSE '' END AS study_aid
        FROM participants_enrolment e
    """
    final = {"unit": "CASE WHEN assigned.transferred THEN t.unit ELSE m.unit END"}
    extra = {
        "old_participant": "t.participant",
        "old_unit": "t.unit",
        "old_start": "t.start",
        "old_coach": "t.coach",
        "transferred": "COALESCE(assigned.transferred, false)",
        "first_end": "assigned.first_end",
    }
    writes = {
        "participant_id": "p.participant",
        "unit_id": "p.unit",
        "coach_id": "p.coach",
        **{
            name: f'p."{name}"'
            for name in (
                "case_number",
                "target_group",
                "start",
                "end",
                "closure_reason",
                "job_start",
                "job_end",
                "job_form",
            )
        },
        "study_aid": "CASE p.study_aid WHEN 'yes' THEN true WHEN 'no' THEN false END",
    }
    rules = (
        Rule("order", "end", _("The end is before the start."), 'p."end" < p.start', ("start", "end")),
        Rule(
            "order",
            "job_end",
            _("The job ends before it starts."),
            "p.job_end < p.job_start",
            ("job_start", "job_end"),
        ),
        Rule(
            "condition",
            "closure_reason",
            _("A closure reason is given if, and only if, there is an end."),
            "(p.\"end\" IS NULL) <> (p.closure_reason = '')",
            ("end", "closure_reason"),
        ),
        Rule(
            "in_future",
            "end",
            _("An enrolment that has been closed cannot end in the future."),
            'p."end" > %(today)s',
            ("end",),
        ),
        *(
            Rule(
                "condition",
                name,
                _("A job is given only when the reason is work or own business."),
                f"p.{name} IS NOT NULL AND p.closure_reason NOT IN ('work', 'own_business')",
                (name, "closure_reason"),
            )
            for name in ("job_start", "job_end")
        ),
        Rule(
            "condition",
            "job_form",
            _("A form of job is given only when the reason is work."),
            "p.job_form <> '' AND p.closure_reason <> 'work'",
            ("job_form", "closure_reason"),
        ),
        Rule(
            "condition",
            "study_aid",
            _("Study aid is given only when the reason is studies."),
            "p.study_aid <> '' AND p.closure_reason <> 'studies'",
            ("study_aid", "closure_reason"),
        ),
        Rule(
            "contradiction",
            "start",
            _("The case was transferred to another unit before this day."),
            "p.transferred AND p.start <> p.old_start AND p.start > p.first_end",
            ("start",),
        ),
        # Told at the later row of the register, or at the row that meets a stored enrolment.
        Rule(
            "overlap",
            "start",
            _("The participant is already enrolled on some of these days."),
            """EXISTS (
                SELECT FROM stretches o
                WHERE o.participant = p.participant AND o.id <> p.id AND o.whole AND (o.nr IS NULL OR o.nr < p.nr)
                    AND o.start <= COALESCE(p."end", 'infinity') AND p.start <= COALESCE(o."end", 'infinity')
            )""",
            ("participant", "start", "end"),
        ),
    )

    def plan(self) -> None:
        super().plan()
        self._plan_stretches()

    def _plan_stretches(self) -> None:
        """`stretches`: every enrolment as it will be after the load; `moved`: the participants it moves."""
        self.load.make(
            "stretches",
            """
            SELECT e.id, e.participant_id AS participant, e.start, e."end", NULL::integer AS nr, true AS whole
            FROM participants_enrolment e
            WHERE NOT EXISTS (SELECT FROM plan_enrolments p WHERE p.id = e.id)
            UNION ALL
            SELECT p.id, p.participant, p.start, p."end", p.nr,
                NOT COALESCE(p.bad, '{}') && '{participant,start,end}' AND p.start <= COALESCE(p."end", 'infinity')
            FROM plan_enrolments p WHERE p.participant IS NOT NULL AND p.start IS NOT NULL
            """,
            index="participant, start",
        )
        self.load.make(
            "moved",
            """
            SELECT participant, min(nr) AS nr FROM (
                SELECT p.participant, p.nr FROM plan_enrolments p WHERE p.stored_id IS NULL OR p.changed
                UNION ALL
                SELECT p.old_participant, p.nr FROM plan_enrolments p WHERE p.old_participant <> p.participant
            ) touched WHERE participant IS NOT NULL GROUP BY participant
            """,
            index="participant",
        )

    def find_stored(self) -> str:
        return f"""
            {super().find_stored()}
            LEFT JOIN LATERAL (
                SELECT count(*) > 1 AS transferred, min(a."end") AS first_end
                FROM participants_unitassignment a WHERE a.enrolment_id = t.id
            ) assigned ON t.id IS NOT NULL
        """

    #: The latest day, up to today, on which something is known to have happened in the case.
    activity = """GREATEST(CASE WHEN p.start <= %(today)s THEN p.start END, p."end",
        (SELECT a.filed FROM activity a WHERE a.enrolment = p.id))"""

    def update(self) -> int:
        self.load.make(
            "activity",
            """
            SELECT enrolment, max(filed) AS filed FROM plan_followups
            WHERE filed IS NOT NULL AND enrolment IS NOT NULL GROUP BY enrolment
            """,
            index="enrolment",
        )
        updated = super().update({"last_activity_on": f"GREATEST(t.last_activity_on, {self.activity})"})
        self._hand_over()
        self.load.execute(
            f"""
            UPDATE participants_unitassignment t
            SET unit_id = p.unit, start = p.start, legal_basis = term.legal_basis
            FROM plan_enrolments p, {UnitsLoad.term_on.format(unit="p.unit", day="p.start")} term
            WHERE t.enrolment_id = p.id AND p.changed AND NOT p.transferred
                AND (p.unit <> p.old_unit OR p.start <> p.old_start)
            """
        )
        self.load.execute(
            """
            UPDATE participants_unitassignment t SET start = p.start FROM plan_enrolments p
            WHERE t.enrolment_id = p.id AND p.changed AND p.transferred
                AND t.start = p.old_start AND p.start <> p.old_start
            """
        )
        return updated

    def _hand_over(self) -> None:
        """Whom the register gives from one job coach to another is handed over, as on the pages: who takes over reads
        it in Min dag. Of cases that are closed nobody need be told."""
        name = "trim(concat_ws(' ', {0}.given_name, {0}.family_name))".format
        self.load.execute(
            f"""
            INSERT INTO participants_handover
                (enrolment_id, from_coach_id, from_name, to_coach_id, to_name, note, at, by_name)
            SELECT p.id, p.old_coach, {name("former")}, p.coach, {name("taker")}, '', now(), %(by)s
            FROM plan_enrolments p
            JOIN accounts_user taker ON taker.id = p.coach
            JOIN accounts_user former ON former.id = p.old_coach
            WHERE p.coach <> p.old_coach AND p."end" IS NULL
            """,
            by=gettext("The register"),
        )

    def insert(self) -> int:
        created = super().insert({"last_activity_on": self.activity})
        self.load.execute(
            f"""
            INSERT INTO participants_unitassignment (enrolment_id, unit_id, legal_basis, start)
            SELECT p.id, p.unit, term.legal_basis, p.start
            FROM plan_enrolments p
            CROSS JOIN {UnitsLoad.term_on.format(unit="p.unit", day="p.start")} term
            WHERE p.stored_id IS NULL
            """
        )
        return created


class AftercareLoad(FileLoad):
    """A row is known by its enrolment and its time."""

    file = BY_NAME["aftercare"]
    table = "participants_aftercare"
    stored = """
        SELECT id, enrolment_id AS enrolment, days_after::text AS days_after, status, checked
        FROM participants_aftercare
    """
    writes = {
        "enrolment_id": "p.enrolment",
        "days_after": "p.days_after::smallint",
        "status": "p.status",
        "checked": "p.checked",
        # Whatever the person said by a link, it is the register's answer now.
        "by_person": "false",
        "seen_at": "NULL::timestamptz",
    }
    rules = (Rule("in_future", "checked", _("The day has not come yet."), "p.checked > %(today)s", ("checked",)),)

    def find_stored(self) -> str:
        return f"""
            {super().find_reference(self.file.column("enrolment"))}
            LEFT JOIN ({self.stored}) t
                ON t.enrolment = COALESCE(r_enrolment.id, k_enrolment.object_id) AND t.days_after = s.days_after
            LEFT JOIN (SELECT NULL::bigint AS object_id) k ON true
        """

    def find_reference(self, column: Column) -> str:
        return ""

    def merged(self, column: Column) -> str:
        return "s.days_after" if column.name == "days_after" else super().merged(column)

    def store_keys(self) -> None:
        """Its key is the enrolment's."""
