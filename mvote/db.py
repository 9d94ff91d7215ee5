"""Two databases, one a wing: typed tables, and transactions that touch one of them.

SQLite is the embedded default, PostgreSQL serves a city.  Engines belong to the
running Flask app (flask-sqlalchemy binds), so every call here needs its context.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    Integer,
    MetaData,
    Table,
    event,
    text,
)
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from mvote.core.errors import DatabaseUnavailable
from mvote.settings import WINGS, Settings, SettingsFault, Wing

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
CHECKPOINT_WAIT_MS = 1000
LOCK_WAIT_MS = 200
LOCK_NOT_AVAILABLE = "55P03"
Serial = BigInteger().with_variant(Integer, "sqlite")
"""A running number: SQLite counts by itself only in a column of its own kind."""
NO_ROWID: dict[str, Any] = {"sqlite_with_rowid": False}
"""For tables whose rows may not tell in which order they came: a rowid would."""

UNREACHABLE = (OperationalError, InterfaceError, TimeoutError)
"""The database is away, locked or full, or every connection to it is in use."""


class DatabaseFault(SettingsFault):
    """A database is missing, cannot be reached, or is not at this program's revision."""


class UtcDateTime(TypeDecorator[datetime]):
    """A time kept in UTC, always aware in Python; SQLite would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PeopleBase(DeclarativeBase):
    """Tables of the people wing."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}


class VotesBase(DeclarativeBase):
    """Tables of the votes wing."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}


METADATA: dict[Wing, MetaData] = {"people": PeopleBase.metadata, "votes": VotesBase.metadata}

engines = SQLAlchemy()
"""flask-sqlalchemy holds one engine a wing; the tables are ours because they are typed."""


def connect(app: Flask, settings: Settings, wings: tuple[Wing, ...]) -> None:
    """Give the app an engine for each wing it serves, and for no other."""
    app.config["SQLALCHEMY_BINDS"] = {w: _engine_options(settings, w) for w in wings}
    engines.init_app(app)
    with app.app_context():
        for wing in wings:
            prepare(engines.engines[wing], settings)


def _engine_options(settings: Settings, wing: Wing) -> dict[str, Any]:
    """What was bound to a statement stays out of errors, and so out of logs: it may be a ballot."""
    url = settings.database_url(wing)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        return {
            "url": url,
            "hide_parameters": True,
            "pool_timeout": settings.database_wait_seconds,
            "connect_args": {"timeout": settings.database_wait_seconds},
        }
    return {
        "url": url,
        "hide_parameters": True,
        "pool_size": settings.database_pool,
        "max_overflow": 8,
        "pool_timeout": settings.database_wait_seconds,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": settings.database_wait_seconds},
    }


def prepare(engine: Engine, settings: Settings) -> None:
    """Make SQLite durable, careful and concurrent; PostgreSQL is so by itself.

    ``isolation_level=None`` hands BEGIN to us: with the driver's own transactions
    concurrent updates are lost in silence.  ``secure_delete`` overwrites what is
    deleted, so that the file does not give back a deleted order of arrival.
    """
    event.listen(engine, "handle_error", _leave_out_the_row)
    if engine.dialect.name != "sqlite":
        return
    _turns[engine] = (Lock(), settings.database_wait_seconds)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (f"busy_timeout={settings.database_wait_seconds * 1000}", *PRAGMAS):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("writes", False):
            connection.exec_driver_sql("BEGIN")
            return
        level = "FULL" if options.get("durable", True) else "NORMAL"
        if connection.info.get("synchronous", "FULL") != level:
            connection.exec_driver_sql(f"PRAGMA synchronous={level}")
            connection.info["synchronous"] = level
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _leave_out_the_row(context: ExceptionContext) -> None:
    """PostgreSQL's detail quotes the row that is at fault, which stays out of errors too.

    What is left is its first line, in whatever language the server speaks.
    """
    error, told = context.original_exception, context.sqlalchemy_exception
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    if said:
        error.args = (said,)
        if told is not None:
            told.args = (f"({type(error).__name__}) {said}",)


@contextmanager
def transaction(wing: Wing, *, durable: bool = True) -> Iterator[Session]:
    """A writing transaction on one wing: commits at the end, or rolls back whole.

    One that is not ``durable`` does not wait for the disk: a power cut, though no crash
    of a process, may undo it together with what followed it without waiting.  That is for
    what a citizen simply does again, such as asking for a code.
    """
    plain = engines.engines[wing]
    engine = plain.execution_options(writes=True, durable=durable)
    with _turn(plain), _session(engine) as session, session.begin():
        if not durable and engine.dialect.name == "postgresql":
            session.connection().exec_driver_sql("SET LOCAL synchronous_commit TO off")
        yield session


_turns: WeakKeyDictionary[Engine, tuple[Lock, float]] = WeakKeyDictionary()


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Writers of one process queue for a SQLite file.

    It lets one writer in at a time, and the others knock at intervals: with thirty of
    them some waited for seconds at a file that stood idle meanwhile.
    """
    lock, seconds = _turns.get(engine, (None, 0.0))
    if lock is None:
        yield
        return
    if not lock.acquire(timeout=seconds):
        raise DatabaseUnavailable(retry_after=2)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def reading(wing: Wing) -> Iterator[Session]:
    """A transaction that only reads; on SQLite it blocks no writer."""
    with _session(engines.engines[wing]) as session:
        yield session
        session.rollback()


@contextmanager
def _session(engine: Engine) -> Iterator[Session]:
    try:
        with Session(engine, expire_on_commit=False, autoflush=True) as session:
            yield session
    except UNREACHABLE as error:
        raise DatabaseUnavailable(retry_after=2) from error


def engine(wing: Wing) -> Engine:
    """The engine of a wing that this process serves."""
    return engines.engines[wing]


def serves(wing: Wing) -> bool:
    """Whether this process holds the wing's database."""
    return wing in engines.engines


def database_now(session: Session) -> datetime:
    """The database's own clock, which decides when a poll is over."""
    if session.get_bind().dialect.name == "sqlite":
        spelled = session.execute(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(str(spelled)).replace(tzinfo=UTC)
    now: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC)


def hold_gate(session: Session, name: str, *, exclusive: bool) -> None:
    """Hold a named gate, shared or alone, until the transaction ends.

    Take it before any row is read: what was read earlier may be older than the gate.  On
    SQLite a writing transaction excludes every other from its first statement on, so it is
    begun here.
    """
    if session.connection().dialect.name != "postgresql":
        return
    kind = "" if exclusive else "_shared"
    lock = text(f"SELECT pg_advisory_xact_lock{kind}(hashtextextended(:gate, 0))")
    session.execute(lock, {"gate": name})


def write_anew(session: Session, table: Table, where: str, given: Mapping[str, Any]) -> int:
    """Write the rows that ``where`` names anew in the order of their keys; returns how many.

    Their places, and on PostgreSQL the transaction that wrote them, then tell no order of
    arrival.  The caller keeps everybody else from them meanwhile.
    """
    names = ", ".join(f'"{one.name}"' for one in table.columns)
    keys = ", ".join(f'"{one.name}"' for one in table.primary_key)
    of = f"FROM {table.name} WHERE {where}"
    back = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {{}} ORDER BY {keys}"
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        # At once without a temporary table, for which a role may lack the right.
        at_once = f"WITH gone AS (DELETE {of} RETURNING {names}) {back.format('gone')}"
        return _rows(session, at_once, given)
    _rows(session, f"CREATE TEMPORARY TABLE in_order AS SELECT {names} {of}", given)
    _rows(session, f"DELETE {of}", given)
    written = _rows(session, back.format("in_order"), {})
    _rows(session, "DROP TABLE in_order", {})
    return written


def _rows(session: Session, command: str, given: Mapping[str, Any]) -> int:
    """How many rows a command wrote."""
    return int(session.execute(text(command), given).rowcount)  # type: ignore[attr-defined]


def take_off_disk(wing: Wing, *tables: str, rewritten: Iterable[str] = ()) -> bool:
    """Take what was deleted from tables off the disk too, as far as the database lets us.

    SQLite: the write-ahead log still holds every insert, so it is written back and cut
    off.  PostgreSQL: the deleted rows still lie where they came to lie, so the tables are
    vacuumed.  That frees the room and leaves the bytes; tables in ``rewritten``, which
    should be small, are therefore copied to a new file.  False where one was in use.
    """
    if engine(wing).dialect.name == "sqlite":
        return _cut_log(engine(wing))
    with engine(wing).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM {table}")
        return all(_copied(connection, table) for table in rewritten)


def _copied(connection: Connection, table: str) -> bool:
    """Whether a table was written into a new file.

    Nobody else can use it meanwhile, and who comes later waits behind us while we wait, so
    we do not wait for long.
    """
    connection.exec_driver_sql(f"SET lock_timeout = {LOCK_WAIT_MS}")
    try:
        connection.exec_driver_sql(f"VACUUM (FULL) {table}")
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        return False
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
    return True


def _cut_log(engine: Engine) -> bool:
    """Whether the log was written back whole and cut to nothing.

    No BEGIN may stand before a checkpoint, so the connection is used bare; a reader
    that holds the log must not hold up the writers for long.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        waits = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={CHECKPOINT_WAIT_MS}")
        busy, left, _done = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={waits}")
        cursor.close()
    finally:
        connection.close()
    return bool(busy == 0 and left == 0)


def all_wings() -> tuple[Wing, ...]:
    """The wings that this process serves."""
    return tuple(wing for wing in WINGS if serves(wing))


def migrations(wing: Wing) -> Path:
    """The folder with a wing's migrations: inside the installed package, or in the checkout."""
    package = Path(__file__).parent
    installed = package / "_migrations" / wing
    return installed if installed.exists() else package.parent / "migrations" / wing


@cache
def newest_revision(wing: Wing) -> str:
    """The newest revision that this program knows.  Raises DatabaseFault."""
    from alembic.script import ScriptDirectory  # slow to load, and seldom needed

    found = ScriptDirectory(migrations(wing)).get_current_head()
    if found is None:
        raise DatabaseFault(f"the migrations of the {wing} wing are not installed")
    return found


def current_revision(wing: Wing, engine: Engine) -> str | None:
    """The revision of a wing's database; None where it has no tables.  Raises DatabaseFault."""
    from alembic.runtime.migration import MigrationContext

    name = engine.url.database
    if engine.dialect.name == "sqlite" and name and not Path(name).exists():
        return None
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise DatabaseFault(unusable(wing, error)) from None


def check_revision(wing: Wing, engine: Engine) -> None:
    """Whether a database is there and at the newest revision.  Raises DatabaseFault."""
    found = current_revision(wing, engine)
    if found is None:
        raise DatabaseFault(f"the {wing} database is empty; run `mvote db upgrade`")
    if found != newest_revision(wing):
        raise DatabaseFault(
            f"the {wing} database is at revision {found} and this program needs"
            f" {newest_revision(wing)}; run `mvote db upgrade` with the newest program"
        )


def unusable(wing: Wing, error: Exception) -> str:
    """Say which database cannot be used, and why, in one sentence."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()
    return (
        f"the {wing} database cannot be used (MVOTE_{wing.upper()}_DATABASE_URL):"
        f" {cause[0] if cause else type(error).__name__}"
    )
