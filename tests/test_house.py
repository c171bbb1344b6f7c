"""The house rules that a machine can check."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent


def run(*command):
    """Run a tool of the virtual environment in the project; fail with what it said."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def tool(name):
    return shutil.which(name, path=Path(sys.executable).parent)


def test_apps_import_only_from_the_floors_below():
    run(tool("lint-imports"), "--no-cache")


def test_every_app_has_a_floor():
    contract = (ROOT / "pyproject.toml").read_text().split("layers = [")[1]
    for app in ROOT.glob("*/apps.py"):
        assert f'"{app.parent.name}"' in contract


def test_the_code_follows_the_lint_rules():
    run(tool("ruff"), "check", "--no-cache", ".")


def test_the_code_is_formatted():
    run(tool("ruff"), "format", "--no-cache", "--check", ".")


@pytest.mark.django_db
def test_no_model_lacks_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_message_is_in_swedish():
    run(sys.executable, "scripts/messages", "check")


def test_lock_files_carry_hashes_and_no_address():
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_the_example_of_the_environment_names_every_variable():
    """Those of the settings, of the web server, and of docker-compose.yml; and no other."""
    code = "".join((ROOT / f"config/{name}.py").read_text() for name in ("settings", "embedded", "gunicorn", "alive"))
    read = re.findall(r'(?:env\.\w+\(|required\(|environ\.\w+\(|environ\[)\s*"([A-Z_]+)"', code)
    composed = (ROOT / "docker-compose.yml").read_text()
    read += re.findall(r"\$\{([A-Z_]+)", composed)
    read += re.findall(r"^ +([A-Z_]+)_FILE: /run/secrets/(?!postgres)", composed, re.MULTILINE)
    documented = re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(read) > 10
    assert sorted(set(read)) == sorted(documented)
