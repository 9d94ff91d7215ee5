"""Conditions joined to an audience: what is refused, what is met, and what is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import digest
from mvote.core.eligibility import (
    CONDITIONS,
    AudienceRefused,
    Facts,
    check_audience,
    describe,
    is_closable,
    is_countable,
    is_met,
    is_open_to,
    is_targeted,
    lists_named,
    unmet,
)
from mvote.core.eligibility.audience import MOST_DEPTH, MOST_IN_GROUP

NUMBER = {"condition": "verified-number"}
RESIDENT = {"condition": "verified-resident"}
MAPO = {"condition": "district", "any_of": ["mapo"]}
YOUNG = {"condition": "birth-year", "from": 1990, "to": None}
TRADERS = {"condition": "list", "list": "traders"}
ROOM = {"condition": "room", "room": "12345678"}
OTHER_ROOM = {"condition": "room", "room": "87654321"}
HERE = frozenset({"12345678"})


def faults(raw):
    with pytest.raises(AudienceRefused) as caught:
        check_audience(raw)
    return set(caught.value.errors)


LEAVES = st.sampled_from([NUMBER, RESIDENT, MAPO, YOUNG, TRADERS, ROOM, OTHER_ROOM])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda kind, parts: {kind: parts},
        st.sampled_from(["all", "any"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
).filter(lambda node: "condition" not in node)
PEOPLE = st.builds(
    Facts,
    st.booleans(),
    st.sampled_from([None, "mapo", "jongno"]),
    st.sampled_from([None, 1985, 1990]),
    st.none(),
    st.sampled_from([frozenset(), frozenset({"traders"})]),
    st.booleans(),
    st.sampled_from([frozenset(), HERE]),
)


@given(tree=TREES, facts=PEOPLE)
def test_nobody_is_told_that_something_is_missing_who_may_vote_and_everyone_else_is(tree, facts):
    told = unmet(tree, facts)
    assert (not told) is is_met(tree, facts)
    for one in told:
        assert one.condition in CONDITIONS.names()
        assert all(one.words.values())
        assert all(one.what_to_do.values())
    assert all(all(words.values()) for words in describe(tree))


@given(tree=TREES, facts=PEOPLE)
def test_more_is_never_in_the_way(tree, facts):
    """So a poll counts at least as many eligible as will be able to vote."""
    if is_met(tree, facts):
        more = Facts(True, facts.district, facts.birth_band, facts.gender, facts.lists,
                     facts.resident, HERE | {"87654321"})  # fmt: skip
        assert is_met(tree, more)
        assert is_countable(tree, facts)


def test_an_audience_of_before_keeps_its_form_and_hash():
    before = {"all": [NUMBER, MAPO]}
    check_audience(before)
    assert digest(before) == "57ebcc770e4a79a76ceb871ce2af743f7214cb2a6411754e6024e2266a090bb3"


def test_faults_are_named_by_their_place():
    raw = {"all": [MAPO, {"any": [TRADERS, {"condition": "room", "room": "12"}]}]}
    assert faults(raw) == {"all[1].any[1].room"}
    assert faults({"any": []}) == {"any"}
    assert faults({"all": [MAPO], "any": [MAPO]}) == {"any"}
    assert faults({"all": [{"any": [MAPO], "condition": "gender"}]}) == {"all[0].condition"}


def test_alternatives_may_ask_the_same_of_two_kinds_of_people_but_not_twice_the_same():
    check_audience({"any": [MAPO, {"condition": "district", "any_of": ["jongno"]}]})
    assert faults({"any": [MAPO, dict(MAPO)]}) == {"any[1].condition"}
    assert faults({"all": [MAPO, {"condition": "district", "any_of": ["jongno"]}]})


def test_depth_and_size_have_an_end():
    node = {"any": [MAPO]}
    for _ in range(MOST_DEPTH - 1):
        node = {"all": [node]}
    check_audience(node)
    assert faults({"all": [node]})
    assert faults(
        {"any": [{"condition": "list", "list": f"l{i}"} for i in range(MOST_IN_GROUP + 1)]}
    )
    full = [{"condition": "list", "list": f"l{i}"} for i in range(MOST_IN_GROUP)]
    assert faults({"all": [{"any": full}, {"any": full}, MAPO]}) == {"all"}


def test_of_alternatives_the_one_is_told_that_takes_the_least():
    choice = {"any": [RESIDENT, NUMBER]}
    [told] = unmet({"all": [choice]}, Facts(False))
    assert told.condition == "verified-number"
    assert "SMS" in told.what_to_do["en"]
    assert "the city's register or everyone with a verified" in told.words["en"]
    [told] = unmet({"any": [MAPO, ROOM]}, Facts(True, "jongno"))
    assert told.condition == "room"
    [told] = unmet({"any": [{"all": [ROOM, TRADERS]}, RESIDENT]}, Facts(True))
    assert told.condition == "verified-resident"
    assert "(people in the private room 12345678 and people on the list" in told.words["en"]


def test_only_what_can_be_counted_in_every_case_is_targeted():
    assert is_targeted({"all": [{"any": [MAPO, TRADERS]}, ROOM]})
    assert not is_targeted({"any": [MAPO, ROOM]})
    assert not is_targeted({"all": [ROOM, NUMBER]})


def test_a_roll_is_closed_only_where_what_is_proved_later_is_asked_of_all():
    assert is_closable({"all": [MAPO, ROOM, NUMBER]})
    assert not is_closable({"all": [MAPO, {"any": [TRADERS, ROOM]}]})
    assert not is_closable({"all": [NUMBER]})


def test_who_is_on_a_closed_roll_only_proves_what_nobody_could_count():
    audience = {"all": [MAPO, {"any": [TRADERS, RESIDENT]}, ROOM, NUMBER]}
    moved = Facts(True, "jongno", rooms=HERE)
    assert unmet(audience, moved, on_roll=True) == ()
    [told] = unmet(audience, Facts(True), on_roll=True)
    assert told.condition == "room"


@pytest.mark.parametrize(
    ("audience", "without", "within"),
    [
        ({"all": [MAPO]}, True, True),
        ({"all": [MAPO, ROOM]}, False, True),
        ({"any": [MAPO, ROOM]}, True, True),
        ({"any": [ROOM, OTHER_ROOM]}, False, True),
        ({"all": [ROOM, OTHER_ROOM]}, False, False),
        ({"all": [{"any": [{"all": [ROOM, MAPO]}, OTHER_ROOM]}]}, False, True),
    ],
)
def test_a_poll_is_private_where_nobody_votes_without_a_room(audience, without, within):
    check_audience(audience)
    assert is_open_to(audience) is without
    assert is_open_to(audience, HERE) is within


def test_lists_are_found_in_every_group_once():
    other = {"condition": "list", "list": "others"}
    assert lists_named({"all": [TRADERS, {"any": [other, {"all": [TRADERS]}]}]}) == (
        "traders",
        "others",
    )
