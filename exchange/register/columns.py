"""The files of the register and their columns (docs/register-format.md), in the order in which they are loaded.

A column's name is a public contract: never renamed; a new column is optional.
"""

from dataclasses import dataclass
from enum import Enum, auto

from accounts.models import LegalBasis
from exchange.models import RegisterFile
from participants.models.aftercare import AFTERCARE_DAYS
from vocabulary.codes import (
    AftercareStatus,
    ClosureReason,
    Education,
    EmployerKind,
    FollowUpKind,
    Gender,
    JobForm,
    PlacementForm,
    PlacementResult,
    Protection,
    ReferralDecision,
    ReferralSource,
    TargetGroup,
)

KEY_LENGTH = 64
#: Free text in several lines: long enough for any purpose, short enough for memory.
LONG_TEXT_LENGTH = 100_000


class Kind(Enum):
    """How a cell is written."""

    KEY = auto()  # the old system's own identifier for the row
    REFERENCE = auto()  # the key of a row in another file
    COACH = auto()  # the e-mail address of a user
    AREA = auto()  # an occupational area of the competence catalogue
    TEXT = auto()
    LONG_TEXT = auto()  # may have line breaks
    CODE = auto()
    LANGUAGE = auto()
    IDENTITY_NUMBER = auto()
    DATE = auto()
    GRADE = auto()
    VERSION = auto()


STAGED_TYPES = {Kind.DATE: "date", Kind.GRADE: "numeric", Kind.VERSION: "integer"}


@dataclass(frozen=True)
class Column:
    """One column. `required`: a new row must have it. `empty`: what an empty cell is stored as (text columns)."""

    name: str
    kind: Kind
    required: bool = False
    longest: int = KEY_LENGTH
    codes: tuple[str, ...] = ()
    refers: str = ""
    empty: str = ""

    @property
    def staged_type(self) -> str:
        """The column's type in the staging table."""
        return STAGED_TYPES.get(self.kind, "text")

    @property
    def resolved_type(self) -> str:
        """The column's type in the database once references are looked up."""
        return "bigint" if self.kind in (Kind.REFERENCE, Kind.COACH) else self.staged_type


@dataclass(frozen=True)
class File:
    """One file. `key` are the columns that identify a row, `keys` where the source's own keys are kept."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    keys: RegisterFile | None

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _key(name: str) -> Column:
    return Column(name, Kind.KEY, required=True)


def _reference(name: str, *, required: bool = True, refers: str = "") -> Column:
    return Column(name, Kind.REFERENCE, required=required, refers=refers or f"{name}s")


def _text(name: str, longest: int, *, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, required=required, longest=longest)


def _code(name: str, codes, *, required: bool = False, empty: str = "") -> Column:
    return Column(name, Kind.CODE, required=required, codes=tuple(map(str, codes)), empty=empty)


def _date(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.DATE, required=required)


FILES = (
    File(
        "units",
        ("unit",),
        (_key("unit"), _text("name", 200, required=True), _code("legal_basis", LegalBasis.values, required=True)),
        RegisterFile.UNITS,
    ),
    File(
        "employers",
        ("employer",),
        (
            _key("employer"),
            _text("name", 200, required=True),
            _code("kind", EmployerKind.values, required=True),
            _text("organisation_number", 20),
        ),
        RegisterFile.EMPLOYERS,
    ),
    File(
        "workplaces",
        ("workplace",),
        (
            _key("workplace"),
            _reference("employer"),
            _text("name", 200, required=True),
            Column("occupational_area", Kind.AREA, longest=10),
        ),
        RegisterFile.WORKPLACES,
    ),
    File(
        "participants",
        ("participant",),
        (
            _key("participant"),
            Column("identity_number", Kind.IDENTITY_NUMBER),
            _date("birth_date"),
            _code("gender", Gender.values),
            # "Empty means not known": a name may be, and some people have only one.
            _text("given_name", 100),
            _text("family_name", 100),
            _code("protection", Protection.values, empty=Protection.NONE.value),
            _code("education", Education.values),
            _text("phone", 50),
            _text("email", 254),
            _text("street_address", 200),
            _text("postal_code", 20),
            _text("city", 100),
            Column("language", Kind.LANGUAGE, longest=3),
        ),
        RegisterFile.PARTICIPANTS,
    ),
    File(
        "referrals",
        ("referral",),
        (
            _key("referral"),
            _reference("participant", required=False),
            _reference("unit"),
            _code("source", ReferralSource.values, required=True),
            _date("received", required=True),
            _code("decision", ReferralDecision.values, required=True),
        ),
        RegisterFile.REFERRALS,
    ),
    File(
        "enrolments",
        ("enrolment",),
        (
            _key("enrolment"),
            _reference("participant"),
            _reference("unit"),
            Column("coach", Kind.COACH, longest=254),
            _text("case_number", 64),
            _code("target_group", TargetGroup.values),
            _date("start", required=True),
            _date("end"),
            _code("closure_reason", ClosureReason.values),
            _date("job_start"),
            _date("job_end"),
            _code("job_form", JobForm.values),
            _code("study_aid", ("yes", "no")),
        ),
        RegisterFile.ENROLMENTS,
    ),
    File(
        "placements",
        ("placement",),
        (
            _key("placement"),
            _reference("participant"),
            _reference("workplace"),
            _code("form", PlacementForm.values, required=True),
            _date("start", required=True),
            _date("end"),
            Column("grade", Kind.GRADE),
            Column("purpose", Kind.LONG_TEXT, longest=LONG_TEXT_LENGTH),
            Column("expected_outcome", Kind.LONG_TEXT, longest=LONG_TEXT_LENGTH),
            _date("union_consulted"),
            _code("result", PlacementResult.values),
        ),
        RegisterFile.PLACEMENTS,
    ),
    File(
        "followups",
        ("followup",),
        (
            _key("followup"),
            _reference("participant"),
            _reference("placement", required=False),
            _code("kind", FollowUpKind.values, required=True),
            _date("due", required=True),
            _date("filed"),
        ),
        RegisterFile.FOLLOWUPS,
    ),
    File(
        "certificates",
        ("certificate", "version"),
        (
            _key("certificate"),
            _reference("placement"),
            Column("version", Kind.VERSION, required=True),
            _date("issued", required=True),
        ),
        RegisterFile.CERTIFICATES,
    ),
    File(
        "aftercare",
        ("enrolment", "days_after"),
        (
            _reference("enrolment"),
            _code("days_after", AFTERCARE_DAYS, required=True),
            _code("status", AftercareStatus.values, required=True),
            _date("checked", required=True),
        ),
        None,
    ),
)

BY_NAME = {file.name: file for file in FILES}
