"""The acceptance quarter in the database, loaded as a municipality would."""

import pytest
from django.core.management import call_command

from accounts.models import Unit
from tests.delivery.conftest import broker, workers
from tests.register import UNIT, write_register

__all__ = ["acceptance_quarter", "broker", "workers"]  # the real workers of the job drills, for reports


@pytest.fixture
def acceptance_quarter(db, tmp_path, capsys) -> Unit:
    """Björkåkra's first quarter of 2026, loaded from the register of the acceptance cases; its one unit."""
    write_register(tmp_path)
    call_command("load_register", str(tmp_path))
    capsys.readouterr()
    return Unit.objects.get(code=UNIT)
