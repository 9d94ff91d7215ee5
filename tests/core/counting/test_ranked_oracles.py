"""Other people's programs as oracles, on elections made so that both know one right answer."""

from fractions import Fraction
from random import Random

import pyrankvote
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from votelib.component.quota import droop
from votelib.component.rankscore import Borda as BordaScores
from votelib.component.rankscore import Dowdall
from votelib.component.transfer import Gregory
from votelib.convert import RankedToCondorcetVotes, RankedToPositionalVotes
from votelib.evaluate.condorcet import Copeland, RankedPairs, Schulze
from votelib.evaluate.core import Plurality
from votelib.evaluate.sequential import PreferenceAddition, TransferableVoteSelector

from tests.core.counting.ranked import IDS, count, untied

SOME = settings(max_examples=40, deadline=None)


def spelled(ballots):
    return {tuple(ballot): weight for ballot, weight in ballots.items()}


@SOME
@given(ballots=untied())
def test_instant_runoff_elects_as_pyrankvote_does(ballots):
    people = {one: pyrankvote.Candidate(one) for one in IDS}
    papers = [
        pyrankvote.Ballot(ranked_candidates=[people[one] for one in ballot])
        for ballot, weight in ballots.items()
        for _ in range(weight)
    ]
    theirs = pyrankvote.instant_runoff_voting(list(people.values()), papers)
    ours = count("irv", ballots)
    assert ours.ties == ()
    assert [one.name for one in theirs.get_winners()] == list(ours.winners)
    first = {r.candidate.name: r.number_of_votes for r in theirs.rounds[0].candidate_results}
    assert first == ours.rounds[0].totals


@SOME
@given(ballots=untied(full=True))
def test_instant_runoff_elects_as_votelib_does(ballots):
    theirs = TransferableVoteSelector(quota_function=None).evaluate(spelled(ballots), 1)
    assert tuple(theirs) == count("irv", ballots).winners


@SOME
@given(ballots=untied(full=True), seats=st.integers(2, 3))
def test_weighted_papers_elect_as_votelib_does(ballots, seats):
    options = {"seats": seats, "arithmetic": "rational", "quota": "whole"}
    ours = count("stv-wigm", ballots, options)
    assume(not ours.ties)
    assume(all(len(stage.elected) < 2 for stage in ours.rounds[:-1]))
    theirs = TransferableVoteSelector(
        transferer=Gregory(), quota_function=droop, mandatory_quota=False
    ).evaluate(spelled(ballots), seats)
    assert set(theirs) == set(ours.winners)


@SOME
@given(ballots=untied(full=True))
def test_borda_points_are_those_of_votelib(ballots):
    scores = RankedToPositionalVotes(BordaScores(base=0)).convert(spelled(ballots))
    assert count("borda", ballots).totals == scores
    harmonic = RankedToPositionalVotes(Dowdall()).convert(spelled(ballots))
    ours = count("borda", ballots, {"variant": "dowdall"}).totals
    assert ours == {one: Fraction(points).limit_denominator(60) for one, points in harmonic.items()}


@SOME
@given(ballots=untied())
def test_bucklin_elects_as_votelib_does(ballots):
    ours = count("bucklin", ballots)
    assume(not ours.ties)
    last = ours.rounds[-1]
    assume(last.totals[ours.winners[0]] >= last.quota)  # votelib elects by a majority only
    theirs = PreferenceAddition(split_equal_rankings=False).evaluate(spelled(ballots), 1)
    assert tuple(theirs) == ours.winners


@SOME
@given(seed=st.integers(0, 2**32))
def test_pairs_are_compared_and_decided_as_in_votelib(seed):
    dice = Random(seed)
    ballots = {"".join(dice.sample(IDS, 5)): dice.randint(1, 10**6) for _ in range(20)}
    pairs = RankedToCondorcetVotes().convert(spelled(ballots))
    options = {"strength": "winning-votes"}
    schulze = count("schulze", ballots, options)
    assert {(a, b): n for a, row in schulze.pairwise.items() for b, n in row.items() if n} == {
        pair: n for pair, n in pairs.items() if n
    }
    strengths = [n for (a, b), n in pairs.items() if n > pairs.get((b, a), 0)]
    assume(len(set(strengths)) == len(strengths))
    assert tuple(Schulze().evaluate(pairs, 1)) == schulze.winners
    assert (
        tuple(RankedPairs().evaluate(pairs, 1)) == count("ranked-pairs", ballots, options).winners
    )
    copeland = count("copeland", ballots, rule="undecided")
    if not copeland.ties:
        assert tuple(Copeland(second_order=False).evaluate(pairs, 1)) == copeland.winners


@SOME
@given(ballots=untied())
def test_a_run_off_elects_the_better_of_votelibs_first_two(ballots):
    first = dict.fromkeys(IDS, 0)
    for ballot, weight in ballots.items():
        first[ballot[0]] += weight
    ours = count("run-off", ballots)
    assume(len(ours.rounds) == 2)
    assume(not ours.ties)
    assert set(Plurality().evaluate(first, 2)) == set(ours.rounds[1].totals)
    pairs = RankedToCondorcetVotes().convert(spelled(ballots))
    one, other = ours.rounds[1].totals
    assert ours.rounds[1].totals == {
        one: pairs.get((one, other), 0),
        other: pairs.get((other, one), 0),
    }
