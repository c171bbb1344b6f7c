"""Reading several things as they were at one moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from psycopg.errors import SerializationFailure

ATTEMPTS = 3

Done = TypeVar("Done")


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction in which everything is read as it was when the first thing was: figures that are counted in
    several queries agree with each other, whatever is registered meanwhile.

    Inside another transaction, which has begun reading already, that one's rules hold.
    """
    is_first = not connection.in_atomic_block
    with transaction.atomic():
        if is_first:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def at_one_moment(work: Callable[[], Done], attempts: int = ATTEMPTS) -> Done:
    """What `work()` returns, done in `one_moment`; begun again when a row it is to change was just changed."""
    try:
        with one_moment():
            return work()
    except OperationalError as error:
        disturbed = isinstance(error.__cause__, SerializationFailure) and not connection.in_atomic_block
        if not disturbed or attempts == 1:
            raise
    return at_one_moment(work, attempts - 1)
