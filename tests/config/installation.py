"""The services of docker-compose.yml without containers: their own commands, environment, secrets and health checks,
against a PostgreSQL and a Valkey that know nothing but what the files say."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import yaml

from config import embedded
from tests.config.conftest import until

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOT_ENV = {
    "ALLOWED_HOSTS": "jobb.example.se",
    "JOBBSPAR_ADDRESS": "https://jobb.example.se",
    "JOBBSPAR_TLS": "internal",
    "DEFAULT_FROM_EMAIL": "jobb@example.se",
}
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}")


def composed() -> dict:
    """The file as YAML, with nothing filled in."""
    return yaml.safe_load(COMPOSE.read_text())


def filled_in(value, given):
    """`value` with its ${…} replaced as compose does it. KeyError for one that must be given and is not."""
    if isinstance(value, dict):
        return {key: filled_in(each, given) for key, each in value.items()}
    if isinstance(value, list):
        return [filled_in(each, given) for each in value]
    if not isinstance(value, str):
        return value

    def one(match):
        if match[0] == "$$":
            return "$"
        name, kind, rest = match.groups()
        if not given.get(name) and kind == "?":
            raise KeyError(name)
        return given.get(name) or (rest if kind == "-" else "")

    return VARIABLE.sub(one, value)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


#: What a container has and this machine lacks: a client that sends lines and prints the answers.
VALKEY_CLI = """#!{python}
import socket, sys
with socket.create_connection(("127.0.0.1", {port}), 5) as server:
    server.sendall(sys.stdin.read().encode() + b"QUIT\\n")
    while found := server.recv(4096):
        sys.stdout.write(found.decode())
"""


class Installation:
    """Everything of docker-compose.yml on this machine, in one folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.services = filled_in(composed(), DOT_ENV)["services"]
        self.database_port, self.valkey_port = free_port(), free_port()
        self.processes = {}
        self.secrets = folder / "secrets"
        self.bin = folder / "bin"
        self.bin.mkdir()
        self._programs()

    def _programs(self):
        server = embedded.valkey.program()
        (self.bin / "valkey-server").write_text(f'#!/bin/sh\nexec {server} "$@" --port {self.valkey_port}\n')
        (self.bin / "valkey-cli").write_text(VALKEY_CLI.format(python=sys.executable, port=self.valkey_port))
        for program in self.bin.iterdir():
            program.chmod(0o755)

    # --- What a container sees --------------------------------------------------------------------------------

    def mounted(self, service: str) -> Path:
        """A folder with the secrets that this service lists, and no others."""
        folder = self.folder / f"run-{service}"
        if not folder.exists():
            folder.mkdir()
            for name in self.services[service].get("secrets", []):
                text = (self.secrets / name).read_text()
                text = text.replace("@db:5432", f"@127.0.0.1:{self.database_port}")
                (folder / name).write_text(text.replace("@valkey:6379", f"@127.0.0.1:{self.valkey_port}"))
        return folder

    def here(self, service: str, text: str) -> str:
        """A path in the container as one on this machine."""
        text = text.replace("/run/secrets", str(self.mounted(service)))
        for path in ("/var/lib/jobbspar", "/var/backups/jobbspar", "/tmp/password.conf"):
            ours = self.folder / path.strip("/").replace("/", "-")
            if not path.endswith(".conf"):
                ours.mkdir(exist_ok=True)
            text = text.replace(path, str(ours))
        return text

    def environment(self, service: str, **extra) -> dict:
        """What compose sets, what the image sets, and the way to the programs; nothing of this process."""
        given = {name: self.here(service, value) for name, value in self.services[service]["environment"].items()}
        programs = f"{self.bin}:{Path(sys.executable).parent}:{embedded.postgres.programs()}:/usr/bin:/bin"
        image = {
            "PATH": programs,
            "PYTHONUNBUFFERED": "1",
            "STATIC_ROOT": str(self.folder / "static"),
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
        }
        return image | given | {"PGPORT": str(self.database_port)} | extra

    def words(self, service: str, command=None) -> list[str]:
        wanted = self.services[service]["command"] if command is None else command
        wanted = [wanted] if isinstance(wanted, str) else wanted
        return [self.here(service, word) for word in [*self.services[service].get("entrypoint", []), *wanted]]

    def start(self, service: str, *options, name: str = "", **extra) -> subprocess.Popen:
        """Start the service's command; its messages are in `.log`."""
        name = name or service
        log = self.folder / f"{name}.log"
        process = subprocess.Popen(
            [*self.words(service), *options],
            cwd=ROOT,
            env=self.environment(service, **extra) if "environment" in self.services[service] else self._bare(),
            stdin=subprocess.DEVNULL,
            stdout=log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        process.log = log
        self.processes[name] = process
        return process

    def run(self, service: str, *command, **extra) -> subprocess.CompletedProcess:
        """Run the service's command, or another one, in its environment, to the end."""
        return subprocess.run(
            self.words(service, list(command) or None),
            cwd=ROOT,
            env=self.environment(service, **extra),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
        )

    def _bare(self) -> dict:
        return {"PATH": f"{self.bin}:/usr/bin:/bin"}

    def health(self, service: str, **extra) -> subprocess.CompletedProcess:
        """Make the service's health check once."""
        kind, *words = self.services[service]["healthcheck"]["test"]
        words = [self.here(service, word) for word in words]
        environment = (
            self.environment(service, **extra) if "environment" in self.services[service] else self._bare() | extra
        )
        command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)

    def until_healthy(self, service: str, **extra):
        until(lambda: self.health(service, **extra).returncode == 0)

    # --- The servers ------------------------------------------------------------------------------------------

    def make_secrets(self):
        subprocess.run([ROOT / "deploy/make-secrets", self.secrets], check=True, stdout=subprocess.DEVNULL)
        (self.secrets / "email_url").write_text("smtp://127.0.0.1:1\n")

    def start_database(self):
        """As the image does it: a new cluster with a superuser, then the script that makes the roles."""
        data = embedded._own_folder(self.folder / "database")
        password = self.folder / "database/superuser"
        shutil.copyfile(self.secrets / "postgres_password", password)
        password.chmod(0o644)
        cluster = data / "cluster"
        arguments = self.services["db"]["environment"]["POSTGRES_INITDB_ARGS"].split()
        made = embedded.postgres.run_program(
            "initdb", "-D", cluster, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={password}", *arguments
        )
        assert made.returncode == 0, made.stdout
        program, *options = self.services["db"]["command"]
        assert program == "postgres"
        options += [f"-p{self.database_port}", "-clisten_addresses=127.0.0.1", f"-cunix_socket_directories={data}"]
        pg_ctl = embedded.postgres.programs() / "pg_ctl"
        subprocess.run(
            [pg_ctl, "-w", "-D", cluster, "-l", data / "log", "-o", " ".join(options), "start"],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            **embedded._server_user(),
        )
        self.superuser = {
            "PGHOST": "127.0.0.1",
            "PGPASSWORD": (self.secrets / "postgres_password").read_text().strip(),
        }
        self.until_healthy("db")

    def stop_database(self):
        cluster = self.folder / "database/cluster"
        if cluster.exists():
            embedded.postgres.run_program("pg_ctl", "-w", "-D", cluster, "-m", "immediate", "stop")

    def make_roles(self) -> subprocess.CompletedProcess:
        return self.run("db", str(ROOT / "deploy/database-roles"), **self.superuser)

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.stop_database()
