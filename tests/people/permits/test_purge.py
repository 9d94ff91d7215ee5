"""After the dispute window nothing leads from a citizen to a permit, and the wing signs that."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import inspect, select, text

from mvote.audit.service import list_entries
from mvote.core.document import verify_document
from mvote.core.secrecy.permit import voter_ref
from mvote.core.times import iso
from mvote.db import engine, reading
from mvote.exchange.service import list_documents
from mvote.installation import installation
from mvote.people.identity.tables import AccountRow
from mvote.people.permits.service import count_issued_by_day, erase_due, tidy
from mvote.people.permits.tables import IssuedRow, PollRow
from mvote.settings import Settings
from tests.people.conftest import Phones, on_sqlite
from tests.people.permits.conftest import VotesWing
from tests.people.permits.voters import a_phone


def vote(phones: Phones, votes: VotesWing, *, citizens: int = 2) -> str:
    """A secret poll whose permits were taken and that closed."""
    frozen = votes.open(level="secret", dispute_days=7)
    for n in range(citizens):
        token = phones.sign_in(f"+82104444{n:04d}")["access"]
        asked = a_phone(frozen, str(n)).request_permit()
        assert phones.post(f"/polls/{frozen.poll}/permits", asked, token=token).status_code == 200
    votes.enter(frozen.poll, "closing")
    return frozen.poll


def test_a_signed_statement_tells_what_went_and_when(
    phones: Phones, votes: VotesWing, now: datetime
) -> None:
    poll = vote(phones, votes)
    over = now + timedelta(days=7)
    tidy(now=now)
    assert erase_due(now=over - timedelta(seconds=1)) == 0
    assert votes.heard("purge-statement", poll) == []
    assert erase_due(now=over) == 1
    assert tidy(now=over + timedelta(seconds=1)) == 1
    assert tidy(now=over + timedelta(seconds=2)) == 0
    assert votes.heard("purge-statement", poll) == [
        {"permits": 2, "peppers": 1, "at": iso(over), "last_backup": None}
    ]
    [said] = [
        one
        for one in list_documents("people", after=0, limit=100)
        if one["kind"] == "purge-statement"
    ]
    key = installation().public["people"]["exchange"]
    assert verify_document(said, sender="people", key=key).poll == poll
    assert [entry.name for entry in list_entries("people", subject=poll)][-2:] == [
        "PermitsErased",
        "PurgeStated",
    ]


def test_nothing_that_derives_from_an_account_is_left(
    phones: Phones, votes: VotesWing, now: datetime
) -> None:
    """Whoever keeps every number, and the pepper of numbers, finds none of them in any table."""
    poll = vote(phones, votes)
    with reading("people") as session:
        pepper = session.scalars(select(PollRow.pepper)).one()
        numbers = session.scalars(select(AccountRow.number_mac)).all()
        permits = session.scalars(select(IssuedRow.permit)).all()
    assert pepper is not None
    days = count_issued_by_day(poll)
    refs = [voter_ref(pepper, number) for number in numbers]
    assert _found_in_tables(refs) == {"issued"}
    assert _found_in_tables([pepper]) == {"polls"}
    erase_due(now=now + timedelta(days=7))
    assert _found_in_tables([*refs, pepper]) == set()
    # What was published for the recount stays: hashes of what only the phones know.
    assert _found_in_tables(list(permits)) == {"exchange_outbox"}
    assert count_issued_by_day(poll) == days


def _found_in_tables(secrets: list[bytes]) -> set[str]:
    """Tables that hold one of the values, as bytes or in a text."""
    found = set()
    with engine("people").connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                held = [v if isinstance(v, str) else v.hex() for v in row if not _is_plain(v)]
                if any(one.hex() in value for one in secrets for value in held):
                    found.add(table)
    return found


def _is_plain(value: object) -> bool:
    """A number, a time, nothing: too short to be one of them."""
    return not isinstance(value, str | bytes | memoryview)


@on_sqlite
def test_the_statement_waits_until_it_is_true(
    phones: Phones, votes: VotesWing, now: datetime, settings: Settings
) -> None:
    """A reader holds the write-ahead log, in which what was erased still lies."""
    poll = vote(phones, votes)
    tidy(now=now)
    over = now + timedelta(days=7)
    with reading("people") as session:
        ref = session.scalars(select(IssuedRow.voter_ref)).first()
    assert ref is not None
    with engine("people").connect() as reader:
        reader.execute(text("SELECT count(*) FROM issued")).all()
        assert erase_due(now=over) == 1
        assert tidy(now=over) == 0
        assert votes.heard("purge-statement", poll) == []
    assert tidy(now=over + timedelta(hours=1)) == 1
    [said] = votes.heard("purge-statement", poll)
    assert said["at"] == iso(over)
    files = [path.read_bytes() for path in settings.home.parent.glob("people.db*")]
    assert not any(ref in file for file in files)


@pytest.mark.parametrize("level", ["confidential", "secret"])
def test_a_cancelled_poll_is_purged_and_told_too(
    votes: VotesWing, now: datetime, level: str
) -> None:
    poll = votes.open(level=level, dispute_days=0).poll
    votes.enter(poll, "cancelled")
    assert erase_due(now=now) == 1
    tidy(now=now)
    [said] = votes.heard("purge-statement", poll)
    assert said["permits"] == 0
