"""What may be written down about an error: where it happened and of which kind, never the values it
names (a database error quotes the row, and the row is about a person)."""

import traceback


def name_of(error: BaseException) -> str:
    """The error's class, and for a database error its SQLSTATE and the constraint that was broken."""
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    parts = [type(error).__name__, getattr(cause, "sqlstate", None), getattr(diagnosis, "constraint_name", None)]
    return " ".join(part for part in parts if part)


def frames(error: BaseException) -> list[str]:
    """The call stack at the error, as file:line function, the outermost first."""
    stack = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in stack]
