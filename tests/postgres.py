"""A PostgreSQL server of our own for the tests: Debian's programs, a Unix socket, no network."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

START_SECONDS = 120
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "32MB",
    # The tests end with the machine's memory of them; only speed counts here.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class Cluster:
    """A running server with one role a wing; each role has a password and its own databases."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # A socket's path may be 107 bytes long, too short for what TMPDIR may be.
        self.folder = Path(tempfile.mkdtemp(prefix="mvote-pg-", dir="/tmp"))
        self._passwords = {role: secrets.token_hex(16) for role in ("admin", "people", "votes")}
        self._log = self.folder / "log"
        self._as_owner: dict[str, Any] = {"cwd": self.folder}
        if os.getuid() == 0:  # the server refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as_owner |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        try:
            self._initialise()
            self._server = self._start()
            self._await()
        except BaseException:
            self.stop()
            raise
        for wing in ("people", "votes"):
            self._run(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(wing), sql.Literal(self._passwords[wing])
                )
            )

    def create(self, wing: str, name: str, template: str = "template1") -> str:
        """A new database that only its wing's role may enter; returns its SQLAlchemy address."""
        words = {"name": sql.Identifier(name), "wing": sql.Identifier(wing)}
        for command in (
            sql.SQL("CREATE DATABASE {name} OWNER {wing} TEMPLATE {template}"),
            sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC"),
        ):
            self._run(command.format(**words, template=sql.Identifier(template)))
        return self.url(wing, name)

    def drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, role: str, name: str) -> str:
        return f"postgresql+psycopg://{role}:{self._passwords[role]}@/{name}?host={self.folder}"

    def stop(self) -> None:
        server = getattr(self, "_server", None)
        if server is not None:
            server.send_signal(2)  # "fast": open connections are closed
            try:
                server.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initialise(self) -> None:
        password = self.folder / "password"
        password.write_text(self._passwords["admin"])
        os.chmod(password, 0o644)  # the folder around it is closed
        command = [self._programs / "initdb", "--pgdata", self.folder / "data"]
        command += ["--username=admin", f"--pwfile={password}", "--auth=scram-sha-256"]
        command += ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        made = subprocess.run(
            command, **self._as_owner, capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
        password.unlink()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "data")]
        for name, value in (SETTINGS | {"unix_socket_directories": str(self.folder)}).items():
            command += ["-c", f"{name}={value}"]
        with self._log.open("wb") as log:
            return subprocess.Popen(command, **self._as_owner, stdout=log, stderr=log)

    def _await(self) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._run(sql.SQL("SELECT 1"))
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"no server:\n{self._log.read_text()}") from None
            time.sleep(0.02)

    def _run(self, command: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(
            host=str(self.folder),
            user="admin",
            password=self._passwords["admin"],
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(command)
