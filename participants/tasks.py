"""What the worker is told to do by the schedule."""

from delivery.scheduled import scheduled_task
from participants.digest.services import digests_send


@scheduled_task("participants.send_daily_digests")
def send_daily_digests() -> str:
    return digests_send()
