"""Two hundred citizens behind one address all vote while one of them floods with bad ballots."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from time import monotonic, sleep

import pytest
import urllib3
from flask import Flask

from mvote.core.canonical import JSON, b64u, canonical_bytes
from mvote.settings import Settings
from tests.servers import Serve
from tests.votes.ballots.booth import Booth

CITIZENS, PHONES_AT_ONCE = 200, 12
LIMIT, PAUSE_SECONDS = 10, 0.5
CONNECTIONS = 4
JSON_TYPE = {"Content-Type": "application/json"}


@dataclass
class Address:
    """Everyone here is seen as one address.  ``path`` takes ballots."""

    path: str
    pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=PHONES_AT_ONCE, retries=False)
    )
    abused: list[int] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def vote(self, ballot: JSON) -> int:
        """As a phone does, which sends the same bytes again when it is asked to."""
        body = canonical_bytes(ballot)
        while True:
            answer = self.pool.request("POST", self.path, body=body, headers=JSON_TYPE)
            if answer.status != 429:
                return int(answer.status)
            sleep(float(answer.headers["Retry-After"]))

    def abuse(self, ballot: JSON) -> None:
        """As fast as answers come, on a connection of its own."""
        with urllib3.PoolManager(retries=False) as pool:
            while not self.stopped.is_set():
                body = canonical_bytes(ballot)
                answer = pool.request("POST", self.path, body=body, headers=JSON_TYPE)
                self.abused.append(answer.status)


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_all_behind_a_shared_address_vote_while_an_abuser_is_slowed(
    app: Flask, serve: Serve, settings: Settings
) -> None:
    booth = Booth.open(app)
    ballots = [booth.ballot(f"voter {number}") for number in range(CITIZENS)]
    forged = booth.ballot("abuser")
    forged["permit"]["sig"] = b64u(bytes(64))
    made = replace(settings, bad_ballots=LIMIT, bad_ballots_pause=PAUSE_SECONDS)
    server = serve(replace(made, bad_ballots_seconds=600), "--no-worker")
    here, began = Address(server.url + booth.path), monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as abusers, ThreadPoolExecutor(PHONES_AT_ONCE) as phones:
        floods = [abusers.submit(here.abuse, forged) for _ in range(CONNECTIONS)]
        while len(here.abused) < LIMIT:
            sleep(0.01)
        try:
            statuses = list(phones.map(here.vote, ballots))
        finally:
            here.stopped.set()
    seconds = monotonic() - began
    assert [flood.result() for flood in floods] == [None] * CONNECTIONS
    assert statuses == [201] * CITIZENS
    assert booth.stored() == CITIZENS
    # Forged, or told to come again, unchecked and at once, because too many of this address
    # were waiting.  Those on their way when the limit was reached were not slowed yet.
    forged_ones = here.abused.count(403)
    assert 0 < forged_ones <= LIMIT + CONNECTIONS * (2 + seconds / PAUSE_SECONDS)
    assert set(here.abused) <= {403, 429}
