"""Plans of the invented municipality's participants: drafts, plans that hold, several versions, what came of them.

They are written, decided and gone through by the services, in the order in which it would have happened.
"""

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from exchange.demo import roads
from participants.calendar import months_after
from participants.mapping.told import goals_of
from participants.models import Activity, Enrolment, Milestone, PlanVersion
from participants.models.plan import Agreement, AgreementWay
from participants.plan.content import PLAN_FIELDS, content_of_version, decided_activities
from participants.plan.services.progress import activity_drop, activity_end, milestone_mark_done, seen_of
from participants.plan.services.reviews import open_review, plan_review_hold
from participants.plan.services.versions import draft_of, plan_close, plan_decide, plan_draft_save
from placements.models import FollowUp, Placement
from vocabulary.codes import ActivityOutcome, EmployerKind, FollowUpKind, Need, PlacementForm

LATEST = 160
#: Every so many-th of those with a plan: a next version in the making, gone through soon or just late, closed.
DRAFT_EVERY, REVIEW_EVERY, CLOSED_EVERY, DROPPED_EVERY, PLACE_WANTED_EVERY = 9, 5, 14, 13, 4
SHARE_WITHOUT, SHARE_WITHOUT_UNMAPPED, SHARE_DONE, SHARE_SETTLED, SHARE_IN_GROUP = 0.06, 0.4, 0.82, 0.9, 0.6
AGREEMENTS = ((Agreement.AGREES, 74), (Agreement.WITH_COMMENT, 18), (Agreement.DISAGREES, 8))
OUTCOMES = ((ActivityOutcome.MET, 58), (ActivityOutcome.PARTLY, 27), (ActivityOutcome.NOT_MET, 15))
#: A plan is gone through within the setting's six months.
REVIEW_DAYS = (130, 178)
MOST_VERSIONS = 4
PUBLIC = (EmployerKind.DEPARTMENT, EmployerKind.MUNICIPAL_COMPANY, EmployerKind.OTHER_PUBLIC)


@transaction.atomic
def demo_plans_create() -> None:
    """Plan with those who are enrolled and have a coach, after what their mapping says. Twice is once."""
    if PlanVersion.objects.exists():
        return
    chance, today = random.Random("plans"), timezone.localdate()
    people = Enrolment.objects.filter(end=None, start__lte=today, coach__isnull=False)
    people = list(people.select_related("coach", "participant").order_by("-start", "pk")[:LATEST])
    placements: dict[int, list[Placement]] = {}
    held = Placement.objects.filter(enrolment__in=people).select_related("workplace__employer")
    for placement in held.order_by("start", "pk"):
        placements.setdefault(placement.enrolment_id, []).append(placement)
    reviewed = dict(
        FollowUp.objects.filter(enrolment__in=people, kind=FollowUpKind.PLAN_REVIEW, filed__isnull=False)
        .order_by("filed")
        .values_list("enrolment", "filed")
    )
    for number, enrolment in enumerate(people):
        _Planned(enrolment, placements.get(enrolment.pk, []), number, chance, today).live(reviewed.get(enrolment.pk))
    _date_back()


@dataclass
class _Planned:
    """The plan of one enrolment, as it goes on from day to day. The coach does everything."""

    enrolment: Enrolment
    placements: list[Placement]
    number: int
    chance: random.Random
    today: dt.date
    version: PlanVersion | None = None
    added: set[int] = field(default_factory=set)
    """The placements that stand in the plan, by key."""

    def live(self, reviewed: dt.date | None) -> None:
        """From the first version on. `reviewed`: the plan of the older system was gone through last on this day, and
        that is when the first one here was decided."""
        mapping = self.enrolment.mappings.filter(completed_on__isnull=False).order_by("completed_on").first()
        self.goals = goals_of(self.enrolment)
        self.road = roads.ROADS.get(self.goals[0].occupation.code if self.goals else "", roads.ROADS[""])
        day = reviewed or _working_day(
            (mapping.completed_on if mapping else self.enrolment.start) + self._days(4, 20 if mapping else 30)
        )
        if day > self.today:
            if mapping:
                self._draft(self.today, whole=False)
            return
        if self.chance.random() < (SHARE_WITHOUT if mapping else SHARE_WITHOUT_UNMAPPED):
            return
        month_ago = self.today - dt.timedelta(days=30)
        closes = self.number % CLOSED_EVERY == CLOSED_EVERY - 1 and day < month_ago
        self._go_on(day, month_ago if closes else self.today)
        if closes:
            self._close()
        elif self.number % DRAFT_EVERY == 0:
            self._draft(self.today, whole=True)

    def _go_on(self, day: dt.date, until: dt.date) -> None:
        """Version after version `until` a day, and times when the plan is gone through and stays as it is."""
        if self.number % REVIEW_EVERY == 2 and day < self.today - dt.timedelta(days=40):
            day = max(day, _working_day(self.today - self._days(110, 165)))
            late = self.number % (2 * REVIEW_EVERY) == 2
            near = self.today + (self._days(-9, -1) if late else self._days(1, 13))
            self._decide(day, min(near, months_after(day, 6)))
            self._what_happens(day, self.today)
            return
        versions = 0
        while day <= until:
            following = _working_day(day + self._days(35, 90))
            due = day + self._days(*REVIEW_DAYS)
            if versions == 0 or (versions < MOST_VERSIONS and (self._left_over(day) or self.chance.random() < 0.5)):
                self._decide(day, due, before=following)
                versions += 1
            elif review := open_review(self.enrolment):
                plan_review_hold(
                    review=review, actor=self.coach, held_on=day, said=self.chance.choice(roads.SAID), next_due=due
                )
            self._what_happens(day, min(following, self.today))
            day = following

    # ------------------------------------------------------------------ versions

    def _decide(self, day: dt.date, due: dt.date, before: dt.date | None = None) -> None:
        """A version of the day. The placements that begin before `before` stand in it."""
        draft = self._save(self._typed(day, due, before or self.today))
        self.version = plan_decide(
            enrolment=self.enrolment,
            actor=self.coach,
            number=draft.number,
            seen=draft.revision,
            content=content_of_version(draft),
        )

    def _draft(self, day: dt.date, *, whole: bool) -> None:
        """A version in the making; of the first one, what was said so far."""
        typed = self._typed(day, day + self._days(*REVIEW_DAYS), day)
        typed |= {"agreement": Agreement.NOT_ASKED.value, "agreement_way": "", "agreement_on": "", "decided_on": ""}
        typed |= {"agreement_comment": "", "decided_without": ""}
        if not whole:
            typed |= {"goal_on": "", "view": "", "milestones": typed["milestones"][:2], "activities": []}
        self._save(typed)

    def _save(self, typed: dict) -> PlanVersion:
        return plan_draft_save(enrolment=self.enrolment, author=self.coach, typed=typed, seen=0, window=self._key())

    def _typed(self, day: dt.date, due: dt.date, before: dt.date) -> dict:
        first = self.version is None
        if first:
            typed = dict.fromkeys(PLAN_FIELDS, "") | {"milestones": [], "activities": []}
            typed["goal_occupation"] = self.goals[0].occupation.told if self.goals else ""
        else:
            typed = draft_of(self.enrolment).typed
        agreement = self._likely(AGREEMENTS)
        if first or typed["goal_on"] < _iso(day):
            typed["goal_on"] = _iso(day + self._days(200, 330))
        typed |= {
            "goal": self.road.goal, "view": self.road.view, "decided_on": _iso(day), "review_on": _iso(due),
            "agreement": agreement.value, "agreement_way": self.chance.choice(AgreementWay.values),
            "agreement_on": _iso(day), "agreement_comment": "", "decided_without": "",
        }  # fmt: skip
        if agreement == Agreement.WITH_COMMENT:
            typed["agreement_comment"] = self.chance.choice(roads.COMMENTS)
        if agreement == Agreement.DISAGREES:
            typed["decided_without"] = self.chance.choice(roads.WHY_ALL_THE_SAME)
        typed["milestones"] = self._milestones(typed["milestones"], day, first=first)
        typed["activities"] = self._activities(typed["activities"], day, before, first=first)
        return typed

    def _milestones(self, rows: list[dict], day: dt.date, *, first: bool) -> list[dict]:
        """Of the first version those of the road; of a later one what is left, with new days, and one more."""
        if first:
            return [
                self._milestone(text, who, name, day + self._days(25, 50) + dt.timedelta(days=32 * place))
                for place, (text, who, name) in enumerate(self.road.milestones)
            ]
        done = set(self.enrolment.milestones.filter(done_on__isnull=False).values_list("public_id", flat=True))
        for row in rows:
            if uuid.UUID(row["key"]) not in done and row["due"] < _iso(day):
                row["due"] = _iso(_working_day(day + self._days(20, 60)))
        said = {row["text"] for row in rows}
        fresh = [each for each in roads.LATER if each[0] not in said]
        if fresh and len(rows) < 7:
            text, who = self.chance.choice(fresh)
            rows.append(self._milestone(text, who, "", day + self._days(40, 90)))
        return rows

    def _milestone(self, text: str, who: str, name: str, due: dt.date) -> dict:
        row = {"text": text, "due": _iso(_working_day(due)), "responsible": str(who), "responsible_name": name}
        return {"key": str(self._key()), **row}

    def _activities(self, rows: list[dict], day: dt.date, before: dt.date, *, first: bool) -> list[dict]:
        """What goes on, the road's own from the first version on, and each placement that begins soon."""
        rows = [row for row in rows if row["form"]]
        if first:
            end = day + self._days(70, 160) if self.chance.random() < 0.6 else None
            rows.append(self._activity(*self.road.activity, Need.PARTICIPANT, day + self._days(3, 14), end))
            group = roads.IN_GROUP[self.number % len(roads.IN_GROUP)]
            if group[0] != self.road.activity[0] and self.chance.random() < SHARE_IN_GROUP:
                rows.append(self._activity(*group, Need.PARTICIPANT, day + self._days(7, 21), None))
        if first and not self.placements and self.number % PLACE_WANTED_EVERY == 0:
            rows.append(self._activity(*roads.AT_A_WORKPLACE, Need.BOTH, day + dt.timedelta(days=21), None))
        for placement in self.placements:
            over = placement.end is not None and placement.end <= day
            if placement.pk not in self.added and placement.start < before and not over:
                self.added.add(placement.pk)
                rows.append(
                    self._activity(
                        _form_of(placement),
                        placement.purpose or "Pröva på arbete i en vanlig arbetsgrupp",
                        placement.expected_outcome or "Vet vilka arbetsuppgifter som passar",
                        self.chance.choice((Need.PARTICIPANT, Need.BOTH)),
                        placement.start,
                        placement.end,
                    )
                )
        return rows

    def _activity(
        self, form: str, purpose: str, expected: str, need: Need, start: dt.date, end: dt.date | None
    ) -> dict:
        row = {"form": form, "purpose": purpose, "expected_outcome": expected, "need": need.value}
        return {"key": str(self._key()), **row, "start": _iso(start), "end": _iso(end) if end else ""}

    # ------------------------------------------------------------------ what becomes of it

    def _what_happens(self, day: dt.date, until: dt.date) -> None:
        """Between two times when the plan is talked about: milestones are reached, activities end."""
        for words in self.version.milestones.filter(due__lt=until, milestone__done_on=None).select_related(
            "milestone"
        ):
            if self.chance.random() < SHARE_DONE:
                done = min(max(words.due - self._days(-4, 14), day), until)
                milestone_mark_done(
                    milestone=words.milestone,
                    actor=self.coach,
                    done_on=done,
                    evidence=self.chance.choice(roads.EVIDENCE),
                )
        for activity in decided_activities(self.enrolment):
            if activity.end is None or activity.end >= until or self.chance.random() > SHARE_SETTLED:
                continue
            if self.number % DROPPED_EVERY == 4 and activity.form_id == self.road.activity[0]:
                activity_drop(activity=activity, actor=self.coach, why=roads.WHY_DROPPED, booked=False)
                continue
            outcome = self._outcome(activity)
            activity_end(
                activity=activity,
                actor=self.coach,
                ended_on=activity.end,
                outcome=outcome,
                note=self.chance.choice(roads.OUTCOME_NOTES[outcome]),
                seen=seen_of(activity),
            )

    def _outcome(self, activity: Activity) -> str:
        """As the placement went, where the register says so."""
        said = [each.result for each in self.placements if each.result and _form_of(each) == activity.form_id
                and each.start == activity.start]  # fmt: skip
        return said[0] if said else self._likely(OUTCOMES).value

    def _left_over(self, day: dt.date) -> bool:
        """Whether something should have been reached, so that the plan has to be written anew."""
        return self.version.milestones.filter(due__lt=day, milestone__done_on=None).exists()

    def _close(self) -> None:
        day = max(self.version.decided_on, self.today - dt.timedelta(days=6))
        outcomes = {str(each.public_id): self._outcome(each) for each in decided_activities(self.enrolment)}
        plan_close(version=self.version, actor=self.coach, closed_on=day, note=roads.WHY_CLOSED, outcomes=outcomes)

    # ------------------------------------------------------------------ chance

    @property
    def coach(self) -> User:
        return self.enrolment.coach

    def _days(self, low: int, high: int) -> dt.timedelta:
        return dt.timedelta(days=self.chance.randint(low, high))

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def _likely(self, weights: tuple):
        values, shares = zip(*weights, strict=True)
        return self.chance.choices(values, shares)[0]


def _form_of(placement: Placement) -> str:
    """The form of activity that a placement is booked for."""
    if placement.form == PlacementForm.INTERNSHIP:
        return "internship_public" if placement.workplace.employer.kind in PUBLIC else "internship_private"
    return placement.form


def _date_back() -> None:
    """What was marked in the course of the demo was marked on its day: only what is of today can be undone."""
    milestones = list(Milestone.objects.filter(done_on__isnull=False))
    for milestone in milestones:
        milestone.done_at = _at(milestone.done_on)
    Milestone.objects.bulk_update(milestones, ["done_at"])
    activities = list(Activity.objects.filter(settled_at__isnull=False))
    for activity in activities:
        activity.settled_at = _at(activity.ended_on or activity.end or timezone.localdate())
    Activity.objects.bulk_update(activities, ["settled_at"])


def _at(day: dt.date) -> dt.datetime:
    return min(timezone.make_aware(dt.datetime.combine(day, dt.time(15, 10))), timezone.now())


def _iso(day: dt.date) -> str:
    return day.isoformat()


def _working_day(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
