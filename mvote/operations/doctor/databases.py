"""The database of a wing: its revision, its clock, what it is, and what of its secrets it opens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from mvote.db import DatabaseFault, check_revision, database_now
from mvote.operations.database import open_engine
from mvote.operations.doctor.finding import Finding
from mvote.operations.held_keys import check_held
from mvote.operations.issuing import check_issuing
from mvote.settings import Settings, SettingsFault, Wing

ANYONES = 0o004
ENTERED_BY_ANYONE = 0o001
POOLS = 3
"""At least so many processes keep connections: two of the server, one worker."""
HERE = ("localhost", "127.0.0.1", "::1")
POOL = "MVOTE_DATABASE_POOL"


def look_at_database(settings: Settings, wing: Wing) -> Iterator[Finding]:
    variable = f"MVOTE_{wing.upper()}_DATABASE_URL"
    try:
        with open_engine(settings, wing) as engine:
            check_revision(wing, engine)
            with Session(engine) as session:
                off = (database_now(session) - datetime.now(UTC)).total_seconds()
            kind = _sqlite if engine.dialect.name == "sqlite" else _postgresql
            found = list(kind(settings, wing, engine))
    except DatabaseFault as fault:
        yield Finding("bad", variable, str(fault), "run `mvote db upgrade`, or mend the address")
        return
    yield from _held(settings, wing)
    if wing == "people":
        yield from _issuing(settings)
    if abs(off) > settings.clock_off_seconds:
        yield Finding(
            "bad",
            variable,
            f"its clock is {off:.0f} seconds off this one",
            "let both hosts keep time by NTP: the database's clock ends a poll",
        )
    yield from found


def _held(settings: Settings, wing: Wing) -> Iterator[Finding]:
    try:
        check_held(settings, [wing])
    except SettingsFault as fault:
        setting, _, said = str(fault).partition(": ")
        if "chmod" not in said:  # look_at_keys tells of every such file
            do = "nothing is lost while they are away; put them back before anything is started"
            yield Finding("bad", setting, said, do)


def _issuing(settings: Settings) -> Iterator[Finding]:
    try:
        check_issuing(settings)
    except SettingsFault as fault:
        do = "restore the key-encryption key from its backup; nothing is lost while it is away"
        yield Finding("bad", "permits", str(fault), do)
    else:
        yield Finding("good", "permits", "can be signed, and the stored keys can be opened")


def _sqlite(_settings: Settings, wing: Wing, engine: Engine) -> Iterator[Finding]:
    variable = f"MVOTE_{wing.upper()}_DATABASE_URL"
    path = Path(engine.url.database or "")
    if path.stat().st_mode & ANYONES and path.parent.stat().st_mode & ENTERED_BY_ANYONE:
        said = f"everyone on this host may read {path}"
        yield Finding("look", variable, said, f"chmod 700 {path.parent}")
    yield Finding(
        "look",
        variable,
        "SQLite, at its newest revision: fine for trying out and for one small server",
        "for a city use PostgreSQL, one database and role for each wing",
    )


def _postgresql(settings: Settings, wing: Wing, engine: Engine) -> Iterator[Finding]:
    variable, seen = f"MVOTE_{wing.upper()}_DATABASE_URL", _Server.of(engine)
    if seen.is_away and not seen.encrypted:
        said = "the way to the database is not encrypted"
        yield Finding("bad", variable, said, "add ?sslmode=verify-full to its address")
    if seen.superuser:
        said = "its role may do anything on the server, read the other wing too"
        yield Finding("bad", variable, said, "give the wing a role of its own that owns its tables")
    if _is_shared(settings):
        said = "both wings use the same role or the same database"
        yield Finding("bad", variable, said, "give each wing a database and a role of its own")
    if seen.connections < POOLS * settings.database_pool:
        most = f"{POOLS} processes may want {POOLS * settings.database_pool}"
        said = f"the server allows {seen.connections} connections; {most}"
        yield Finding("look", variable, said, f"raise max_connections or lower {POOL}")
    if seen.archived and wing == "votes":
        said = "the server archives its log, from which the order of ballots can be read"
        yield Finding("look", variable, said, "keep archived logs for as short as your copies need")
    yield Finding("good", variable, f"PostgreSQL {seen.version}, at its newest revision")


@dataclass(frozen=True, slots=True)
class _Server:
    """What a PostgreSQL server says of itself and of this connection."""

    version: str
    connections: int
    superuser: bool
    archived: bool
    encrypted: bool
    is_away: bool

    @classmethod
    def of(cls, engine: Engine) -> "_Server":
        names = ("server_version", "max_connections", "is_superuser", "archive_mode")
        asked = ", ".join(f"current_setting('{name}')" for name in names)
        with engine.connect() as connection:
            version, most, superuser, archived = connection.execute(text(f"SELECT {asked}")).one()
            encrypted = connection.execute(
                text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            ).scalar()
        return cls(
            version=version,
            connections=int(most),
            superuser=superuser == "on",
            archived=archived != "off",
            encrypted=bool(encrypted),
            is_away=(engine.url.host or "localhost") not in HERE,
        )


def _is_shared(settings: Settings) -> bool:
    """Whether the two wings meet in a role or in a database, as far as the settings tell."""
    urls = (settings.people_database_url, settings.votes_database_url)
    try:
        people, votes = (make_url(url) for url in urls)
    except (ArgumentError, SQLAlchemyError):
        return False
    where = [(url.host, url.port, url.query.get("host")) for url in (people, votes)]
    if where[0] != where[1]:
        return False
    return people.username == votes.username or people.database == votes.database
