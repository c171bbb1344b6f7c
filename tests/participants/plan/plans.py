"""Plans for the tests: a form as the page sends it, and plans that are decided already."""

import datetime as dt
import uuid

from django.urls import reverse

from accounts.models import User
from participants.models import Activity, Enrolment, PlanVersion
from participants.plan.content import content_of_version
from participants.plan.services.versions import draft_of, plan_decide, plan_draft_save
from tests.factories import days_ago

GOAL = "Anställning som köksbiträde"


def in_days(days: int) -> str:
    return (days_ago(0) + dt.timedelta(days=days)).isoformat()


def milestone(text="Klara språkpraktik 12 veckor", **fields) -> dict:
    row = {"key": str(uuid.uuid4()), "text": text, "due": in_days(60), "responsible": "participant"}
    return row | {"responsible_name": ""} | fields


def activity(form="language_internship", **fields) -> dict:
    row = {
        "key": str(uuid.uuid4()), "form": form, "purpose": "Öva yrkessvenska i ett kök",
        "expected_outcome": "Klarar ett arbetspass på svenska", "need": "participant", "start": in_days(7), "end": "",
    }  # fmt: skip
    return row | fields


def typed(milestones=(), activities=(), **fields) -> dict:
    """A whole plan as it stands in a draft."""
    plan = {
        "goal": GOAL, "goal_on": in_days(200), "view": "Jag vill laga mat.", "agreement": "agrees",
        "agreement_way": "meeting", "agreement_on": in_days(0), "agreement_comment": "", "decided_without": "",
        "decided_on": "", "review_on": in_days(150),
    }  # fmt: skip
    return plan | fields | {"milestones": list(milestones), "activities": list(activities)}


def sent(plan: dict, **extra) -> dict:
    """The same as the page sends it."""
    data = {name: value for name, value in plan.items() if isinstance(value, str)}
    for name, prefix in (("milestones", "m"), ("activities", "a")):
        for row in plan[name]:
            data |= {f"{prefix}-{row['key']}-{field}": value for field, value in row.items() if field != "key"}
    data["milestone"] = [row["key"] for row in plan["milestones"]]
    data["activity"] = [row["key"] for row in plan["activities"]]
    return data | {"seen": "0", "window": str(uuid.uuid4())} | extra


def address(page: str, enrolment: Enrolment, *args) -> str:
    return reverse(f"participants:{page}", args=[enrolment.participant.public_id, *args])


def part(enrolment: Enrolment) -> str:
    return reverse("participants:part", args=[enrolment.participant.public_id, "plan"])


def drafted(enrolment: Enrolment, by: User, plan: dict) -> PlanVersion:
    seen = draft_of(enrolment).revision
    return plan_draft_save(enrolment=enrolment, author=by, typed=plan, seen=seen, window=uuid.uuid4())


def decided(enrolment: Enrolment, by: User, milestones=(), activities=(), **fields) -> PlanVersion:
    """A plan that holds; decided `days` ago with `decided_on`."""
    if "decided_on" in fields:  # its days are counted from there
        day = dt.date.fromisoformat(fields["decided_on"])
        fields.setdefault("review_on", (day + dt.timedelta(days=150)).isoformat())
    draft = drafted(enrolment, by, typed(milestones, activities, **fields))
    content = content_of_version(draft)
    return plan_decide(enrolment=enrolment, actor=by, number=draft.number, seen=draft.revision, content=content)


def one_activity(enrolment: Enrolment, by: User, form="language_internship", **fields) -> Activity:
    """An activity of a plan that holds."""
    decided(enrolment, by, activities=[activity(form, **fields)])
    return enrolment.activities.get()
