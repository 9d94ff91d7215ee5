"""A city that ran on the first revision goes on with this program, and nothing of it is lost.

``filled_0001.json`` holds every row of both wings of a city that was carried with the program
of revision 0001 (commit 52a9524): a poll whose link is erased, one published, one cancelled,
two open with ballots on the board and in the inbox, a draft, and at least one row in every
other table.  Its keys were made from seeds, as ``keys_of_that_time`` makes them again.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import Connection, MetaData, Row, create_engine, inspect, pool, select, text

from mvote.core.canonical import b64u
from mvote.core.verify.beside import Beside
from mvote.core.verify.verification import verify_bundle
from mvote.db import METADATA, DatabaseFault
from mvote.operations.copied_databases import follow_numbers
from mvote.operations.database import _config, check_revisions, upgrade
from mvote.operations.held_keys import check_held
from mvote.operations.issuing import check_issuing
from mvote.settings import WINGS, Settings, Wing
from mvote.votes.polls import service as polls
from mvote.votes.results.service import get_bundle
from tests.databases import DatabaseUrls
from tests.operations.carried import APPROVER, SECOND, city

KEYS: Mapping[Wing, tuple[str, ...]] = {
    "people": ("identity", "issuer", "exchange"),
    "votes": ("board", "exchange"),
}


@cache
def filled() -> dict[str, Any]:
    raw = (Path(__file__).parent / "filled_0001.json").read_text()
    told: dict[str, Any] = json.loads(raw)
    return told


def seed(name: str) -> bytes:
    return hashlib.sha256(f"mvote test {name}".encode()).digest()


def keys_of_that_time(settings: Settings) -> None:
    for wing, names in KEYS.items():
        folder = settings.keys(wing)
        folder.mkdir(parents=True, mode=0o700)
        for name in names:
            key = Ed25519PrivateKey.from_private_bytes(seed(f"{wing} {name}"))
            pem = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            _write(folder / f"{name}.pem", pem)
    folder = settings.keys("people")
    _write(folder / "pepper", seed("pepper"))
    _write(folder / "key-encryption-key", b64u(seed("key-encryption-key")).encode())


def _write(path: Path, content: bytes) -> None:
    path.touch(0o600)
    path.write_bytes(content)


def _value(told: Any, kind: str) -> Any:
    if not isinstance(told, dict):
        return told
    if "hex" in told:
        return bytes.fromhex(told["hex"])
    if "day" in told:
        return date.fromisoformat(told["day"])
    at = datetime.fromisoformat(told["at"])
    return at.replace(tzinfo=None) if kind == "sqlite" else at


def fill(connection: Connection, wing: Wing) -> None:
    """The first tables with the rows of that time."""
    config = _config(wing)
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
    made = MetaData()
    made.reflect(connection)
    for table in made.sorted_tables:
        told = filled()["tables"][wing].get(table.name, [])
        assert told or table.name == "alembic_version", f"{wing}.{table.name} has no row"
        rows = [
            {key: _value(value, connection.dialect.name) for key, value in row.items()}
            for row in told
        ]
        if rows:
            connection.execute(table.insert(), rows)
        if connection.dialect.name == "postgresql":
            follow_numbers(connection, table)
    connection.commit()


@pytest.fixture
def old_city(empty_database_urls: DatabaseUrls, tmp_path: Path) -> Settings:
    """Databases of the first revision, filled."""
    settings = Settings(
        home=tmp_path / "home",
        people_database_url=empty_database_urls.people,
        votes_database_url=empty_database_urls.votes,
        sms_gateway=f"file:{tmp_path / 'sms.jsonl'}",
    )
    keys_of_that_time(settings)
    for wing in WINGS:
        engine = create_engine(settings.database_url(wing), poolclass=pool.NullPool)
        with engine.connect() as connection:
            fill(connection, wing)
    return settings


def rows_of(settings: Settings, wing: Wing) -> dict[str, list[Row[Any]]]:
    engine = create_engine(settings.database_url(wing), poolclass=pool.NullPool)
    with engine.connect() as connection:
        made = MetaData()
        made.reflect(connection)
        return {name: list(connection.execute(select(t))) for name, t in made.tables.items()}


def kept(before: Row[Any], rows: list[Row[Any]]) -> bool:
    """Whether a row is still there, with all that it said; it may say more."""
    said = before._mapping
    for row in rows:
        now = row._mapping
        if all(now[key] == value for key, value in said.items() if key in now):
            return True
    return False


def check_nothing_lost(
    before: Mapping[str, list[Row[Any]]], after: Mapping[str, list[Row[Any]]]
) -> None:
    for table, rows in before.items():
        if table != "alembic_version":
            assert len(after[table]) == len(rows), table
            assert [row for row in rows if not kept(row, after[table])] == [], table


def check_schema(settings: Settings, wing: Wing) -> None:
    """The tables are those of a new installation, also in what reflection does not see."""
    engine = create_engine(settings.database_url(wing), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA[wing]) == []
        for table in METADATA[wing].tables.values():
            checks = inspect(connection).get_check_constraints(table.name)
            wanted = {str(one.name) for one in table.constraints if _is_check(one)}
            assert {one["name"] for one in checks} == wanted, table.name
            if engine.dialect.name == "sqlite":
                query = text("SELECT sql FROM sqlite_master WHERE name = :name")
                spelled = str(connection.scalar(query, {"name": table.name}))
                without = not table.dialect_kwargs.get("sqlite_with_rowid", True)
                assert ("WITHOUT ROWID" in spelled) == without, table.name
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []


def _is_check(constraint: Any) -> bool:
    return type(constraint).__name__ == "CheckConstraint" and constraint.name is not None


def test_a_filled_city_is_brought_forward_and_goes_on(old_city: Settings) -> None:
    before = {wing: rows_of(old_city, wing) for wing in WINGS}
    upgrade(old_city, WINGS)
    for wing in WINGS:
        check_nothing_lost(before[wing], rows_of(old_city, wing))
        check_schema(old_city, wing)
    check_held(old_city, WINGS)
    check_issuing(old_city)
    named = filled()["polls"]
    with city(old_city) as town:
        check_what_was_published(town.app, named["published"])
        assert polls.get_purge_statement(named["erased"])
        town.now = datetime.now(UTC)
        for poll in (named["secret"], named["confidential"]):
            town.vote(poll, "somebody new")
            asked = polls.close_poll(poll, official=APPROVER, now=town.now)
            polls.close_poll(poll, official=SECOND, pending=asked.id, now=town.now)
        for _ in range(3):
            town.settle(timedelta(minutes=1))
        assert {polls.get_poll(poll).state for poll in named.values()} == {
            "published",
            "cancelled",
            "draft",
        }
        assert count_yes(town.app, named["secret"]) == 4
        assert count_yes(town.app, named["confidential"]) == 3


def count_yes(app: Flask, poll: str) -> int:
    told = app.test_client().get(f"/api/v1/polls/{poll}/result.csv").data.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(told, newline=""))
    return sum(int(row["votes"]) for row in rows if row["option"] == "yes")


def check_what_was_published(app: Flask, poll: str) -> None:
    """The old result is read as it was, and its bundle verifies."""
    assert app.test_client().get(f"/api/v1/polls/{poll}/result").status_code == 200
    assert count_yes(app, poll) == 3
    report = verify_bundle(get_bundle(poll), Beside())
    assert (report.status, report.voters) == (0, 4)


@pytest.mark.parametrize("empty_database_urls", ["sqlite"], indirect=True)
def test_a_database_from_the_future_is_left_alone(old_city: Settings) -> None:
    upgrade(old_city, WINGS)
    engine = create_engine(old_city.database_url("votes"), poolclass=pool.NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for use in (upgrade, check_revisions):
        with pytest.raises(DatabaseFault, match="a newer mvote has upgraded it"):
            use(old_city, WINGS)
