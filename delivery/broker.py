"""Messages to the workers. The rows are the truth: what cannot be sent now, the schedule sends later."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# A request does not wait for a broker that is down or hangs.
SEND_OR_LEAVE = {"max_retries": 0, "connect_retries_timeout": 1, "socket_connect_timeout": 1, "socket_timeout": 2}


def task_send(task: str, *, key: int, **options) -> bool:
    """Tell a worker to run the task with the row's key; whether the broker took the message.

    `options` are those of Celery's `send_task` (countdown, time limits).
    """
    try:
        # A connection of its own: a pooled one would fail once after each restart of the broker.
        with current_app.connection_for_write(transport_options=SEND_OR_LEAVE) as connection_to_broker:
            current_app.send_task(task, args=[key], connection=connection_to_broker, retry=False, **options)
    except (OperationalError, OSError) as error:
        logger.warning("%s %s not sent, will be sent later (%s)", task, key, type(error).__name__)
        return False
    return True
