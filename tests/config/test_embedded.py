"""The launcher: servers are started on demand, shared, stopped by their last user, and survive every kill."""

import os
import signal

import psycopg
import pytest

from tests.config.conftest import until

USER = """
import sys
from config import embedded
embedded.postgres.acquire()
print(embedded.socket_dir(), flush=True)
sys.stdin.read()
"""


def user(folder):
    """A process that uses the server until its input is closed; `.socket_dir` is where the server listens."""
    process = folder.start("-c", USER)
    until(lambda: process.log.read_text().endswith("\n"))
    process.socket_dir = process.log.read_text().strip()
    return process


def leave(process):
    process.stdin.close()
    assert process.wait(30) == 0, process.log.read_text()


def ask(process, statement, role="jobbspar_owner"):
    with psycopg.connect(host=process.socket_dir, user=role, dbname="jobbspar", autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def postmaster(folder):
    return int((folder.path / "test/pg/postmaster.pid").read_text().split()[0])


@pytest.mark.deep
def test_a_command_alone_starts_the_server_and_stops_it(data_folder):
    result = data_folder.run("manage.py", "showmigrations", "accounts")
    assert result.returncode == 0, result.stderr
    assert "0001_initial" in result.stdout
    assert (data_folder.path / "test/pg/PG_VERSION").exists()
    assert not data_folder.processes()


@pytest.mark.deep
def test_a_command_that_needs_no_database_starts_nothing(data_folder):
    assert data_folder.run("manage.py", "version").returncode == 0
    assert not list(data_folder.path.iterdir())


@pytest.mark.deep
def test_users_share_one_server_and_the_last_one_stops_it(used_folder):
    first, second = user(used_folder), user(used_folder)
    server = postmaster(used_folder)
    leave(first)
    assert postmaster(used_folder) == server
    assert ask(second, "SELECT 1") == 1
    leave(second)
    assert not used_folder.processes()


@pytest.mark.deep
def test_users_who_come_at_once_share_one_server(data_folder):
    together = [data_folder.start("-c", USER) for _ in range(4)]
    until(lambda: all(process.log.read_text().endswith("\n") for process in together))
    for process in together:
        leave(process)
    assert not data_folder.processes()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_user_who_is_asked_to_end_stops_the_server(used_folder, ending):
    process = user(used_folder)
    process.send_signal(ending)
    process.wait(30)
    assert not used_folder.processes()


def test_a_killed_user_leaves_the_server_to_the_next_one(used_folder):
    killed = user(used_folder)
    killed.kill()
    killed.wait()
    assert used_folder.processes()
    leave(user(used_folder))
    assert not used_folder.processes()


def test_a_killed_server_comes_back_with_its_data(used_folder):
    process = user(used_folder)
    ask(process, "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    os.kill(postmaster(used_folder), signal.SIGKILL)
    another = user(used_folder)
    assert ask(another, "SELECT count(*) FROM kept") == 1000
    leave(process)
    leave(another)
    assert not used_folder.processes()


def test_everything_killed_comes_back_with_its_data(used_folder):
    process = user(used_folder)
    ask(process, "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    for pid in used_folder.processes():
        os.kill(pid, signal.SIGKILL)
    process.wait()
    until(lambda: not used_folder.processes())
    another = user(used_folder)
    assert ask(another, "SELECT count(*) FROM kept") == 1000


def test_a_number_left_by_a_crash_is_not_taken_for_the_server(used_folder):
    leave(user(used_folder))
    stale = used_folder.path / "test/pg/postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n")
    process = user(used_folder)
    assert ask(process, "SELECT 1") == 1


@pytest.mark.deep
def test_a_deep_folder_gets_its_sockets_elsewhere(data_folder):
    deep = data_folder.path / ("a-rather-long-name-" * 5)
    process = data_folder.start(
        "-c", USER.replace("import sys", f"import os, sys; os.environ['JOBBSPAR_DATA'] = {str(deep)!r}")
    )
    until(lambda: process.log.read_text().endswith("\n"))
    process.socket_dir = process.log.read_text().strip()
    assert len(process.socket_dir) < 90
    assert ask(process, "SELECT 1") == 1
    leave(process)


def test_the_roles_have_no_more_rights_than_they_need(used_folder):
    process = user(used_folder)
    rights = "SELECT rolsuper::text || rolcreatedb || rolcreaterole FROM pg_roles WHERE rolname = current_user"
    assert ask(process, rights, role="jobbspar_owner") == "falsetruefalse"
    assert ask(process, rights, role="jobbspar_app") == "falsefalsefalse"
    for extension in ("btree_gist", "pg_trgm"):
        ask(process, f"CREATE EXTENSION IF NOT EXISTS {extension}", role="jobbspar_owner")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(process, "CREATE TABLE planted (id int)", role="jobbspar_app")


@pytest.mark.deep
def test_reset_removes_the_data_but_not_under_a_user(used_folder):
    process = user(used_folder)
    kept_mail = used_folder.path / "test/mail"
    kept_mail.mkdir()
    refused = used_folder.run("manage.py", "reset", "--yes")
    assert refused.returncode == 1
    assert kept_mail.exists()
    assert "running" in refused.stderr
    assert "Traceback" not in refused.stderr
    leave(process)
    assert used_folder.run("manage.py", "reset", "--yes").returncode == 0
    assert not (used_folder.path / "test/pg").exists()
    assert not kept_mail.exists()
