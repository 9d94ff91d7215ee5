"""One database that is put back: filled beside what is there, ready to take its place."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, pool, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mvote.keys import KeyEncryption
from mvote.operations.copied_databases import (
    DATABASE,
    REVISIONS,
    TABLES,
    check_rows,
    check_sqlite,
    count_rows,
    read_postgresql,
)
from mvote.operations.copied_keys import CopiedKeys
from mvote.operations.copies import CopiedWing, CopyUnsound, Manifest, sync_file
from mvote.operations.database import open_engine, upgrade, upgrade_to
from mvote.operations.progress import counting
from mvote.people.permits.service import lock_restored, put_back_keys
from mvote.secret_files import sync_folder
from mvote.settings import Settings, SettingsFault, Wing
from mvote.upkeep.service import note_restored
from mvote.votes.polls.service import hold_restored

LOCK_WAIT_MS = 3000
NOTHING_OF_A_CITY = frozenset({REVISIONS, "noted_keys", "copies", "exchange_looks"})
"""Tables that a start fills by itself."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one wing is put.  ``schema`` is a place on PostgreSQL that goes again afterwards."""

    wing: Wing
    url: str
    schema: str = ""

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        found = make_url(self.url)
        return Path(found.database or "") if found.get_backend_name() == "sqlite" else None

    @classmethod
    def of(cls, settings: Settings, wing: Wing, copied: CopiedWing) -> "Target":
        """The installation's own.  Raises CopyUnsound for a copy from another engine."""
        made = cls(wing, settings.database_url(wing))
        engine = "sqlite" if made.path else "postgresql"
        if engine != copied.engine:
            raise CopyUnsound(
                f"MVOTE_{wing.upper()}_DATABASE_URL is {engine}, and the copy is of {copied.engine}"
            )
        return made

    @classmethod
    def to_check(cls, settings: Settings, wing: Wing, copied: CopiedWing, place: Path) -> "Target":
        """A place of its own: a file, or a schema of the installation's database."""
        if copied.engine == "sqlite":
            return cls(wing, f"sqlite:///{place.absolute() / wing}.db")
        return replace(cls.of(settings, wing, copied), schema=f"mvote_check_{token_hex(4)}")


@dataclass(frozen=True, slots=True)
class Restored:
    """A database that is ready; ``take_place`` makes it the one that is used."""

    wing: Wing
    revision: str
    held: Sequence[str]
    damaged: Sequence[str]
    take_place: Callable[[], None]


def is_filled(target: Target) -> bool:
    """Whether there is anything in the way.  A file that is no database counts as filled."""
    if target.path and not target.path.exists():
        return False
    engine = create_engine(target.url, poolclass=pool.NullPool)
    try:
        with engine.connect() as connection:
            names = set(inspect(connection).get_table_names()) - NOTHING_OF_A_CITY
            looks = (text(f'SELECT 1 FROM "{name}" LIMIT 1') for name in sorted(names))
            return any(connection.execute(look).first() for look in looks)
    except SQLAlchemyError:
        if target.path:
            return True
        raise


@contextmanager
def prepare(
    settings: Settings,
    folder: Path,
    manifest: Manifest,
    keys: CopiedKeys | None,
    target: Target,
) -> Iterator[Restored]:
    """Fill, bring forward, mark; what did not take its place is gone with the block.

    Raises CopyUnsound, SettingsFault, DatabaseFault, SQLAlchemyError.
    """
    ready = _sqlite if target.path else _postgresql
    with ready(settings, folder, manifest, keys, target) as restored:
        yield restored


@contextmanager
def _sqlite(
    settings: Settings,
    folder: Path,
    manifest: Manifest,
    keys: CopiedKeys | None,
    target: Target,
) -> Iterator[Restored]:
    assert target.path
    wing, copied = target.wing, manifest.wings[target.wing]
    target.path.parent.mkdir(parents=True, exist_ok=True)
    part = target.path.with_name(f".{target.path.name}.{token_hex(4)}")
    try:
        shutil.copyfile(folder / wing / DATABASE, part)
        part.chmod(0o600)
        engine = create_engine(f"sqlite:///{part.absolute()}", poolclass=pool.NullPool)
        with engine.connect() as connection:
            check_sqlite(connection, folder / wing / DATABASE)
            rows = count_rows(connection)
        check_rows(rows, copied.tables, folder)
        url = {f"{wing}_database_url": f"sqlite:///{part.absolute()}"}
        revision = upgrade(replace(settings, **url), [wing])[wing]  # type: ignore[arg-type]
        with engine.connect() as connection:
            held, damaged = _mark(settings, connection, manifest, keys, wing)
            connection.commit()
        sync_file(part)
        place = target.path
        yield Restored(wing, revision, held, damaged, lambda: _replace_file(part, place))
    finally:
        for left in part.parent.glob(f"{part.name}*"):
            left.unlink()


def _replace_file(part: Path, place: Path) -> None:
    for log in ("-wal", "-shm"):  # they belong to the old file
        place.with_name(place.name + log).unlink(missing_ok=True)
    os.replace(part, place)
    sync_folder(place.parent)


def require_unused(target: Target) -> None:
    """Nobody else has the file open: it can be taken out of its log.  Raises SettingsFault.

    On PostgreSQL the locks of the tables tell it.
    """
    place = target.path
    if place is None or not place.exists():
        return
    connection = sqlite3.connect(place, timeout=LOCK_WAIT_MS / 1000, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise SettingsFault(
                f"MVOTE_{target.wing.upper()}_DATABASE_URL: {place} is in use; stop mvote first"
            ) from None
    except sqlite3.DatabaseError:
        pass  # what is damaged is just what is to be replaced
    finally:
        connection.close()


@contextmanager
def _postgresql(
    settings: Settings,
    folder: Path,
    manifest: Manifest,
    keys: CopiedKeys | None,
    target: Target,
) -> Iterator[Restored]:
    """One transaction: whatever goes wrong, the database is as it was."""
    wing, copied = target.wing, manifest.wings[target.wing]
    with open_engine(settings, wing) as found, _in_schema(found, target) as connection:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_WAIT_MS}")
        _drop_all(connection)
        upgrade_to(connection, wing, copied.revision)
        label = f"tables of the {wing} wing"
        with counting(label, len(copied.tables)) as tell:
            read_postgresql(connection, folder / wing / TABLES, copied.tables, tell=tell)
        rows = count_rows(connection)
        check_rows(rows, copied.tables, folder)
        revision = upgrade_to(connection, wing, "head")
        held, damaged = _mark(settings, connection, manifest, keys, wing)
        yield Restored(wing, revision, held, damaged, connection.commit)


@contextmanager
def _in_schema(engine: Engine, target: Target) -> Iterator[Connection]:
    with engine.connect() as connection:
        if target.schema:
            connection.exec_driver_sql(f'CREATE SCHEMA "{target.schema}"')
            connection.exec_driver_sql(f'SET LOCAL search_path = "{target.schema}"')
        yield connection
        connection.rollback()  # what was not committed by then is not wanted


def _drop_all(connection: Connection) -> None:
    """The tables that lie there, and what belongs to them.

    Who uses one of them keeps us waiting, and not for long.
    """
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')


def _mark(
    settings: Settings,
    connection: Connection,
    manifest: Manifest,
    keys: CopiedKeys | None,
    wing: Wing,
) -> tuple[Sequence[str], Sequence[str]]:
    """Let every poll that is not over stand still; returns them, and those without a key."""
    now = datetime.now(UTC).replace(microsecond=0)
    damaged: Sequence[str] = []
    with Session(connection, join_transaction_mode="rollback_only") as session:
        note_restored(session, wing, made_at=manifest.made_at, now=now)
        if wing == "votes":
            held = hold_restored(session, now=now)
        else:
            held = lock_restored(session, now=now)
            if keys is not None:
                here = KeyEncryption.of(settings)
                copied = replace(here, given=keys.encryption) if keys.encryption else here
                damaged = put_back_keys(session, keys.polls, copied=copied, here=here)
        session.commit()
    return held, damaged
