"""What may be written down about an error: its kind, never the values it names (a database error quotes
the row, and the row is about a person)."""


def name_of(error: BaseException) -> str:
    """The error's class, and for a database error its SQLSTATE and the constraint that was broken."""
    cause = error.__cause__
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    parts = [type(error).__name__, getattr(cause, "sqlstate", None), constraint]
    return " ".join(part for part in parts if part)


def storage_is_full(error: BaseException) -> bool:
    """Whether the database had no room for what was to be stored (SQLSTATE 53100, disk full)."""
    return getattr(error.__cause__, "sqlstate", None) == "53100"
