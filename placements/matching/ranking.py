"""The order of the suggestions, worked out in the database: gate by gate, then wish by wish."""

import datetime as dt

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from participants.models import Activity, GoalOccupation, MappedLanguage, Mapping, MappingSection
from participants.models.mapping import MappingSectionKey, MappingState
from placements.matching.wishes import ORDER, Wishes
from placements.models import Place, PlaceLanguage, Placement
from placements.services.seats import full_on
from placements.training import is_trained
from vocabulary.codes import ActivityKind


def _first(condition) -> Case:
    """0 where the condition holds, 1 where it does not: what holds comes first."""
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())


def places_for(places: QuerySet[Place], wishes: Wishes, day: dt.date, today: dt.date) -> QuerySet[Place]:
    """The places that are offered on `day` or begin later, the most suitable first. Each has `is_led` (trained
    supervisor today) and `is_barred` (a level or a licence is missing)."""
    open_ones = places.filter(Q(end=None) | Q(end__gte=day), state="open")
    return open_ones.annotate(
        is_led=is_trained(today, "supervisor"),
        is_barred=Case(When(_barred(wishes), then=Value(True)), default=Value(False)),
    ).order_by(
        "is_barred",
        _first(Q(occupational_area__in=wishes.areas)) if wishes.areas else Value(0),
        _first(~Q(pk__in=full_on(day)) & Q(start__lte=day)),
        _first(Q(workplace__city__iexact=wishes.city)) if wishes.city else Value(0),
        _first(Q(is_led=True)),
        "title",
        "pk",
    )


def _barred(wishes: Wishes) -> Q:
    """That a place requires more than the person is known to have."""
    short = Q(pk__in=())
    for skill, levels in wishes.above().items():
        short |= Q(skill=skill, level__in=levels)
    barred = Q(Exists(PlaceLanguage.objects.filter(short, place=OuterRef("pk"))))
    if wishes.licences is not None:
        barred |= ~Q(licence="") & ~Q(licence__in=wishes.licences)
    return barred


def activities_for(activities: QuerySet[Activity], place: Place, today: dt.date) -> QuerySet[Activity]:
    """Decided activities at a workplace of cases that are open and have no placement today or later, the most
    suitable for the place first. `activities` are those of enrolments that the reader may see. Each has `is_barred`
    (a level or a licence is missing)."""
    held = Placement.objects.filter(Q(end=None) | Q(end__gte=today), enrolment=OuterRef("enrolment"))
    mapped = Mapping.objects.filter(enrolment=OuterRef("enrolment"), state=MappingState.COMPLETED)
    rows = activities.to_book().filter(form__kind=ActivityKind.WORKPLACE)
    rows = rows.filter(Q(enrolment__end=None) | Q(enrolment__end__gte=today)).exclude(Exists(held))
    rows = rows.annotate(mapping=Subquery(mapped.order_by("-completed_on", "-number").values("pk")[:1]))
    short = Q(pk__in=())
    for need in place.languages.all():
        short |= Q(skill=need.skill, level__in=ORDER[: ORDER.index(need.level)])
    aims = GoalOccupation.objects.filter(
        mapping=OuterRef("mapping"), occupation__in=place.occupational_area.occupations
    )
    barred = Q(Exists(MappedLanguage.objects.filter(short, mapping=OuterRef("mapping"))))
    if place.licence:
        asked = MappingSection.objects.filter(
            mapping=OuterRef("mapping"), key=MappingSectionKey.DRIVING, answers__has_key="licences"
        )
        asked = asked.exclude(answers__licences=None)
        barred |= Q(Exists(asked.exclude(answers__licences__contains=[place.licence])))
    return rows.annotate(
        is_barred=Case(When(barred, then=Value(True)), default=Value(False)),
        is_aimed=Exists(aims),
    ).order_by("is_barred", _first(Q(is_aimed=True)), F("start").asc(nulls_last=True), "created_at", "pk")
