"""The server is killed at every step that a phone takes, and at every step of the close.

The phone goes on by itself: it sends the same bytes again.  At the end every ballot that was
acknowledged is on the board and counted, once.
"""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TypeVar
from zipfile import ZipFile

import pytest
from flask import Flask

from mvote.client.citizen import Citizen
from mvote.client.errors import Unreachable
from mvote.client.poll import FrozenPoll
from mvote.core.canonical import canonical_bytes
from mvote.core.secrecy.ballot import leaf_of
from mvote.core.secrecy.receipt import Receipt
from mvote.core.verify.beside import Beside
from mvote.core.verify.report import SOUND
from mvote.core.verify.verification import verify_bundle
from mvote.settings import Settings
from tests.journeys.mortal import MortalServer
from tests.makers import make_poll_draft
from tests.operations.test_serve import await_that
from tests.town import APPROVER, DRAFTER, WAIT_SECONDS, Town, settle_in

STEPS = {
    "seeded": ["permit arrived", "permit written"],
    "permit": ["permit committed", "permit answered"],
    "signed and queued": ["ballot arrived", "ballot written"],
    "receipted": ["ballot answered"],
    "included": ["batch written", "batch committed"],
    "checked": ["checkpoint answered", "leaves answered"],
}
"""By the state that the phone has reached or is about to reach: where the server is killed."""

CLOSE = [
    "issued list written",
    "last entry written",
    "last entry committed",
    "result written",
    "result committed",
]
Value = TypeVar("Value")


@pytest.fixture
def server(app: Flask, settings: Settings) -> Iterator[MortalServer]:
    """Every ballot is a batch, so that the steps behind the receipt come at once."""
    settle_in(app)
    made = MortalServer(replace(settings, batch_ballots=1, batch_seconds=0))
    yield made
    made.end()


def insist(act: Callable[[], Value]) -> Value:
    """As a phone that finds no server tries again later."""
    end = monotonic() + WAIT_SECONDS
    while monotonic() < end:
        with suppress(Unreachable):
            return act()
    return act()


def vote(citizen: Citizen, poll: FrozenPoll) -> Receipt:
    """From a new phone to a ballot that was found on the board."""
    insist(lambda: citizen.get_permit(poll))
    receipt = insist(lambda: citizen.cast(poll, {"q1": ["yes"]}))
    await_that(lambda: insist(lambda: citizen.find_ballot(poll)) is not None)
    assert insist(lambda: citizen.cast(poll, {"q1": ["yes"]})) == receipt
    assert citizen.receipts(poll) == [receipt]
    return receipt


def vote_while_it_dies(
    server: MortalServer, moment: str, citizen: Citizen, poll: FrozenPoll
) -> Receipt:
    server.arm(moment)
    with ThreadPoolExecutor(1) as pool:
        receipt = pool.submit(vote, citizen, poll)
        server.await_death()
        server.start()
        return receipt.result()


def close_while_it_dies(server: MortalServer, town: Town, poll: FrozenPoll) -> None:
    approver = town.official(APPROVER)
    asked = town.official(DRAFTER).close(poll.id)
    for place, moment in enumerate(CLOSE):
        server.arm(moment)
        if place == 0:
            with suppress(Unreachable):  # closed it is, for only then the list is written
                approver.confirm(poll.id, asked)
        else:
            server.start()
        server.await_death()
    server.start()
    insist(lambda: approver.wait_for(poll.id, "published", seconds=WAIT_SECONDS))


def test_whenever_the_server_is_killed_the_phone_goes_on_and_every_ballot_counts_once(
    server: MortalServer, settings: Settings, tmp_path: Path
) -> None:
    town = Town.at(settings, server.url)
    poll = town.open_poll(make_poll_draft(level="secret"))
    moments = [moment for step in STEPS.values() for moment in step]
    citizens = [town.citizen(f"+8210{40_000_000 + place}") for place in range(len(moments))]
    receipts = [
        vote_while_it_dies(server, moment, citizen, poll)
        for moment, citizen in zip(moments, citizens, strict=True)
    ]
    close_while_it_dies(server, town, poll)
    assert server.lives == 1 + len(moments) + len(CLOSE)
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(town.votes.call("GET", f"/polls/{poll.id}/bundle").content)
    check(bundle, receipts, poll)


def check(bundle: Path, receipts: list[Receipt], poll: FrozenPoll) -> None:
    """A stranger finds the bundle sound; each receipt's ballot is in it, none else, none twice."""
    with ZipFile(bundle) as archive:
        entries = [json.loads(line) for line in io.BytesIO(archive.read("entries.jsonl"))]
        issued = json.loads(archive.read("issued.json"))
    leaves = Counter(leaf_of(entry) for entry in entries if "bk" in entry)
    assert leaves == Counter(receipt.leaf for receipt in receipts)
    assert issued["issued"] == len(receipts)
    for receipt in (receipts[0], receipts[-1]):
        beside = Beside(
            board_key=str(poll.definition["board_key"]),
            receipt=canonical_bytes(receipt.to_json()),
        )
        report = verify_bundle(bundle, beside)
        assert (report.status, report.voters) == (SOUND, len(receipts))
