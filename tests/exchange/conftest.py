"""The real workers and the broker of the job drills, for loads."""

from tests.delivery.conftest import broker, workers

__all__ = ["broker", "workers"]
