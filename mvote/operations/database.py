"""Bring the databases to the newest revision, and say whether they are there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, pool
from sqlalchemy.exc import SQLAlchemyError

from mvote.db import (
    METADATA,
    DatabaseFault,
    check_revision,
    current_revision,
    migrations,
    newest_revision,
    unusable,
)
from mvote.settings import Settings, Wing


def upgrade(settings: Settings, wings: Iterable[Wing]) -> dict[Wing, str]:
    """Migrate each wing's database to the newest revision, and return it.  Raises DatabaseFault."""
    done: dict[Wing, str] = {}
    for wing in wings:
        url = settings.database_url(wing)
        if url.startswith("sqlite:///"):
            folder = Path(url.removeprefix("sqlite:///")).parent
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open_engine(settings, wing) as engine, engine.connect() as connection:
            _refuse_from_the_future(wing, engine)
            done[wing] = upgrade_to(connection, wing, "head")
            connection.commit()
    return done


def upgrade_to(connection: Connection, wing: Wing, target: str) -> str:
    """Migrate the database of an open connection, in its transaction where it is in one.

    ``target`` is a revision or ``head``; returns the revision.
    """
    config = _config(wing)
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    return newest_revision(wing) if target == "head" else target


def knows_revision(wing: Wing, revision: str) -> bool:
    """Whether this program has the migration that made a revision."""
    return any(one.revision == revision for one in _script(wing).walk_revisions())


def restoring_mark(settings: Settings) -> Path:
    """The file that is there while a copy takes the place of the databases."""
    return settings.home / "restoring"


def _refuse_from_the_future(wing: Wing, engine: Engine) -> None:
    found = current_revision(wing, engine)
    if found is not None and not knows_revision(wing, found):
        raise DatabaseFault(
            f"the {wing} database is at revision {found}, which this program does not know: a"
            " newer mvote has upgraded it; use that one"
        )


@cache
def _script(wing: Wing) -> ScriptDirectory:
    return ScriptDirectory(str(migrations(wing)))


def revision(settings: Settings, wing: Wing) -> str | None:
    """The revision of a wing's database; None where it has no tables.  Raises DatabaseFault."""
    with open_engine(settings, wing) as engine:
        return current_revision(wing, engine)


def check_revisions(settings: Settings, wings: Iterable[Wing]) -> None:
    """Whether each wing's database is whole and at the newest revision.  Raises DatabaseFault."""
    if restoring_mark(settings).exists():
        raise DatabaseFault(
            f"{restoring_mark(settings)} is there: `mvote restore` was interrupted; run it again"
        )
    for wing in wings:
        with open_engine(settings, wing) as engine:
            _refuse_from_the_future(wing, engine)
            check_revision(wing, engine)


def migrate(wing: Wing) -> None:
    """What ``migrations/<wing>/env.py`` runs.

    SQLite alters a table by copying it; with foreign keys on, dropping the old
    table deletes the rows that refer to it, in silence.  So they are off during
    the migration and checked behind it.
    """
    connection: Connection = context.config.attributes["connection"]
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=METADATA[wing],
        render_as_batch=sqlite,
        compare_type=True,
        render_item=_render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
    if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise DatabaseFault(f"a migration of the {wing} database broke a reference between rows")


def _render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Spell our own column types in generated migrations."""
    if kind == "type" and type(item).__module__ == "mvote.db":
        autogen_context.imports.add("import mvote.db")
        return f"mvote.db.{type(item).__name__}()"
    return False


def _config(wing: Wing) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations(wing)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def open_engine(settings: Settings, wing: Wing) -> Iterator[Engine]:
    """An engine without a pool; what goes wrong is told as a DatabaseFault."""
    try:
        made = _plain_engine(settings, wing)
        try:
            yield made
        finally:
            made.dispose()
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseFault(unusable(wing, error)) from None


def _plain_engine(settings: Settings, wing: Wing) -> Engine:
    return create_engine(settings.database_url(wing), poolclass=pool.NullPool)
