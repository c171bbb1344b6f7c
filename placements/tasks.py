"""What the worker is told to do by the schedule."""

from delivery.scheduled import scheduled_task
from placements.following.planning import followups_set
from placements.following.reminders import supervisors_remind


@scheduled_task("placements.set_followups")
def set_followups() -> str:
    return followups_set()


@scheduled_task("placements.remind_supervisors")
def remind_supervisors() -> str:
    return supervisors_remind()
