"""A PostgreSQL server of our own for the tests: Debian's programs, a Unix socket, no network."""

import itertools
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

START_SECONDS = 300
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "32MB",
    # The tests end with the machine's memory of them; only speed counts here.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
TRIES = 200
EMPTY = """
DO $$ DECLARE filled text; BEGIN
    SELECT string_agg(oid::regclass::text, ', ') INTO filled FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> ALL ({kept}) AND pg_relation_size(oid) > 0;
    IF filled IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || filled || ' RESTART IDENTITY CASCADE';
    END IF;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
END $$
"""
"""New, empty files for every table that has a page, and counting from the start again."""
STRUCTURE = """
SELECT md5(string_agg(line, '' ORDER BY line)) FROM (
    SELECT (oid, relname, relkind, relowner, relacl, reloptions, relrowsecurity)::text
        FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT one::text FROM pg_attribute AS one WHERE attrelid >= 16384
    UNION ALL SELECT one::text FROM pg_attrdef AS one
    UNION ALL SELECT one::text FROM pg_constraint AS one WHERE oid >= 16384
    UNION ALL SELECT one::text FROM pg_index AS one WHERE indrelid >= 16384
    UNION ALL SELECT one::text FROM pg_trigger AS one
    UNION ALL SELECT one::text FROM pg_proc AS one WHERE oid >= 16384
    UNION ALL SELECT one::text FROM pg_namespace AS one WHERE oid >= 16384
) AS lines (line)
"""
"""A digest of all that was defined in a database; a copy has that of its template."""


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
        with self.entered("postgres") as connection:
            connection.execute(command)

    def entered(self, name: str) -> psycopg.Connection:
        """A connection to a database as its administrator."""
        return psycopg.connect(
            host=str(self.folder),
            user="admin",
            password=self._passwords["admin"],
            dbname=name,
            autocommit=True,
        )

    def rename(self, name: str, to: str) -> None:
        """End everybody's connections to a database and leave nobody its address."""
        words = {"name": sql.Identifier(name), "to": sql.Identifier(to)}
        rename = sql.SQL("ALTER DATABASE {name} RENAME TO {to}").format(**words)
        with self.entered("postgres") as connection:
            for _ in range(TRIES):
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
                    " WHERE datname = %s",
                    (name,),
                )
                with suppress(psycopg.errors.ObjectInUse):  # somebody came again meanwhile
                    connection.execute(rename)
                    return
        raise RuntimeError(f"{name} is in use")


class Shelf:
    """Migrated, empty databases of one wing, of which tests borrow one after the other.

    To make a database, PostgreSQL copies 8 MB of its own, which takes longer than most
    tests.  So one that comes back is emptied and lent again, under a new name, that nothing
    left running by a test may find.  One in which more was changed than rows is dropped.
    """

    def __init__(self, cluster: Cluster, wing: str, template: str) -> None:
        self._cluster, self._wing, self._template = cluster, wing, template
        self._free: list[str] = []
        self._numbers = itertools.count(1)
        with cluster.entered(template) as connection:
            self._kept = self._filled(connection)
            self._blank = self._state(connection)

    def borrow(self) -> str:
        """The name of a database that is as the migrations leave it."""
        if self._free:
            return self._free.pop()
        name = self._next()
        self._cluster.create(self._wing, name, self._template)
        return name

    def give_back(self, name: str) -> None:
        again = self._next()
        self._cluster.rename(name, again)
        with self._cluster.entered(again) as connection:
            connection.execute("SET session_replication_role = replica")  # no trigger forbids it
            connection.execute(sql.SQL(EMPTY).format(kept=sql.Literal(self._kept)))
            blank = self._state(connection) == self._blank
        if blank:
            self._free.append(again)
        else:
            self._cluster.drop(again)

    def _next(self) -> str:
        return f"{self._wing}_{next(self._numbers)}"

    @staticmethod
    def _filled(connection: psycopg.Connection) -> list[str]:
        """The tables into which the migrations themselves put rows."""
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND pg_relation_size(oid) > 0"
        )
        return sorted(name for (name,) in rows)

    def _state(self, connection: psycopg.Connection) -> list[Any]:
        found = connection.execute(STRUCTURE).fetchall()
        for table in self._kept:
            rows = sql.SQL("SELECT one::text FROM {} AS one ORDER BY 1")
            found += connection.execute(rows.format(sql.Identifier(table))).fetchall()
        return found
