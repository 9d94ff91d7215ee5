"""``mvote backup``: a copy of this installation, its keys apart, checked by putting it back."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from shutil import disk_usage

import click
import psycopg
from sqlalchemy import Engine, create_engine, pool, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mvote.core.ids import new_id
from mvote.core.times import iso
from mvote.db import DatabaseFault, newest_revision
from mvote.operations.copied_databases import (
    DATABASE,
    TABLES,
    count_rows,
    leave_out,
    snapshot,
    tables_of,
    write_postgresql,
    write_sqlite,
)
from mvote.operations.copied_keys import collect_keys, spell_keys
from mvote.operations.copies import FOLDERS, CopiedWing, Manifest, copy_beside, finish, keys_beside
from mvote.operations.database import check_revisions
from mvote.operations.progress import counting
from mvote.operations.restore import check_copy
from mvote.operations.serve import side_option
from mvote.people.permits.service import LEFT_OUT, PollKeys, list_poll_keys
from mvote.secret_files import sync_folder, written_beside
from mvote.settings import Settings, SettingsFault, Wing, wings_of
from mvote.upkeep.service import note_copy

ORDER: tuple[Wing, ...] = ("votes", "people")
"""No ballot in a copy without its permit: what was cast before comes first."""
SPARE_BYTES = 10_000_000
MB = 1_000_000
"""Sizes are told in these: each ballot makes a copy larger, and logs keep what is printed."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@side_option
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(path_type=Path),
    help="The file of keys.  [default: FOLDER-keys.json]",
)
@click.option("--check", is_flag=True, help="Check a copy by putting it back into nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def backup(folder: Path, side: str, keys_file: Path | None, check: bool, as_json: bool) -> None:
    """Copy databases and what belongs to them into FOLDER, and the keys into a file apart.

    mvote may go on running.  Keep the file of keys in another place than the copy, and
    destroy it by the date that is printed: with it a copy opens who took which permit.

    \b
    Examples:
      mvote backup /backup/2026-06-01
      mvote backup /backup/2026-06-01 --keys /safe/2026-06-01.json
      mvote backup --check /backup/2026-06-01 --keys /safe/2026-06-01.json
    """
    settings = Settings.from_env()
    named, keys_file = keys_file, keys_file or keys_beside(folder)
    if check:
        given = keys_file if named or keys_file.exists() else None
        told = check_copy(settings, folder, given, wings=wings_of(side))
        said = f"{folder} is whole: it was put back, and every row was there"
        said += "" if given else "; the keys were not looked at"
    else:
        made = make_copy(settings, folder, keys_file, wings=wings_of(side))
        told = {"folder": str(folder), "keys": str(keys_file), **made.to_json()}
        del told["files"]
        for one in told["wings"].values():  # logs keep what is printed, and need no ballots counted
            del one["tables"]
        said = _said(made, folder, keys_file)
    click.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else said)


def _said(made: Manifest, folder: Path, keys_file: Path) -> str:
    size = sum(file.bytes for file in made.files.values())
    lines = [f"{folder}: {-(-size // MB):,} MB, made at {iso(made.made_at)}"]
    lines.append(f"{keys_file}: keep it in another place than the copy")
    if made.keys_destroy_by is not None:
        lines.append(f"  and destroy it by {iso(made.keys_destroy_by)}, on every disk")
    return "\n".join(lines)


def make_copy(
    settings: Settings, folder: Path, keys_file: Path, *, wings: Sequence[Wing]
) -> Manifest:
    """Write a copy whole or not at all.  Raises SettingsFault, DatabaseFault."""
    check_revisions(settings, wings)
    for path in (folder, keys_file):
        if path.exists():
            raise SettingsFault(f"{path} is there already; a copy needs a name of its own")
    part = folder.with_name(f".{folder.name}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        keys_file.parent.mkdir(parents=True, exist_ok=True)
        _check_room(settings, folder.parent, wings)
        with _nothing_half_left(part):
            return _write(settings, part, folder, keys_file, wings)
    except OSError as error:
        raise SettingsFault(
            f"no copy was made: {error.filename or part}: {error.strerror}"
        ) from None
    except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()
        raise DatabaseFault(f"no copy was made: {cause[0]}") from None


@contextmanager
def _nothing_half_left(part: Path) -> Iterator[None]:
    shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
    part.mkdir(mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(
    settings: Settings, part: Path, folder: Path, keys_file: Path, wings: Sequence[Wing]
) -> Manifest:
    made = Manifest(new_id(), datetime.now(UTC).replace(microsecond=0), version("mvote"))
    polls: Sequence[PollKeys] = []
    for wing in ORDER:
        if wing in wings:
            # First, for these files are never ahead of the database that they lie beside.
            copy_beside(settings.home / FOLDERS[wing], part / wing / FOLDERS[wing])
            polls = _write_wing(settings, wing, part / wing, made) or polls
    keys = collect_keys(settings, made, polls, wings=wings)
    spelled = spell_keys(keys)
    made.keys_sha256 = hashlib.sha256(spelled).hexdigest()
    made.keys_destroy_by, made.polls = keys.destroy_by, tuple(one.poll for one in polls)
    finish(part, made)
    keys_part = written_beside(keys_file, spelled)
    try:
        keys_part.replace(keys_file)
        sync_folder(keys_file.parent)
        part.rename(folder)
    except BaseException:  # also Ctrl-C: keys may not lie about without their copy
        keys_part.unlink(missing_ok=True)
        if not folder.exists():
            keys_file.unlink(missing_ok=True)
        raise
    sync_folder(folder.parent)
    return made


@contextmanager
def _engine(settings: Settings, wing: Wing) -> Iterator[Engine]:
    """What goes wrong while a copy is written need not be the database's fault."""
    made = create_engine(settings.database_url(wing), poolclass=pool.NullPool)
    try:
        yield made
    finally:
        made.dispose()


def _write_wing(settings: Settings, wing: Wing, target: Path, made: Manifest) -> list[PollKeys]:
    """The wing's tables; what has to lie apart is returned."""
    target.mkdir(mode=0o700, exist_ok=True)
    with _engine(settings, wing) as engine:
        with Session(engine) as session, session.begin():
            note_copy(session, wing, now=made.made_at)
        write = _write_sqlite if engine.dialect.name == "sqlite" else _write_postgresql
        copied, polls = write(engine, wing, target)
    made.wings[wing] = copied
    return polls


def _write_sqlite(engine: Engine, wing: Wing, target: Path) -> tuple[CopiedWing, list[PollKeys]]:
    path = target / DATABASE
    with counting(f"{wing} wing", 1) as tell:
        write_sqlite(engine, path)
        tell(1)
    path.chmod(0o600)
    written = create_engine(f"sqlite:///{path.absolute()}")
    with Session(written) as session:
        polls = list(list_poll_keys(session)) if wing == "people" else []
    written.dispose()
    if wing == "people":
        leave_out(path, LEFT_OUT)
    with written.connect() as connection:
        tables = count_rows(connection)
    written.dispose()
    return CopiedWing("sqlite", newest_revision(wing), tables), polls


def _write_postgresql(
    engine: Engine, wing: Wing, target: Path
) -> tuple[CopiedWing, list[PollKeys]]:
    without = LEFT_OUT if wing == "people" else {}
    label = f"tables of the {wing} wing"
    with snapshot(engine) as connection:
        tables = tables_of(connection)
        with counting(label, len(tables)) as tell:
            place = target / TABLES
            found = write_postgresql(connection, tables, place, without=without, tell=tell)
        with Session(connection) as session:
            polls = list(list_poll_keys(session)) if wing == "people" else []
    return CopiedWing("postgresql", newest_revision(wing), found), polls


def _check_room(settings: Settings, place: Path, wings: Sequence[Wing]) -> None:
    """Raises SettingsFault where the disk is too full for a copy."""
    needed = SPARE_BYTES + sum(_size(settings, wing) for wing in wings)
    free = disk_usage(place).free
    if free < needed:
        raise SettingsFault(
            f"a copy needs up to {needed:,} bytes, and {free:,} are free at {place.absolute()}"
        )


def _size(settings: Settings, wing: Wing) -> int:
    beside = settings.home / FOLDERS[wing]
    files = sum(path.stat().st_size for path in beside.glob("*") if path.is_file())
    with _engine(settings, wing) as engine:
        if engine.dialect.name == "sqlite":
            path = Path(engine.url.database or "")
            logs = path.with_name(f"{path.name}-wal")
            return files + sum(one.stat().st_size for one in (path, logs) if one.exists())
        with engine.connect() as connection:
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
            return files + int(size or 0)
