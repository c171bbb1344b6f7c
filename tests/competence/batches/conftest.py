import pytest


@pytest.fixture(autouse=True)
def calm_heart(settings):
    """A heartbeat on a connection of its own sees nothing of a test's transaction, and would take its worker for
    dead: it does not beat here, however long the machine takes. Workers that are started beat as they are told."""
    settings.JOB_HEARTBEAT_SECONDS = 600
