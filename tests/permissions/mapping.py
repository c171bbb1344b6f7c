"""The mapping: written by those who work with the case, read by the unit's managers; the own questions."""

from participants.mapping.services import mapping_begin
from participants.models import MappingQuestion
from tests.cast import Cast
from tests.factories import days_ago
from tests.participants.mapping.conftest import completed_mapping
from tests.permissions.rows import ADMINISTRATORS, WRITERS, Row, in_unit, only, person


def a_draft(cast: Cast, user) -> list:
    mapping_begin(enrolment=cast.asa, actor=cast.coach)
    return person(cast, user)


def a_section(cast: Cast, user) -> list:
    return [*a_draft(cast, user), "arbete"]


def a_mapping(cast: Cast, user) -> list:
    return [*person(cast, user), completed_mapping(cast.asa, cast.coach, arbete={"last_work": "Bagare"}).public_id]


def a_question(_cast: Cast, _user) -> list:
    return [MappingQuestion.objects.create(section="hinder", label="Har du barn?", valid_from=days_ago(1)).pk]


MAPPING = (
    Row("mapping:begin", "Begin a mapping", person, post=in_unit(302, WRITERS)),
    Row("mapping:section", "Write in a mapping", a_section, get=in_unit(200, WRITERS), post=in_unit(302, WRITERS)),
    Row("mapping:health_open", "Open health", a_draft, get=in_unit(200, WRITERS), post=in_unit(422, WRITERS)),
    Row("mapping:complete", "Complete a mapping", a_draft, get=in_unit(200, WRITERS), post=in_unit(302, WRITERS)),
    Row("mapping:discard", "Throw a mapping away", a_draft, get=in_unit(200, WRITERS), post=in_unit(302, WRITERS)),
    Row(
        "mapping:read",
        "Read a mapping; what it says about health (POST)",
        a_mapping,
        get=in_unit(),
        post=in_unit(200, WRITERS),
    ),
    Row("mapping:progress", "What has changed between mappings", person, get=in_unit()),
    Row("mapping:blank", "The mapping's questions on paper", person, get=in_unit()),
    Row("mapping_questions:list", "The municipality's own questions", get=only(ADMINISTRATORS)),
    Row(
        "mapping_questions:create",
        "Add a question of one's own",
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 422),
    ),
    Row(
        "mapping_questions:edit",
        "Change a question of one's own",
        a_question,
        get=only(ADMINISTRATORS),
        post=only(ADMINISTRATORS, 422),
    ),
)
