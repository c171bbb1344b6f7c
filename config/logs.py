"""Logs that can be read by a machine and carry no personal data.

One JSON object a line in production. A line names the request and the user's key, never a name, an address with its
values or a form's content. The message of an exception may quote what somebody typed ("Key (identity_number)=(…)
already exists"), so in production an error is logged as its type and the lines of code it went through.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Adds the request's id to each line, also to those of the libraries."""

    def filter(self, record):
        record.request_id = request_id.get()
        return True


def without_address(record: logging.LogRecord) -> str:
    """The message with the route in place of the address: an address holds ids, and a supervisor's whole key."""
    message = record.getMessage()
    request = getattr(record, "request", None)
    if path := getattr(request, "path", "").strip("/"):  # Django's own lines quote it
        message = message.replace(path, request.resolver_match.route if request.resolver_match else "…")
    return message


class ReadableFormatter(logging.Formatter):
    """Lines for a developer's terminal."""

    def formatMessage(self, record):
        record.message = without_address(record)
        return super().formatMessage(record)


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": self.message(record),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=False)

    def message(self, record) -> str:
        task = getattr(record, "data", None)
        if record.name == "celery.app.trace" and isinstance(task, dict):  # would quote the exception
            return f"task {task.get('name')} [{task.get('id')}] {record.levelname.lower()}"
        return without_address(record)
