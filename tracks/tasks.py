"""What the worker is told to do by the schedule."""

from delivery.scheduled import scheduled_task
from tracks.members.ready import members_ready


@scheduled_task("tracks.members_ready")
def note_who_can_move_on() -> str:
    return members_ready()
