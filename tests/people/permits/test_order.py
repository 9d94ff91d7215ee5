"""Who took a permit when cannot be read back from what lies on the disk (secrecy.md, section 7).

The attacker has the poll's pepper and so knows whose row is whose.  He reads the rows in
every order that the database and its files tell.  His attack is proved on rows that lie as
they came before it is tried on rows that were written anew.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from mvote.core.ids import new_id
from mvote.core.secrecy.permit import voter_ref
from mvote.db import engine, reading, take_off_disk, transaction
from mvote.people.identity.tables import AccountRow
from mvote.people.permits.rules import Asked
from mvote.people.permits.service import issue_permit, order, order_due, tidy
from mvote.people.permits.tables import PollRow
from mvote.settings import Settings
from tests.people.permits.conftest import VotesWing

HOURS, CITIZENS = 3, 70
AT_CHANCE = 0.4
"""A correlation that 200 rows in a random order do not reach once in a hundred million times."""

only_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)


@dataclass
class Queue:
    """Citizens who take a permit one after the other; remembers in which order."""

    poll: str
    now: datetime
    refs: list[bytes] = field(default_factory=list)

    def come(self, count: int) -> None:
        with reading("people") as session:
            pepper = session.scalars(select(PollRow.pepper).where(PollRow.id == self.poll)).one()
        assert pepper is not None
        for _ in range(count):
            mac = hashlib.sha256(str(len(self.refs)).encode()).digest()
            account = new_id()
            with transaction("people") as session:
                session.add(AccountRow(id=account, number_mac=mac))
            issue_permit(self.poll, account=account, proof="sms", asked=Asked(), now=self.now)
            self.refs.append(voter_ref(pepper, mac))

    def order(self) -> int:
        self.now += timedelta(hours=1)
        return order_due(now=self.now)

    def rows(self, by: str) -> list[bytes]:
        query = text(f"SELECT voter_ref FROM issued WHERE poll = :poll ORDER BY {by}")
        with engine("people").connect() as connection:
            return [bytes(ref) for (ref,) in connection.execute(query, {"poll": self.poll})]


def correlation(came: Sequence[bytes], lie: Sequence[bytes]) -> float:
    """Spearman's: 1 where rows lie as they came, -1 where they lie the other way round."""
    assert sorted(came) == sorted(lie)
    place = {ref: number for number, ref in enumerate(lie)}
    far = sum((number - place[ref]) ** 2 for number, ref in enumerate(came))
    return 1 - 6 * far / (len(came) * (len(came) ** 2 - 1))


@pytest.fixture
def queue(votes: VotesWing, now: datetime) -> Queue:
    later = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Queue(votes.open(closes=later).poll, now)


@only_postgresql
def test_neither_the_place_nor_the_transaction_of_a_row_tells_who_came_when(queue: Queue) -> None:
    by_transaction = "xmin::text::bigint, ctid"
    queue.come(CITIZENS)
    for by in ("ctid", by_transaction):
        assert queue.rows(by) == queue.refs, "the attack has to work on rows as they came"
    for _ in range(HOURS - 1):
        assert queue.order() == 1
        queue.come(CITIZENS)
        assert queue.rows(by_transaction)[-CITIZENS:] == queue.refs[-CITIZENS:]
    assert queue.order() == 1
    for by in ("ctid", by_transaction):
        assert abs(correlation(queue.refs, queue.rows(by))) < AT_CHANCE, by
    with engine("people").connect() as connection:
        wrote = connection.execute(text("SELECT count(DISTINCT xmin::text) FROM issued")).scalar()
    assert wrote == 1


@only_postgresql
def test_the_end_of_a_poll_writes_its_rows_anew_too(queue: Queue, votes: VotesWing) -> None:
    queue.come(CITIZENS)
    assert queue.rows("ctid") == queue.refs
    votes.enter(queue.poll, "closing")
    assert order_due(now=queue.now) == 1
    assert abs(correlation(queue.refs, queue.rows("ctid"))) < 1.5 * AT_CHANCE
    assert order_due(now=queue.now) == 0
    assert votes.heard("issued-list", queue.poll)[0]["issued"] == CITIZENS


def by_place(path: Path, refs: Sequence[bytes]) -> list[bytes]:
    raw = path.read_bytes()
    assert all(ref in raw for ref in refs)
    return sorted(refs, key=raw.index)


@only_sqlite
def test_the_files_of_sqlite_do_not_give_the_order_back(queue: Queue, settings: Settings) -> None:
    """The log holds every insert in its order; a page of the database fills from its end."""
    database, log = (settings.home.parent / f"people.db{end}" for end in ("", "-wal"))
    queue.come(30)
    assert correlation(queue.refs, by_place(log, queue.refs)) == 1
    assert take_off_disk("people")
    assert correlation(queue.refs, by_place(database, queue.refs)) < -0.9
    for _ in range(HOURS):
        queue.come(CITIZENS)
        assert correlation(queue.refs[-CITIZENS:], by_place(log, queue.refs[-CITIZENS:])) == 1
        assert queue.order() == 1
        assert tidy(now=queue.now) == 1
        assert not any(ref in log.read_bytes() for ref in queue.refs)
        assert abs(correlation(queue.refs, by_place(database, queue.refs))) < AT_CHANCE
    raw = database.read_bytes()
    places = {raw.count(ref) for ref in queue.refs}
    assert places == {2}, "one in the table, one in its index, and nothing deleted"


@only_sqlite
def test_a_reader_that_holds_the_log_is_told_of_and_the_next_round_cuts_it(
    queue: Queue, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    log = settings.home.parent / "people.db-wal"
    queue.come(5)
    with engine("people").connect() as reader:
        reader.execute(text("SELECT count(*) FROM issued")).all()
        queue.order()
        assert tidy(now=queue.now) == 0
        assert queue.refs[0] in log.read_bytes()
    assert "in use" in caplog.text
    assert tidy(now=queue.now) == 1
    assert queue.refs[0] not in log.read_bytes()


def test_rows_are_written_anew_at_intervals_and_only_where_there_are_new_ones(
    queue: Queue, votes: VotesWing
) -> None:
    queue.come(3)
    before = queue.rows("voter_ref")
    assert order_due(now=queue.now) == 1
    queue.come(2)
    assert order_due(now=queue.now + timedelta(minutes=59)) == 0
    assert queue.order() == 1
    assert queue.order() == 0
    assert len(queue.rows("voter_ref")) == 5
    assert set(before) < set(queue.rows("voter_ref"))
    votes.enter(queue.poll, "closing")
    assert queue.order() == 0


def test_many_rows_are_written_anew_range_by_range(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order, "RANGE_ROWS", 8)
    queue.come(60)
    before = queue.rows("voter_ref")
    assert queue.order() == 1
    assert queue.rows("voter_ref") == before
    assert abs(correlation(queue.refs, queue.rows("voter_ref"))) < 1.5 * AT_CHANCE
    assert queue.order() == 0


def test_the_permit_is_the_same_after_its_row_was_written_anew(queue: Queue) -> None:
    account = new_id()
    with transaction("people") as session:
        session.add(AccountRow(id=account, number_mac=b"m" * 32))
    first = issue_permit(queue.poll, account=account, proof="sms", asked=Asked(), now=queue.now)
    queue.order()
    again = issue_permit(queue.poll, account=account, proof="sms", asked=Asked(), now=queue.now)
    assert again == first
    assert len(queue.rows("voter_ref")) == 1


def test_no_column_of_a_permit_tells_a_time_or_a_number(queue: Queue) -> None:
    queue.come(1)
    with engine("people").connect() as connection:
        [row] = connection.execute(text("SELECT * FROM issued")).all()
    assert row._fields == ("poll", "voter_ref", "permit", "day", "quarantine", "mark")
    assert (row.quarantine, row.mark) == (None, None)
