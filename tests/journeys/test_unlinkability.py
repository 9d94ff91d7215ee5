"""Both databases together do not tell who cast which ballot of a secret poll.

The attacker holds both databases with everything that their files tell, the key that hides
numbers and the pepper of the poll.  He knows in which order the citizens came, for each took
the permit and voted at once, and he looks for any order or any value that both sides share.
"""

import contextlib
import hashlib
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from mvote.core.canonical import b64u, b64u_decode
from mvote.core.ids import new_id
from mvote.core.issuing import BlindIssuerKey
from mvote.core.secrecy.ballot import leaf_of
from mvote.core.secrecy.permit import voter_ref
from mvote.core.secrecy.phone import PollSecrets
from mvote.db import engine, reading, transaction
from mvote.people.identity.tables import AccountRow
from mvote.people.permits.rules import Asked, BlindSignature
from mvote.people.permits.service import issue_permit
from mvote.people.permits.tables import PollRow
from mvote.settings import Wing
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.worker import Worker
from tests.makers import make_poll_draft, words
from tests.votes.carrying import APPROVER, DRAFTER

BATCHES, CITIZENS = 3, 70
AT_CHANCE = 15
"""A random order puts one citizen of each batch in his place on average; 15 is out of reach."""
SHORTEST = 8
"""Bytes or characters from which on an equal value on both sides is no accident."""


@dataclass
class Town:
    """A secret poll, and everything that happened in it, citizen by citizen."""

    app: Flask
    poll: str
    now: datetime
    worker: Worker
    leaves: list[bytes] = field(default_factory=list)
    owners: dict[str, int] = field(default_factory=dict)
    """Whose row it is, by every value on the people side that names a citizen."""

    def work(self, later: timedelta = timedelta()) -> None:
        self.now += later
        self.worker.settle(self.now)

    def come(self) -> None:
        """One citizen registers, takes the permit and votes, before the next one comes."""
        number = len(self.leaves)
        mac, account = hashlib.sha256(f"number {number}".encode()).digest(), new_id()
        with transaction("people") as session:
            session.add(AccountRow(id=account, number_mac=mac))
        with reading("people") as session:
            pepper = session.scalars(select(PollRow.pepper).where(PollRow.id == self.poll)).one()
        assert pepper is not None
        definition = polls.definition_of(self.poll)
        [issuer] = definition.issuer
        assert isinstance(issuer, BlindIssuerKey)
        seed = hashlib.sha256(f"seed {number}".encode()).digest()
        phone = PollSecrets(seed, self.poll, definition.hash, issuer.kid, issuer.public())
        asked = Asked(**phone.request_permit())
        answer = issue_permit(self.poll, account=account, proof="sms", asked=asked, now=self.now)
        assert isinstance(answer, BlindSignature)
        permit = phone.finish_permit(b64u(answer.blind_sig))
        ballot = phone.make_ballot(permit, {"q1": ["yes" if number % 3 else "no"]})
        assert ballots.cast_ballot(self.poll, ballot=ballot).new
        self.leaves.append(leaf_of(ballot))
        for value in (account, mac, voter_ref(pepper, mac)):
            self.owners[spell(value)] = number

    def recovered(self, order: Sequence[int]) -> int:
        """How many citizens stand at the place at which they came."""
        assert sorted(order) == list(range(len(self.leaves)))
        return sum(place == number for place, number in enumerate(order))


def spell(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def dump(wing: Wing) -> Iterator[tuple[str, list[dict[str, Any]], str]]:
    """Every table in every order that the engine can tell: name, rows, by what they lie so."""
    made = engine(wing)
    for table in inspect(made).get_table_names():
        columns = [one["name"] for one in inspect(made).get_columns(table)]
        for by in [*_hidden_orders(wing, table), *(f'"{column}"' for column in columns)]:
            with made.connect() as connection:
                rows = connection.execute(text(f'SELECT * FROM "{table}" ORDER BY {by}'))
                yield table, [dict(row._mapping) for row in rows], by


def _hidden_orders(wing: Wing, table: str) -> list[str]:
    if engine(wing).dialect.name == "postgresql":
        return ["ctid", "xmin::text::bigint, ctid"]
    with engine(wing).connect() as connection:
        query = text("SELECT sql FROM sqlite_master WHERE name = :name")
        made = str(connection.execute(query, {"name": table}).scalar_one())
    return [] if "WITHOUT ROWID" in made else ["rowid"]


@pytest.fixture
def town(app: Flask) -> Iterator[Town]:
    now = datetime.now(UTC).replace(microsecond=0)
    closes = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with app.app_context():
        polls.add_department("roads", name=words("Roads"), by="test", now=now)
        draft = make_poll_draft(level="secret", closes=closes)
        poll = polls.draft_poll(draft, official=DRAFTER, now=now).poll.id
        polls.approve_poll(poll, known={1}, official=APPROVER, now=now)
        made = Town(app, poll, now, Worker(app))
        made.work()
        polls.open_poll(poll, official=APPROVER, now=now)
        made.work()
        for _ in range(BATCHES):
            for _ in range(CITIZENS):
                made.come()
            made.work(timedelta(hours=1))
        yield made


def _ballot_orders(town: Town) -> dict[str, list[int]]:
    """Citizens by their ballots, in every order of every table that holds them all."""
    number_of = {leaf.hex(): number for number, leaf in enumerate(town.leaves)}
    found = {}
    for table, rows, by in dump("votes"):
        order = [number_of[leaf] for row in rows if (leaf := spell(row.get("leaf"))) in number_of]
        if len(order) == len(number_of):
            found[f"{table} by {by}"] = order
    return found


def _citizen_orders(town: Town) -> dict[str, list[int]]:
    found = {"as they came": list(range(len(town.leaves)))}
    for table, rows, by in dump("people"):
        owners = [
            next((town.owners[v] for v in map(spell, row.values()) if v in town.owners), None)
            for row in rows
        ]
        order = [number for number in owners if number is not None]
        if sorted(order) == list(range(len(town.leaves))):
            found[f"{table} by {by}"] = order
    return found


def _values(wing: Wing) -> set[str]:
    """Every value of a wing, also those inside JSON, as text and as bytes."""
    found: set[str] = set()
    seen: set[str] = set()
    for table, rows, _ in dump(wing):
        if table not in seen:
            seen.add(table)
            for value in itertools.chain.from_iterable(row.values() for row in rows):
                found.update(_spellings(value))
    return {value for value in found if len(value) >= SHORTEST}


def _spellings(value: Any) -> Iterator[str]:
    if isinstance(value, bytes | memoryview):
        yield bytes(value).hex()
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from itertools.chain(_spellings(key), _spellings(item))
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(_spellings, value))
    elif isinstance(value, str):
        yield value
        if value.startswith(("{", "[")):
            with contextlib.suppress(ValueError):
                yield from _spellings(json.loads(value))
        with contextlib.suppress(ValueError):
            yield b64u_decode(value).hex()


def _personal(town: Town) -> set[str]:
    """What belongs to citizens: the values of their rows, less those of the poll and the day."""
    found = set(town.owners)
    for table, rows, _ in dump("people"):
        for row in rows if table in ("accounts", "issued") else ():
            days = {name: value for name, value in row.items() if name != "day"}
            found.update(itertools.chain.from_iterable(map(_spellings, days.values())))
    of_the_poll = set(_spellings(json.loads(polls.definition_text_of(town.poll))))
    return {value for value in found if len(value) >= SHORTEST} - of_the_poll


def _keep_in_order(town: Town) -> str:
    """The ballots as they would lie without our care; gives the name of that order."""
    sqlite = engine("votes").dialect.name == "sqlite"
    with engine("votes").begin() as connection:
        connection.execute(text(f"CREATE TABLE kept (leaf {'BLOB' if sqlite else 'BYTEA'})"))
        for leaf in town.leaves:
            connection.execute(text("INSERT INTO kept VALUES (:leaf)"), {"leaf": leaf})
    return "kept by rowid" if sqlite else "kept by ctid"


def test_nothing_on_both_sides_leads_from_a_citizen_to_a_ballot(town: Town) -> None:
    cast, came = _ballot_orders(town), _citizen_orders(town)
    assert 'board_entries by "position"' in cast
    assert {name.split()[0] for name in came} >= {"as", "accounts", "issued"}, "all were read"
    for (where, order), (known, citizens) in itertools.product(cast.items(), came.items()):
        hits = sum(one == other for one, other in zip(order, citizens, strict=True))
        assert hits <= AT_CHANCE, f"{where} follows {known}"
    shared = _values("people") & _values("votes")
    assert town.poll in shared, "values were compared"
    assert not shared & _personal(town)
    kept = _keep_in_order(town)
    order = _ballot_orders(town)[kept]
    assert town.recovered(order) == len(town.leaves), "where the order is kept, all are found"
