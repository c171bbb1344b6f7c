"""What of a plan can be booked: for other apps, which book placements and places in groups."""

from django.db.models import QuerySet

from participants.models import Activity, Enrolment


def activities_to_book(enrolment: Enrolment) -> QuerySet[Activity]:
    """The activities of the enrolment for which something can be booked: decided, with a purpose and an expected
    outcome, and neither ended nor dropped. Nothing is booked without one."""
    return enrolment.activities.to_book().select_related("form")
