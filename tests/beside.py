"""Two who do something at the same moment: the other on a real connection of its own, which waits for the first."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections


@pytest.fixture
def beside():
    """Runs something on a connection of its own: `beside(function, …)` gives its future. For tests that commit."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit
        pool.submit(connections.close_all).result()


def wait_until_somebody_waits() -> None:
    """Until somebody waits for what the caller's transaction holds."""
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
