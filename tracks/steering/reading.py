"""What the pages of steering groups are told from."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from accounts.models import User
from accounts.swedish import SwedishSortKey
from tracks.models import Action, Decision, Meeting, SteeringGroup


def groups_listed(groups: QuerySet[SteeringGroup], today: dt.date) -> QuerySet[SteeringGroup]:
    """With `unsettled`, `overdue` and `next_day` (of the next meeting): one question."""
    to_do = Q(meetings__decisions__actions__settled_on=None, meetings__decisions__actions__isnull=False)
    late = Q(meetings__decisions__actions__due__lt=today)
    actions = "meetings__decisions__actions"
    return groups.annotate(
        unsettled=Count(actions, filter=to_do, distinct=True),
        overdue=Count(actions, filter=to_do & late, distinct=True),
        next_day=Min("meetings__day", filter=Q(meetings__day__gte=today)),
    ).order_by(SwedishSortKey("name"), "pk")


@dataclass(frozen=True)
class Actions:
    """The actions of a group as its page shows them."""

    overdue: list[Action]
    to_do: list[Action]
    settled: list[Action]


def actions_of(group: SteeringGroup, today: dt.date) -> Actions:
    """What is overdue first, then what is to come, then what is settled, the latest first."""
    rows = list(Action.objects.of_group(group).select_related("decision__meeting").order_by("due", "pk"))
    settled = [row for row in rows if row.settled_on]
    left = [row for row in rows if not row.settled_on]
    return Actions(
        overdue=[row for row in left if row.is_overdue_on(today)],
        to_do=[row for row in left if not row.is_overdue_on(today)],
        settled=sorted(settled, key=lambda row: row.settled_on, reverse=True),
    )


@dataclass(frozen=True)
class Agenda:
    """What a meeting begins with: what earlier ones had left that was overdue on its day, and what was due that very
    day. Of a meeting to come what will be."""

    overdue: list[Action]
    due: list[Action]


def agenda_of(meeting: Meeting) -> Agenda:
    rows = list(Action.objects.left_at(meeting).select_related("decision__meeting").order_by("due", "pk"))
    return Agenda([row for row in rows if row.due < meeting.day], [row for row in rows if row.due == meeting.day])


def decisions_of(meeting: Meeting) -> QuerySet[Decision]:
    """In their order, with what is to be done about each."""
    return meeting.decisions.order_by("position").prefetch_related(
        Prefetch("actions", Action.objects.order_by("due", "pk"))
    )


def mine(user: User) -> QuerySet[Action]:
    """What the user is to do, in all groups."""
    rows = Action.objects.unsettled().filter(owner=user)
    return rows.select_related("decision__meeting__group").order_by("due", "pk")
