"""What a version of a plan says, in one shape whatever it is read from: a draft or what was decided.

A draft is kept as it was typed: plain JSON, right or wrong. `typed_of` reads it from a form, `fresh` begins a new one
from the version before, `content_of` makes of it what can be read.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts import municipal
from participants.calendar import months_after
from participants.models import Activity, Enrolment, Milestone, PlanActivity, PlanMilestone, PlanState, PlanVersion
from participants.models.plan import Agreement, AgreementWay, Responsible
from participants.plan.municipal import REVIEW_MONTHS
from vocabulary.codes import Need
from vocabulary.models import ActivityForm

#: What is typed of a plan, of each of its milestones and of each of its activities.
PLAN_FIELDS = (
    "goal", "goal_on", "view", "agreement", "agreement_way", "agreement_on", "agreement_comment", "decided_without",
    "decided_on", "review_on",
)  # fmt: skip
MILESTONE_FIELDS = ("text", "due", "responsible", "responsible_name")
ACTIVITY_FIELDS = ("form", "purpose", "expected_outcome", "need", "start", "end")
#: Answered beforehand in a new row, so that a row with nothing else in it is empty.
_GIVEN = {"responsible": Responsible.PARTICIPANT.value, "need": Need.PARTICIPANT.value}
#: More is no plan to follow, and a form nobody can look through.
MOST_ROWS = 30


# --- As typed -----------------------------------------------------------------------------------------------------


def typed_of(data: QueryDict) -> dict:
    """What a form says, right or wrong. Rows keep their keys, by which they are known from version to version."""
    return {
        **{name: _clean(data.get(name, "")) for name in PLAN_FIELDS},
        "milestones": _rows(data, "milestone", "m", MILESTONE_FIELDS),
        "activities": _rows(data, "activity", "a", ACTIVITY_FIELDS),
    }


def _rows(data: QueryDict, name: str, prefix: str, fields: tuple[str, ...]) -> list[dict[str, str]]:
    keys = dict.fromkeys(key for key in data.getlist(name) if _is_key(key))
    return [
        {"key": key, **{each: _clean(data.get(f"{prefix}-{key}-{each}", "")) for each in fields}}
        for key in list(keys)[:MOST_ROWS]
    ]


def _is_key(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _clean(text: str) -> str:
    """Line breaks as one character whatever the browser sends, and nothing that the database cannot keep."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def blank_row(fields: tuple[str, ...]) -> dict[str, str]:
    return {"key": str(uuid.uuid4()), **{name: _GIVEN.get(name, "") for name in fields}}


def is_blank(row: dict[str, str]) -> bool:
    """Whether a row says nothing: it is left out when the plan is decided."""
    return not any(value for name, value in row.items() if name != "key" and name not in _GIVEN)


def fresh(enrolment: Enrolment, before: PlanVersion | None) -> dict:
    """A new draft: of the version before it (a closed one too) what still holds, else a row of each to begin with.

    The participant is asked anew, so what was said about the version before is not taken along.
    """
    typed = dict.fromkeys(PLAN_FIELDS, "") | {"agreement": Agreement.NOT_ASKED.value}
    months = municipal.value_of(REVIEW_MONTHS.key)
    typed["review_on"] = months_after(timezone.localdate(), months).isoformat()
    typed["milestones"], typed["activities"] = [], []
    if before is not None:
        content = content_of_version(before)
        typed["goal"], typed["goal_on"] = content.goal, _iso(content.goal_on)
        typed["milestones"] = [
            {
                "key": each.key,
                "text": each.text,
                "due": _iso(each.due),
                "responsible": each.responsible,
                "responsible_name": each.responsible_name,
            }
            for each in content.milestones
        ]
    typed["activities"] = [
        {
            "key": str(each.public_id),
            "form": each.form_id,
            "purpose": each.purpose,
            "expected_outcome": each.expected_outcome,
            "need": each.need,
            "start": _iso(each.start),
            "end": _iso(each.end),
        }
        for each in decided_activities(enrolment)
    ]
    typed["milestones"] = typed["milestones"] or [blank_row(MILESTONE_FIELDS)]
    typed["activities"] = typed["activities"] or [blank_row(ACTIVITY_FIELDS)]
    return typed


def decided_activities(enrolment: Enrolment) -> list[Activity]:
    """The activities of the enrolment that are decided and neither ended nor dropped."""
    return list(enrolment.activities.filter(state="decided").select_related("form").order_by("created_at", "pk"))


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


# --- As read ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MilestoneWords:
    """What a version says of a milestone. `row` is what lives on (None: it is new); `key` is the same through all
    versions."""

    key: str
    text: str
    due: dt.date | None
    responsible: str
    responsible_name: str
    row: Milestone | None = None

    @property
    def who(self) -> str:
        """Who sees to it, in words."""
        if self.responsible == Responsible.OTHER:
            return self.responsible_name
        return Responsible(self.responsible).label if self.responsible else ""

    @property
    def is_done(self) -> bool:
        return self.row is not None and self.row.done_on is not None

    @property
    def is_late(self) -> bool:
        return not self.is_done and self.due is not None and self.due < timezone.localdate()


@dataclass(frozen=True)
class ActivityWords:
    """What a version says of an activity. `row` is what lives on (None: it is new)."""

    key: str
    form: ActivityForm | None
    purpose: str
    expected_outcome: str
    need: str
    start: dt.date | None
    end: dt.date | None
    row: Activity | None = None

    @property
    def need_words(self) -> str:
        return Need(self.need).label if self.need else ""


@dataclass(frozen=True)
class Content:
    """What a version of a plan says."""

    goal: str
    goal_on: dt.date | None
    view: str
    agreement: str
    agreement_way: str
    agreement_on: dt.date | None
    agreement_comment: str
    decided_without: str
    decided_on: dt.date | None
    review_on: dt.date | None
    milestones: list[MilestoneWords] = field(default_factory=list)
    activities: list[ActivityWords] = field(default_factory=list)

    @property
    def agreement_words(self) -> str:
        return Agreement(self.agreement or Agreement.NOT_ASKED).label

    @property
    def way_words(self) -> str:
        return AgreementWay(self.agreement_way).label if self.agreement_way else ""

    @property
    def is_asked(self) -> bool:
        return self.agreement not in ("", Agreement.NOT_ASKED)

    @property
    def milestones_by_day(self) -> list[MilestoneWords]:
        """In the order in which they are to be reached."""
        return sorted(self.milestones, key=lambda each: (each.due is None, each.due or dt.date.max))


def content_of_version(version: PlanVersion) -> Content:
    """What was decided; of a draft, what can be read of it."""
    if version.state == PlanState.DRAFT:
        return content_of_typed(version.enrolment, version.typed)
    milestones = PlanMilestone.objects.filter(version=version).select_related("milestone")
    activities = PlanActivity.objects.filter(version=version).select_related("activity__form")
    return Content(
        **{name: getattr(version, name) for name in PLAN_FIELDS},
        milestones=[
            MilestoneWords(
                key=str(each.milestone.public_id),
                text=each.text,
                due=each.due,
                responsible=each.responsible,
                responsible_name=each.responsible_name,
                row=each.milestone,
            )
            for each in milestones
        ],
        activities=[
            ActivityWords(
                key=str(each.activity.public_id),
                form=each.activity.form,
                purpose=each.purpose,
                expected_outcome=each.expected_outcome,
                need=each.need,
                start=each.start,
                end=each.end,
                row=each.activity,
            )
            for each in activities
        ],
    )


def content_of_typed(enrolment: Enrolment, typed: dict) -> Content:
    """What can be read of a draft, without its empty rows.

    A milestone that is done keeps the words it was decided with. An activity that goes on stands in every version
    whatever was typed, and one that has ended meanwhile in none.
    """
    done = milestones_done(enrolment)
    known = {str(each.public_id): each for each in enrolment.activities.select_related("form")}
    forms = ActivityForm.objects.in_bulk({row["form"] for row in typed["activities"] if row["form"]})
    milestones = [
        done.get(row["key"]) or _milestone(row, enrolment) for row in typed["milestones"] if not is_blank(row)
    ]
    milestones += [words for key, words in done.items() if key not in {row["key"] for row in typed["milestones"]}]
    activities = [
        _activity(row, forms, known.get(row["key"]))
        for row in typed["activities"]
        if not is_blank(row) and not (row["key"] in known and known[row["key"]].is_settled)
    ]
    said = {row["key"] for row in typed["activities"] if not is_blank(row)}
    activities += [_as_it_is(each) for key, each in known.items() if not each.is_settled and key not in said]
    return Content(
        goal=typed["goal"],
        goal_on=_day(typed["goal_on"]),
        view=typed["view"],
        agreement=_of(Agreement, typed["agreement"]) or Agreement.NOT_ASKED,
        agreement_way=_of(AgreementWay, typed["agreement_way"]),
        agreement_on=_day(typed["agreement_on"]),
        agreement_comment=typed["agreement_comment"],
        decided_without=typed["decided_without"],
        decided_on=_day(typed["decided_on"]) or timezone.localdate(),
        review_on=_day(typed["review_on"]),
        milestones=milestones,
        activities=activities,
    )


def milestones_done(enrolment: Enrolment) -> dict[str, MilestoneWords]:
    """The milestones of the latest decided version that are reached, with the words they were decided with."""
    latest = enrolment.plans.exclude(state=PlanState.DRAFT).order_by("-number").first()
    if latest is None:
        return {}
    return {each.key: each for each in content_of_version(latest).milestones if each.is_done}


def _milestone(row: dict[str, str], enrolment: Enrolment) -> MilestoneWords:
    responsible = _of(Responsible, row["responsible"])
    return MilestoneWords(
        key=row["key"],
        text=row["text"],
        due=_day(row["due"]),
        responsible=responsible,
        responsible_name=row["responsible_name"] if responsible == Responsible.OTHER else "",
    )


def _activity(row: dict[str, str], forms: dict[str, ActivityForm], known: Activity | None) -> ActivityWords:
    return ActivityWords(
        key=row["key"],
        form=known.form if known else forms.get(row["form"]),
        purpose=row["purpose"],
        expected_outcome=row["expected_outcome"],
        need=_of(Need, row["need"]),
        start=_day(row["start"]),
        end=_day(row["end"]),
        row=known,
    )


def _as_it_is(activity: Activity) -> ActivityWords:
    return ActivityWords(
        key=str(activity.public_id),
        form=activity.form,
        purpose=activity.purpose,
        expected_outcome=activity.expected_outcome,
        need=activity.need,
        start=activity.start,
        end=activity.end,
        row=activity,
    )


def _of(choices, text: str) -> str:
    return text if text in choices.values else ""


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


# --- In words -----------------------------------------------------------------------------------------------------


def period_words(start: dt.date | None, end: dt.date | None) -> str:
    """When something goes on, in the form of tables."""
    if start and end:
        return f"{start:%Y-%m-%d} – {end:%Y-%m-%d}"
    if start:
        return _("from %(day)s") % {"day": f"{start:%Y-%m-%d}"}
    return _("until %(day)s") % {"day": f"{end:%Y-%m-%d}"} if end else ""


def late_ones(milestones: Iterable[MilestoneWords]) -> list[MilestoneWords]:
    return [each for each in milestones if each.is_late]
