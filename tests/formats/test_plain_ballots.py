"""The quick way to read a plain ballot leads where the rules lead."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.shapes import Ranking
from mvote.formats import marks
from mvote.formats.election import OVERVOTE, Candidate, Election, Kind
from mvote.formats.marks import DUPLICATES, OVERVOTES, Reading, answers_of

IDS = "abcd"
RANK = st.one_of(
    st.sampled_from(IDS).map(lambda one: (one,)),
    st.sampled_from([(), (), (OVERVOTE,), ("a", "b"), ("c", "c")]),
)
READING = st.builds(
    Reading,
    overvote=st.sampled_from([None, *OVERVOTES]),
    skipped=st.sampled_from([None, 0, 1]),
    duplicate=st.sampled_from(DUPLICATES),
    rankings=st.sampled_from([None, 1, 2, 3]),
)


@settings(max_examples=200, deadline=None)
@given(
    ballots=st.dictionaries(st.lists(RANK, max_size=5).map(tuple), st.integers(0, 5), max_size=8),
    reading=READING,
    without=st.sampled_from([(), ("a",)]),
    marked=st.booleans(),
)
def test_plain_ballots_are_read_as_the_rules_say(ballots, reading, without, marked):
    candidates = tuple(Candidate(one, one) for one in IDS)
    election = Election("f", "csv", "t", candidates, Kind.RANKS, ballots, marked=marked)
    found = answers_of(election, Ranking, reading, without=without)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marks._Turning, "_plain", lambda *_: None)
        assert found == answers_of(election, Ranking, reading, without=without)
    assert found.total() == sum(ballots.values())
