"""What the count reads from a board: the last ballot of every voter, and nothing too early."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from mvote.votes.ballots import service as ballots
from mvote.votes.ballots.errors import BallotsNotOpen, CountHiddenBeforeClose
from tests.votes import carrying
from tests.votes.ballots.booth import Booth

YES, NO, BLANK = ({"q1": list(chosen)} for chosen in (["yes"], ["no"], []))


def _read(pairs: Any) -> dict[str, int]:
    return {json.loads(answer)["q1"][0]: weight for answer, weight in pairs}


def test_the_last_ballot_of_every_voter_counts(booth: Booth) -> None:
    for voter, seq, answers in (
        ("a", 1, NO),
        ("a", 2, YES),
        ("b", 1, YES),
        ("c", 7, NO),
        ("d", 1, YES),
        ("d", 3, YES),
    ):
        assert booth.cast(booth.ballot(voter, seq=seq, answers=answers)).status_code == 201
    with booth.app.app_context():
        carrying.close(booth.poll, issued=4)
        assert _read(ballots.iter_counted(booth.poll)) == {"yes": 3, "no": 1}
        assert ballots.count_voters(booth.poll) == 4
        assert ballots.count_ballots(booth.poll) == 6


def test_equal_answers_come_together_with_their_number(booth: Booth) -> None:
    for n in range(12):
        answers = (YES, NO, BLANK)[n % 3]
        assert booth.cast(booth.ballot(f"voter {n}", answers=answers)).status_code == 201
    with booth.app.app_context():
        carrying.close(booth.poll, issued=12)
        found = sorted(ballots.iter_counted(booth.poll))
    assert found == [('{"q1":["no"]}', 4), ('{"q1":["yes"]}', 4), ('{"q1":[]}', 4)]


def test_a_poll_without_ballots_has_nothing_to_count(booth: Booth) -> None:
    with booth.app.app_context():
        carrying.close(booth.poll, issued=0)
        assert list(ballots.iter_counted(booth.poll)) == []
        assert ballots.count_voters(booth.poll) == 0


@pytest.mark.parametrize(
    "read",
    [
        ballots.iter_counted,
        ballots.iter_on_board,
        ballots.count_voters,
        ballots.count_ballots,
    ],
)
def test_nothing_is_counted_before_the_last_entry(
    booth: Booth, read: Callable[[str], object]
) -> None:
    booth.cast(booth.ballot())
    with booth.app.app_context(), pytest.raises(CountHiddenBeforeClose):
        read(booth.poll)


def test_a_cancelled_poll_is_not_counted(booth: Booth) -> None:
    booth.cast(booth.ballot())
    with booth.app.app_context():
        carrying.cancel(booth.poll)
        with pytest.raises(CountHiddenBeforeClose):
            ballots.iter_counted(booth.poll)


def test_names_are_read_at_level_open_only(app: Flask) -> None:
    booth = Booth.open(app, level="open")
    booth.cast(booth.ballot("a", name="김하늘", answers=YES))
    booth.cast(booth.ballot("b", answers=NO))
    booth.cast(booth.ballot("c", name="Lee", seq=1, answers=NO))
    booth.cast(booth.ballot("c", name="Lee", seq=2, answers=YES))
    with app.app_context():
        with pytest.raises(CountHiddenBeforeClose):
            ballots.iter_named(booth.poll)
        carrying.close(booth.poll, issued=3)
        named = {(name, ans) for name, ans in ballots.iter_named(booth.poll)}
    yes, no = '{"q1":["yes"]}', '{"q1":["no"]}'
    assert named == {("김하늘", yes), (None, no), ("Lee", yes)}


def test_no_names_come_out_of_a_confidential_poll(booth: Booth) -> None:
    booth.cast(booth.ballot())
    with booth.app.app_context():
        carrying.close(booth.poll, issued=1)
        with pytest.raises(BallotsNotOpen):
            ballots.iter_named(booth.poll)
