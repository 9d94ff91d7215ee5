"""Who voted when cannot be read back from what lies on the disk (secrecy.md, section 7).

The attacker knows in which order the voters came (he watched the door, or has the web
log of the other side) and reads the database with everything that its files tell.  His
attack is proved on a copy that keeps the order before it is tried on the board.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from mvote.core.secrecy.ballot import leaf_of
from mvote.db import METADATA, engine, reading
from mvote.installation import installation
from mvote.settings import WINGS
from mvote.votes.ballots import service as ballots
from tests.votes import carrying
from tests.votes.ballots.booth import Booth, engine_name

BATCHES, VOTERS = 3, 70
AT_CHANCE = 15
"""A random order puts one voter of each batch in his own place on average; 15 is out of reach."""


class Arrivals:
    """Casts ballots one by one and remembers in which order."""

    def __init__(self, booth: Booth) -> None:
        self.booth = booth
        self.leaves: list[bytes] = []

    def come(self, count: int) -> None:
        for _ in range(count):
            ballot = self.booth.ballot(f"voter {len(self.leaves)}")
            assert self.booth.cast(ballot).status_code == 201
            self.leaves.append(leaf_of(ballot))

    def recovered(self, order: Sequence[bytes]) -> int:
        """How many voters stand at the place at which they came."""
        assert sorted(order) == sorted(self.leaves)
        return sum(a == b for a, b in zip(self.leaves, order, strict=True))

    def seal(self) -> None:
        with self.booth.app.app_context():
            later = carrying.now() + (1 + len(self.leaves)) * timedelta(hours=1)
            assert ballots.seal_batches(later) == 1


@pytest.fixture
def arrivals(booth: Booth) -> Arrivals:
    return Arrivals(booth)


def _run(app: Flask, command: str) -> list[Any]:
    with app.app_context(), engine("votes").begin() as connection:
        result = connection.execute(text(command))
        return list(result) if result.returns_rows else []


def _order(app: Flask, table: str, by: str) -> list[bytes]:
    kind = " WHERE kind = 'ballot'" if table == "board_entries" else ""
    return [bytes(leaf) for (leaf,) in _run(app, f"SELECT leaf FROM {table}{kind} ORDER BY {by}")]


def _keep_a_copy_in_order(app: Flask) -> None:
    """The inbox as it would be without our care: rows lie in the order in which they came."""
    _run(app, "CREATE TABLE copy (leaf BLOB)" if _sqlite(app) else "CREATE TABLE copy (leaf BYTEA)")
    if _sqlite(app):
        _run(
            app,
            "CREATE TRIGGER keep AFTER INSERT ON ballot_inbox"
            " BEGIN INSERT INTO copy VALUES (NEW.leaf); END",
        )
        return
    _run(
        app,
        "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN INSERT INTO copy VALUES (NEW.leaf); RETURN NEW; END'",
    )
    _run(
        app,
        "CREATE TRIGGER keep AFTER INSERT ON ballot_inbox FOR EACH ROW EXECUTE FUNCTION keep()",
    )


def _sqlite(app: Flask) -> bool:
    return engine_name(app) == "sqlite"


def test_no_row_tells_when_its_ballot_came(arrivals: Arrivals) -> None:
    app = arrivals.booth.app
    _keep_a_copy_in_order(app)
    for _ in range(BATCHES):
        arrivals.come(VOTERS)
        arrivals.seal()
    by = "rowid" if _sqlite(app) else "xmin::text::bigint"
    assert arrivals.recovered(_order(app, "copy", by)) == BATCHES * VOTERS
    if not _sqlite(app):
        assert arrivals.recovered(_order(app, "copy", "ctid")) > 3 * AT_CHANCE
    places = ["position"] if _sqlite(app) else ["ctid", "xmin::text::bigint, ctid", "position"]
    for by in places:
        assert arrivals.recovered(_order(app, "board_entries", by)) <= AT_CHANCE, by
    [(tile,)] = _run(app, "SELECT data FROM board_tiles WHERE level = 0 AND number = 0")
    hashes = [bytes(tile)[at : at + 32] for at in range(0, len(tile), 32)]
    assert arrivals.recovered(hashes[1:]) <= AT_CHANCE, "the tree knows no more than the board"
    assert _run(app, "SELECT count(*) FROM ballot_inbox") == [(0,)]


def test_no_table_holds_a_time_or_a_number_of_arrival(arrivals: Arrivals) -> None:
    """Not the log either: it grows by what happens to polls, not by ballots."""
    app = arrivals.booth.app
    before = _everything(app)
    arrivals.come(15)
    with app.test_client() as http:  # what a phone sends badly or asks leaves nothing either
        for _ in range(3):
            path = f"/api/v1/polls/{arrivals.booth.poll}"
            assert http.post(f"{path}/ballots", json={"v": 1}).status_code == 422
            assert http.get(f"{path}/turnout").status_code == 200
    arrivals.come(15)
    after = _everything(app)
    assert {name for name in before if after[name] != before[name]} == {"votes.ballot_inbox"}
    for table in ("ballot_inbox", "board_entries"):
        if _sqlite(app):
            [(spelled,)] = _run(app, f"SELECT sql FROM sqlite_master WHERE name = '{table}'")
            assert "WITHOUT ROWID" in spelled
        columns = set(_run(app, f"SELECT * FROM {table} LIMIT 1")[0]._fields)
        assert columns <= {"poll", "position", "kind", "leaf", "voter_key", "seq", "body"}
    for (body,) in _run(app, "SELECT body FROM ballot_inbox"):
        assert json.loads(body).keys() == {"v", "poll", "ph", "seq", "nonce", "ans", "permit"}


def _everything(app: Flask) -> dict[str, list[str]]:
    """Every row of both wings, and what lies in the home, but the databases themselves."""
    with app.app_context():
        home = installation().settings.home
    files = sorted(path for path in home.rglob("*") if path.is_file())
    found = {"files": [f"{path} {path.stat().st_size}" for path in files]}
    for wing in WINGS:
        with app.app_context(), reading(wing) as session:
            for table in METADATA[wing].sorted_tables:
                rows = session.execute(select(table))
                found[f"{wing}.{table.name}"] = sorted(map(repr, rows))
    return found


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_the_files_of_sqlite_do_not_give_the_order_back(arrivals: Arrivals, tmp_path: Path) -> None:
    """The write-ahead log holds every insert in its order until it is cut off."""
    database, wal = tmp_path / "votes.db", tmp_path / "votes.db-wal"
    for turn in range(BATCHES):
        arrivals.come(VOTERS)
        mine = Arrivals(arrivals.booth)
        mine.leaves = arrivals.leaves[-VOTERS:]
        assert mine.recovered(_by_first_place(wal, mine.leaves)) == VOTERS, turn
        arrivals.seal()
        assert wal.stat().st_size == 0
    order = _by_first_place(database, arrivals.leaves)
    assert arrivals.recovered(order) <= AT_CHANCE
    raw = database.read_bytes()
    assert all(raw.count(leaf) <= 3 for leaf in arrivals.leaves), "nothing deleted is left behind"


def _by_first_place(path: Path, leaves: Sequence[bytes]) -> list[bytes]:
    raw = path.read_bytes()
    assert all(leaf in raw for leaf in leaves)
    return sorted(leaves, key=raw.index)


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_reader_that_holds_the_log_is_told_of_and_the_next_round_cuts_it(
    arrivals: Arrivals, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app, wal = arrivals.booth.app, tmp_path / "votes.db-wal"
    arrivals.come(20)
    with app.app_context(), engine("votes").connect() as reader:
        reader.execute(text("SELECT count(*) FROM ballot_inbox")).all()
        arrivals.seal()
        assert wal.stat().st_size > 0
    assert "write-ahead log" in caplog.text
    with app.app_context():
        ballots.seal_batches(carrying.now())
    assert wal.stat().st_size == 0


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_the_deleted_rows_of_the_inbox_are_gone_from_its_pages(arrivals: Arrivals) -> None:
    app = arrivals.booth.app
    arrivals.come(40)
    [(before,)] = _run(app, "SELECT pg_relation_size('ballot_inbox')")
    arrivals.seal()
    [(after,)] = _run(app, "SELECT pg_relation_size('ballot_inbox')")
    assert before > 0
    assert after == 0
