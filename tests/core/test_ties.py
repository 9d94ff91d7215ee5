"""What decides a tie, tried without any ballots."""

from itertools import permutations
from types import SimpleNamespace

import pytest

from mvote.core.ties import TIE_RULES, ChairNeeded, Tie, tie_rule

ASKED = SimpleNamespace(id="q1", options=[SimpleNamespace(id=one) for one in "abcd"])
HASH = "0" * 64
DRAW = tie_rule("drawn", poll_hash=HASH).order(ASKED, "abcd")


def order(rule, tied, history=(), **facts):
    return tie_rule(rule, poll_hash=HASH, **facts).order(ASKED, tied, history)


def used(rule, tied, history):
    return tie_rule(rule, poll_hash=HASH).used(tied, history)


def test_the_latest_earlier_round_in_which_they_differ_decides():
    history = [{"a": 3, "b": 1, "c": 2}, {"a": 1, "b": 2, "c": 2}, {"a": 2, "b": 2, "c": 2}]
    assert order("earlier-round", "abc", history) == ("c", "b", "a")
    assert used("earlier-round", "abc", history) == "earlier-round"


def test_where_they_never_differed_the_draw_decides():
    history = [{"a": 1, "b": 1, "c": 2}, {"a": 1, "b": 1, "c": 1}]
    assert order("earlier-round", "abcd") == DRAW
    assert used("earlier-round", "abcd", ()) == "drawn"
    drawn = tuple(one for one in DRAW if one in "ab")
    assert order("earlier-round", "abc", history) == ("c", *drawn)
    assert used("earlier-round", "abc", history) == "earlier-round, drawn"


def test_the_order_in_which_the_tied_are_named_decides_nothing():
    for rule in TIE_RULES.names():
        orders = {
            order(rule, tied, [{"a": 1, "b": 1, "c": 2}], decisions={"q1": ["cdba"]})
            for tied in permutations("abc")
        }
        assert len(orders) == 1, rule


def test_the_chair_is_asked_and_then_obeyed():
    with pytest.raises(ChairNeeded) as caught:
        order("chair", "ab")
    assert caught.value.params == {"question": "q1", "options": "a, b"}
    decisions = {"q1": ["ba", "cadb"], "q2": ["ab"]}
    assert order("chair", "ab", decisions=decisions) == ("b", "a")
    assert order("chair", "abd", decisions=decisions) == ("a", "d", "b")
    with pytest.raises(ChairNeeded):
        tie_rule("chair", poll_hash=HASH, decisions={"q2": ["ab"]}).order(ASKED, "ab")


def test_a_settled_tie_says_where_and_by_what():
    history = [{"a": 1, "b": 2}]
    ties = tie_rule("earlier-round", poll_hash=HASH)
    tie = ties.settle(ASKED, ["a", "b"], place=2, stage=3, history=history)
    assert tie == Tie(("a", "b"), 2, "earlier-round", ("b", "a"), 3)
    assert tie.to_json()["stage"] == 3
    left = tie_rule("undecided", poll_hash=HASH).settle(ASKED, ["a", "b"], place=1)
    assert left == Tie(("a", "b"), 1, "undecided", ())
    assert "stage" not in left.to_json()
