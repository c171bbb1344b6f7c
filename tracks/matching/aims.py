"""What participants aim for, as far as a track can be matched with it."""

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from participants.models import Enrolment, GoalOccupation, Mapping, PlanVersion
from participants.models.mapping import MappingState
from participants.models.plan import PlanState
from vocabulary.models import Occupation, OccupationalArea


def areas() -> list[frozenset[str]]:
    """The occupational areas, each as the codes of its occupations."""
    return [frozenset(codes) for codes in OccupationalArea.objects.values_list("occupations", flat=True)]


def near(occupation: Occupation | None, among: list[frozenset[str]]) -> frozenset[str]:
    """The codes of the occupations that share an occupational area with this one, itself among them; none without
    an occupation."""
    if occupation is None:
        return frozenset()
    return frozenset({occupation.pk}).union(*(codes for codes in among if occupation.pk in codes))


def aims_of(case: Enrolment) -> frozenset[str]:
    """The codes of the occupations that the plan and the latest completed mapping of the case aim for."""
    plans = PlanVersion.objects.filter(enrolment=case, state=PlanState.DECIDED).exclude(goal_occupation=None)
    goals = GoalOccupation.objects.filter(mapping=_latest_mapping(case.pk)).exclude(occupation=None)
    found = {*plans.values_list("goal_occupation", flat=True), *goals.values_list("occupation", flat=True)}
    return frozenset(found)


def aiming_for(cases: QuerySet[Enrolment], occupations: frozenset[str]) -> QuerySet[Enrolment]:
    """The cases with `has_aims`: whether the plan or the latest completed mapping aims for an occupation at all, and
    `is_aimed`: for one of these."""
    plans = PlanVersion.objects.filter(enrolment=OuterRef("pk"), state=PlanState.DECIDED)
    plans = plans.exclude(goal_occupation=None)
    goals = GoalOccupation.objects.filter(mapping=_latest_mapping(OuterRef(OuterRef("pk")))).exclude(occupation=None)
    return cases.annotate(
        has_aims=Exists(plans) | Exists(goals),
        is_aimed=Exists(plans.filter(goal_occupation__in=occupations))
        | Exists(goals.filter(occupation__in=occupations)),
    )


def _latest_mapping(case) -> Subquery:
    rows = Mapping.objects.filter(enrolment=case, state=MappingState.COMPLETED)
    return Subquery(rows.order_by("-completed_on", "-number").values("pk")[:1])
