import pytest
from django.db import ProgrammingError, connection, transaction

from config import roles

pytestmark = pytest.mark.django_db


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_tests_run_as_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("jobbspar_app", False, False)


def test_the_access_log_and_every_history_table_are_append_only():
    tables = roles.append_only_tables()
    assert "accounts_accesslogentry" in tables
    assert any(table.startswith("participants_") for table in tables)


@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_can_not_rewrite_the_access_log(act):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(act.format("accounts_accesslogentry"))


def test_the_application_can_not_rewrite_any_history():
    for table in roles.append_only_tables():
        if table == "accounts_accesslogentry":
            continue
        for act in ("UPDATE {} SET pgh_id = pgh_id", "DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                run(act.format(table))


def test_the_application_can_not_change_the_schema():
    with pytest.raises(ProgrammingError):
        run("CREATE TABLE planted (id int)")
    with pytest.raises(ProgrammingError, match="must be owner"):
        run("ALTER TABLE participants_participant DISABLE TRIGGER ALL")
