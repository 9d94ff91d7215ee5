"""An address that sends bad ballots is slowed; a good ballot from it is never refused."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest

from mvote.app import create_app
from mvote.core.canonical import b64u
from mvote.db import engines
from mvote.settings import Settings
from mvote.votes.ballots import service
from mvote.votes.ballots.errors import TooManyBadBallots
from mvote.votes.ballots.service.floods import Floods
from tests.votes.ballots.booth import Booth

HERE, ELSEWHERE = "203.0.113.7", "203.0.113.8"
LIMIT = 3
on_one_engine = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
"""Nothing of this is kept in a database."""


@pytest.fixture
def strict(settings: Settings) -> Settings:
    return replace(
        settings,
        bad_ballots=LIMIT,
        bad_ballots_lane=2,
        bad_ballots_lane_seconds=60,
        bad_ballots_pause=0.3,
        bad_ballots_held=1,
        bad_ballots_addresses=2,
    )


@pytest.fixture
def strict_booth(strict: Settings) -> Iterator[Booth]:
    app = create_app("both", strict)
    yield Booth.open(app)
    with app.app_context():
        for one in engines.engines.values():
            one.dispose()


def _bad(booth: Booth) -> dict[str, Any]:
    """Its permit is forged."""
    ballot = booth.ballot()
    ballot["permit"]["sig"] = b64u(bytes(64))
    return ballot


def _cast(booth: Booth, ballot: Any, address: str = HERE) -> Any:
    return booth.cast(ballot, environ_base={"REMOTE_ADDR": address})


@on_one_engine
def test_bad_ballots_beyond_the_limit_wait_and_good_ones_do_not(strict_booth: Booth) -> None:
    began = monotonic()
    for _ in range(LIMIT + 3):
        assert _cast(strict_booth, _bad(strict_booth)).get_json()["code"] == "permit-not-valid"
    assert monotonic() - began >= 3 * 0.3
    for number in range(20):
        assert _cast(strict_booth, strict_booth.ballot(f"voter {number}")).status_code == 201


@on_one_engine
def test_where_the_lane_is_full_a_ballot_is_told_to_come_again(strict: Settings) -> None:
    floods = Floods(strict)
    for _ in range(LIMIT):
        with floods.turn(HERE) as turn:
            turn.bad = True
    with floods.turn(HERE) as first, ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(_take, floods, HERE) for _ in range(2)]
        while floods.waiting(HERE) < 2:
            threading.Event().wait(0.01)
        with pytest.raises(TooManyBadBallots) as refused:
            _take(floods, HERE)
        assert refused.value.params["retry_after"] == 1
        _take(floods, ELSEWHERE)
        assert not any(one.done() for one in waiting)
        first.leave_lane()
        assert [one.result() for one in waiting] == [None, None]
    _take(floods, HERE)


def _take(floods: Floods, address: str) -> None:
    with floods.turn(address):
        pass


@on_one_engine
def test_what_is_wrong_is_told_and_what_is_only_late_is_no_fault(strict_booth: Booth) -> None:
    kept = strict_booth.ballot(seq=3)
    assert _cast(strict_booth, kept).status_code == 201
    for _ in range(LIMIT * 2):
        assert _cast(strict_booth, strict_booth.ballot(seq=2)).status_code == 409
    assert _floods_of(strict_booth).bad(HERE) == 0
    too_large = b'"' + b"x" * 70_000 + b'"'
    for body, status in ((b"{", 400), (b"{}", 422), (too_large, 413)):
        assert _cast(strict_booth, body).status_code == status
    assert _floods_of(strict_booth).bad(HERE) == LIMIT


def _floods_of(booth: Booth) -> Floods:
    with booth.app.app_context():
        return service.floods()


@on_one_engine
def test_no_more_addresses_are_remembered_than_there_is_room_for(strict: Settings) -> None:
    floods = Floods(strict)
    for address in (HERE, ELSEWHERE, "2001:db8::1"):
        with floods.turn(address) as turn:
            turn.bad = True
    assert [floods.bad(one) for one in (HERE, ELSEWHERE, "2001:db8::2")] == [0, 1, 1]
    over = Floods(replace(strict, bad_ballots_seconds=0))
    with over.turn(HERE) as turn:
        turn.bad = True
    assert over.bad(HERE) == 0
