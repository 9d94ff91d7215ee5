"""No tampering passes, and the check that it breaks says so."""

import pytest

from mvote.core.verify.report import NOT_SOUND, SOUND
from tests.core.verify.city import City, rewritten, sound
from tests.core.verify.conftest import Verify, failed
from tests.core.verify.insiders import BY_THE_BOARD, ONE_BALLOT_EACH, decided_by_chair
from tests.core.verify.strangers import BY_STRANGERS


def test_a_sound_bundle_is_found_sound(city: City, verify: Verify) -> None:
    report = verify(sound(city))
    assert {one.state for one in report.checks} == {"passed"}
    assert report.status == SOUND
    assert (report.ballots, report.voters) == (8, 7)
    assert report.totals is not None
    assert report.totals["q1"] == {"yes": "4", "no": "3"}


@pytest.mark.parametrize("name", BY_STRANGERS)
def test_a_stranger_is_found_out(name: str, city: City, verify: Verify) -> None:
    """Whoever has all files, no key, and makes everything anew that nobody signed."""
    attack, codes = BY_STRANGERS[name]
    report = verify(attack(city))
    assert codes - failed(report) == set()
    assert report.status == NOT_SOUND


@pytest.mark.parametrize("name", BY_THE_BOARD)
def test_whoever_holds_the_boards_key_is_found_out(name: str, city: City, verify: Verify) -> None:
    """She signs what she likes, and everything fits but what she cannot make fit."""
    attack, codes = BY_THE_BOARD[name]
    report = verify(attack(city))
    assert failed(report) == codes
    assert report.status == NOT_SOUND


@pytest.mark.parametrize("name", ONE_BALLOT_EACH)
def test_a_vote_without_revote_takes_one_ballot_each(
    name: str, city_without_revote: City, verify: Verify
) -> None:
    attack, codes = ONE_BALLOT_EACH[name]
    assert failed(verify(attack(city_without_revote))) == codes


def test_a_ballot_dropped_by_the_boards_own_key_shows_only_by_what_somebody_kept(
    city: City, verify: Verify
) -> None:
    """The limit of the protocol, as the report says it."""
    files = rewritten(city).close()
    report = verify(type(sound(city))(files, city.key))
    assert report.status == SOUND
    assert "dropped-ballots" in report.not_proved


def test_a_decision_of_the_chair_is_taken_where_the_count_waited_for_it(
    city_with_chair: City, verify: Verify
) -> None:
    report = verify(decided_by_chair(city_with_chair, ["no", "yes"], ["no", "yes"]))
    assert failed(report) == set()
    assert "tie-decisions" in report.not_proved


@pytest.mark.parametrize("claimed", [["yes", "no"], ["no"], ["no", "yes", "park"], ["no", "no"]])
def test_a_decision_that_the_chair_did_not_make_is_found_out(
    city_with_chair: City, verify: Verify, claimed: list[str]
) -> None:
    report = verify(decided_by_chair(city_with_chair, ["no", "yes"], claimed))
    assert failed(report) == {"result"}
