"""The acceptance quarter in the database, loaded as a municipality would."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Unit
from exchange.demo.register import write_demo_register
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


@pytest.fixture
def full_register(transactional_db, tmp_path, capsys) -> None:
    """The invented municipality's register and nothing that is made of it, committed, so that workers see it."""
    write_demo_register(tmp_path, participants=300, seed=1, today=timezone.localdate(), coaches={})
    call_command("load_register", str(tmp_path))
    capsys.readouterr()
