"""Placements, follow-ups and certificates: what hangs on the enrolment of a day."""

from django.utils.translation import gettext_lazy as _

from exchange.register.columns import BY_NAME, Column
from exchange.register.loading.base import FileLoad, Rule


def enrolment_on(participant: str, day: str) -> str:
    """A join to the enrolment that covers the day, else the latest that started before it, as `best`.

    Enrolments of a participant do not overlap, so both are the latest that started by then.
    """
    return f"""
        LEFT JOIN LATERAL (
            SELECT e.id FROM stretches e WHERE e.participant = {participant} AND e.start <= {day}
            ORDER BY e.start DESC LIMIT 1
        ) best ON true
    """


#: A placement `w` with the place of the place bank of which it has a seat.
HOLDS_A_SEAT = "placements_placement w JOIN placements_place place ON place.id = w.place_id"


class PlacementsLoad(FileLoad):
    """The register's grade is the one the placement began with; later grades from the product stay."""

    file = BY_NAME["placements"]
    table = "placements_placement"
    # As a register would hold it: browsers send another kind of line break.
    text = "btrim(replace({}, E'\\r\\n', E'\\n'), E' \\t\\n')"
    stored = f"""
        SELECT w.id, e.participant_id AS participant, w.workplace_id AS workplace, w.form, w.start, w."end",
            g.grade, {text.format("w.purpose")} AS purpose, {text.format("w.expected_outcome")} AS expected_outcome,
            w.union_consulted, w.result, w.enrolment_id AS enrolment,
            g.id AS grade_term, w.cancelled_on
        FROM placements_placement w
        JOIN participants_enrolment e ON e.id = w.enrolment_id
        LEFT JOIN placements_gradeterm g ON g.placement_id = w.id AND NOT EXISTS (
            SELECT FROM placements_gradeterm o WHERE o.placement_id = g.placement_id AND o.valid_from < g.valid_from
        )
    """
    exported = "t.cancelled_on IS NULL"
    joins = enrolment_on("m.participant", "m.start")
    extra = {
        "enrolment": "best.id",
        "old_participant": "t.participant",
        "old_enrolment": "t.enrolment",
        "old_grade": "t.grade",
        "old_start": "t.start",
        "grade_term": "t.grade_term",
    }
    writes = {
        "enrolment_id": "p.enrolment",
        "workplace_id": "p.workplace",
        "form": "p.form",
        "start": "p.start",
        "end": 'p."end"',
        "purpose": "p.purpose",
        "expected_outcome": "p.expected_outcome",
        "union_consulted": "p.union_consulted",
        "result": "p.result",
    }
    rules = (
        Rule("order", "end", _("The end is before the start."), 'p."end" < p.start', ("start", "end")),
        Rule(
            "condition",
            "grade",
            _("The part of full time is needed for a municipal employment."),
            "p.form = 'municipal_employment' AND p.grade IS NULL",
            ("form", "grade"),
        ),
        Rule(
            "condition",
            "result",
            _("A result is given only when the placement has ended."),
            'p.result <> \'\' AND (p."end" IS NULL OR p."end" >= %(today)s)',
            ("end", "result"),
        ),
        Rule(
            "condition",
            "participant",
            _("The participant had not been enrolled when the placement started."),
            """p.enrolment IS NULL AND p.participant IS NOT NULL AND p.start IS NOT NULL AND NOT EXISTS (
                SELECT FROM plan_enrolments u WHERE u.participant = p.participant AND u.start IS NULL
            )""",
            ("participant", "start"),
        ),
        Rule(
            "contradiction",
            "participant",
            _("There are follow-ups of this placement that belong to another participant."),
            """p.participant <> p.old_participant AND EXISTS (
                SELECT FROM placements_followup o WHERE o.placement_id = p.id
                    AND NOT EXISTS (SELECT FROM plan_followups f WHERE f.id = o.id)
            )""",
            ("participant",),
        ),
        Rule(
            "contradiction",
            "end",
            _("Another placement has the seat of this one in the place bank on some of these days."),
            f"""p.changed AND EXISTS (
                SELECT FROM {HOLDS_A_SEAT} JOIN placements_placement o ON o.place_id = w.place_id AND o.seat = w.seat
                    AND o.id <> w.id AND o.cancelled_on IS NULL
                LEFT JOIN plan_placements q ON q.id = o.id
                WHERE w.id = p.id AND w.cancelled_on IS NULL AND place.workplace_id = p.workplace
                    AND p.start <= COALESCE(CASE WHEN q.id IS NULL THEN o."end" ELSE q."end" END, 'infinity')
                    AND COALESCE(p."end", 'infinity') >= COALESCE(q.start, o.start)
            )""",
            ("start", "end"),
        ),
    )

    def plan(self) -> None:
        super().plan()
        # Placements that the register does not have, of participants whose enrolments it moves.
        self.load.make(
            "moved_placements",
            f"""
            SELECT w.id, moved.nr, best.id AS enrolment
            FROM moved
            JOIN participants_enrolment e ON e.participant_id = moved.participant
            JOIN placements_placement w ON w.enrolment_id = e.id
            {enrolment_on("moved.participant", "w.start")}
            WHERE best.id IS DISTINCT FROM w.enrolment_id
                AND NOT EXISTS (SELECT FROM plan_placements p WHERE p.id = w.id)
            """,
            index="id",
        )

    def check_rule(self, rule: Rule) -> None:
        if rule.column == "participant" and rule.code == "condition" and "enrolments" in self.load.broken:
            return
        super().check_rule(rule)

    def check(self) -> None:
        super().check()
        self.load.report_rows(
            BY_NAME["enrolments"],
            "SELECT DISTINCT m.nr FROM moved_placements m WHERE m.enrolment IS NULL",
            "start",
            "condition",
            _("A placement of the participant would be left without an enrolment that started before it."),
        )

    def update(self) -> int:
        # Whoever is at another workplace by now has no seat where they were.
        self.load.execute(
            f"""
            UPDATE placements_placement t SET place_id = NULL, seat = NULL
            FROM {HOLDS_A_SEAT} JOIN plan_placements p ON p.id = w.id
            WHERE t.id = w.id AND p.changed AND place.workplace_id <> p.workplace
            """
        )
        self.load.execute("SET CONSTRAINTS placement_one_in_a_seat DEFERRED")
        updated = super().update()
        self.load.execute("SET CONSTRAINTS placement_one_in_a_seat IMMEDIATE")
        self.load.execute(
            """
            UPDATE placements_placement t SET enrolment_id = m.enrolment FROM (
                SELECT id, enrolment FROM moved_placements
                UNION ALL
                SELECT id, enrolment FROM plan_placements
                WHERE stored_id IS NOT NULL AND NOT changed AND enrolment <> old_enrolment
            ) m WHERE t.id = m.id
            """
        )
        self.load.execute(
            """
            UPDATE placements_gradeterm t SET grade = p.grade, valid_from = p.start
            FROM plan_placements p WHERE t.id = p.grade_term AND p.changed AND p.grade IS NOT NULL
                AND (p.grade <> p.old_grade OR p.start <> p.old_start)
            """
        )
        self.load.execute(
            """
            DELETE FROM placements_gradeterm t USING plan_placements p
            WHERE t.placement_id = p.id AND p.changed AND p.grade IS NULL AND p.old_grade IS NOT NULL
            """
        )
        return updated

    def insert(self) -> int:
        created = super().insert()
        self.load.execute(
            """
            INSERT INTO placements_gradeterm (placement_id, grade, valid_from)
            SELECT p.id, p.grade, p.start FROM plan_placements p
            WHERE (p.stored_id IS NULL OR p.changed) AND p.grade_term IS NULL AND p.grade IS NOT NULL
            """
        )
        return created


class FollowUpsLoad(FileLoad):
    """A follow-up belongs to its placement's enrolment, without placement to that of its due date, if any. One that
    was answered here stays filed on that day: the source may not have heard of it."""

    file = BY_NAME["followups"]
    table = "placements_followup"
    stored = """
        SELECT id, participant_id AS participant, placement_id AS placement, kind, due, filed,
            enrolment_id AS enrolment, withdrawn_on,
            placement_id IN (SELECT id FROM placements_placement WHERE cancelled_on IS NOT NULL) AS of_cancelled,
            id IN (SELECT followup_id FROM placements_followupanswer) AS answered
        FROM placements_followup
    """
    final = {"filed": "CASE WHEN t.answered THEN t.filed ELSE m.filed END"}
    exported = "(t.filed IS NOT NULL OR t.withdrawn_on IS NULL) AND t.of_cancelled IS NOT TRUE"
    #: Where a placement will be after the load, as `placed`: in the register, moved by it, or as stored.
    placement_of = """
        LEFT JOIN plan_placements pp ON pp.id = {placement}
        LEFT JOIN moved_placements pm ON pm.id = {placement}
        LEFT JOIN placements_placement pw ON pw.id = {placement} AND pp.id IS NULL
        LEFT JOIN participants_enrolment pe ON pe.id = pw.enrolment_id
        CROSS JOIN LATERAL (
            SELECT COALESCE(pp.enrolment, pm.enrolment, pw.enrolment_id) AS enrolment,
                CASE WHEN pp.id IS NOT NULL THEN pp.participant ELSE pe.participant_id END AS participant
        ) placed
    """
    joins = placement_of.format(placement="m.placement") + enrolment_on("m.participant", "m.due")
    extra = {
        "enrolment": "CASE WHEN m.placement IS NOT NULL THEN placed.enrolment ELSE best.id END",
        "placed_participant": "placed.participant",
        "old_enrolment": "t.enrolment",
    }
    writes = {
        "participant_id": "p.participant",
        "placement_id": "p.placement",
        "enrolment_id": "p.enrolment",
        "kind": "p.kind",
        "due": "p.due",
        "filed": "p.filed",
    }
    rules = (
        Rule("in_future", "filed", _("The day has not come yet."), "p.filed > %(today)s", ("filed",)),
        Rule(
            "contradiction",
            "placement",
            _("The placement belongs to another participant."),
            "p.placement IS NOT NULL AND p.placed_participant <> p.participant",
            ("participant", "placement"),
        ),
    )

    def plan(self) -> None:
        super().plan()
        self.load.make(
            "moved_followups",
            f"""
            SELECT u.id, CASE WHEN u.placement_id IS NOT NULL THEN placed.enrolment ELSE best.id END AS enrolment
            FROM (
                SELECT o.* FROM placements_followup o JOIN moved ON moved.participant = o.participant_id
                UNION
                SELECT o.* FROM placements_followup o JOIN plan_placements p ON p.id = o.placement_id
                WHERE p.stored_id IS NOT NULL AND p.enrolment <> p.old_enrolment
            ) u
            {self.placement_of.format(placement="u.placement_id")}
            {enrolment_on("u.participant_id", "u.due")}
            WHERE NOT EXISTS (SELECT FROM plan_followups p WHERE p.id = u.id)
            """,
        )

    def update(self) -> int:
        updated = super().update()
        self.load.execute(
            """
            UPDATE placements_followup t SET enrolment_id = m.enrolment FROM (
                SELECT id, enrolment FROM moved_followups
                UNION ALL
                SELECT id, enrolment FROM plan_followups WHERE stored_id IS NOT NULL AND NOT changed
            ) m WHERE t.id = m.id AND t.enrolment_id IS DISTINCT FROM m.enrolment
            """
        )
        return updated

    def insert(self) -> int:
        created = super().insert()
        # What the placement plans by itself makes room for what the register brings of the same kind.
        self.load.execute(
            """
            UPDATE placements_followup t SET withdrawn_on = %(today)s, withdrawn_by_rule = TRUE
            FROM plan_followups p
            WHERE p.stored_id IS NULL AND t.placement_id = p.placement AND t.kind = p.kind AND t.id <> p.id
                AND t.point <> '' AND t.filed IS NULL AND t.withdrawn_on IS NULL
            """
        )
        # The latest activity of enrolments that the register itself did not change.
        self.load.execute(
            """
            UPDATE participants_enrolment t SET last_activity_on = a.filed FROM activity a
            WHERE t.id = a.enrolment AND a.filed > COALESCE(t.last_activity_on, '-infinity')
            """
        )
        return created


class CertificatesLoad(FileLoad):
    """A row is one version of a certificate. What is loaded was issued elsewhere: it counts, without a document."""

    file = BY_NAME["certificates"]
    table = "competence_certificateversion"
    keyed_table = "competence_certificate"
    key_of = "certificate"
    stored = """
        SELECT v.id, v.certificate_id AS certificate, c.placement_id AS placement, v.version, v.issued
        FROM competence_certificateversion v JOIN competence_certificate c ON c.id = v.certificate_id
    """
    exported = """
        t.placement NOT IN (SELECT id FROM placements_placement WHERE cancelled_on IS NOT NULL)
        AND t.id NOT IN (SELECT id FROM competence_certificateversion WHERE revoked_on IS NOT NULL)
    """
    extra = {"certificate_id": "c.id", "new_certificate": "c.new", "old_placement": "w.placement_id"}
    writes = {"certificate_id": "p.certificate_id", "version": "p.version", "issued": "p.issued"}
    rules = (
        Rule("in_future", "issued", _("The day has not come yet."), "p.issued > %(today)s", ("issued",)),
        Rule(
            "conflict",
            "issued",
            _("This certificate was issued here. A register does not change it."),
            """EXISTS (
                SELECT FROM competence_certificateversion o
                WHERE o.certificate_id = p.certificate_id AND o.document_id IS NOT NULL
                    AND (o.id = p.stored_id AND p.changed OR p.placement <> p.old_placement)
            )""",
            ("issued", "placement"),
        ),
        Rule(
            "contradiction",
            "placement",
            _("Another version of this certificate has another placement."),
            """EXISTS (
                SELECT FROM plan_certificates o WHERE o.certificate = p.certificate AND o.nr < p.nr
                    AND o.placement <> p.placement
            )""",
            ("placement",),
        ),
        Rule(
            "conflict",
            "placement",
            _("The placement has a certificate with another key."),
            """EXISTS (
                SELECT FROM competence_certificate o WHERE o.placement_id = p.placement AND o.id <> p.certificate_id
            ) OR EXISTS (
                SELECT FROM plan_certificates o WHERE o.placement = p.placement AND o.certificate <> p.certificate
                    AND o.nr < p.nr
            )""",
            ("placement",),
        ),
    )

    def plan(self) -> None:
        self.load.make(
            "plan_certificate_keys",
            """
            SELECT s.certificate AS key, w.id IS NULL AS new,
                COALESCE(w.id, nextval('competence_certificate_id_seq')) AS id
            FROM (SELECT DISTINCT certificate FROM stage_certificates) s
            LEFT JOIN exchange_registerkey k
                ON k.source = %(source)s AND k.file = 'certificates' AND k.key = s.certificate
            LEFT JOIN competence_certificate w ON w.id = k.object_id
            """,
            index="key",
        )
        super().plan()
        self.load.execute("CREATE INDEX ON plan_certificates (certificate)")
        self.load.execute("CREATE INDEX ON plan_certificates (placement)")

    def find_stored(self) -> str:
        return f"""
            JOIN plan_certificate_keys c ON c.key = s.certificate
            LEFT JOIN competence_certificate w ON w.id = c.id
            LEFT JOIN ({self.stored}) t ON t.certificate = c.id AND t.version = s.version
            LEFT JOIN (SELECT NULL::bigint AS object_id) k ON true
        """

    def merged(self, column: Column) -> str:
        if column.name == "placement" and "placement" not in self.present:
            return "w.placement_id"
        return "s.version" if column.name == "version" else super().merged(column)

    def update(self) -> int:
        self.load.execute(
            """
            UPDATE competence_certificate t SET placement_id = p.placement
            FROM (
                SELECT DISTINCT certificate_id, placement FROM plan_certificates WHERE changed OR stored_id IS NULL
            ) p
            WHERE t.id = p.certificate_id AND t.placement_id <> p.placement
            """
        )
        self.load.execute(
            """
            UPDATE competence_certificateversion t SET issued = p.issued
            FROM plan_certificates p WHERE t.id = p.id AND t.issued <> p.issued
            """
        )
        self.load.execute("SELECT count(*) FROM plan_certificates WHERE changed")
        return self.load.cursor.fetchone()[0]

    def insert(self) -> int:
        self.load.execute(
            """
            INSERT INTO competence_certificate (id, placement_id)
            SELECT DISTINCT p.certificate_id, p.placement FROM plan_certificates p WHERE p.new_certificate
            """
        )
        return super().insert({"issued_elsewhere": "true"})

    def store_keys(self) -> None:
        self.load.execute(
            """
            INSERT INTO exchange_registerkey (source, file, key, object_id)
            SELECT %(source)s, 'certificates', c.key, c.id FROM plan_certificate_keys c WHERE c.new
            ON CONFLICT (source, file, key) DO UPDATE SET object_id = EXCLUDED.object_id
            """
        )
