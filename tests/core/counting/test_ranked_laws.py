"""Laws of the counts of rankings, over every method in the registry that counts them."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mvote.core.counting import METHODS
from mvote.core.shapes import Ranking
from tests.core.counting.ranked import IDS, count, untied

RANKED = [
    method.name
    for method in METHODS
    if method.shape is Ranking and not method.name.startswith("budget-")
]
TRANSFERABLE = [name for name in RANKED if name.startswith("stv-")]
CONDORCET = ["schulze", "ranked-pairs", "copeland"]
ANY = pytest.mark.parametrize("name", RANKED)
FEW = settings(max_examples=12, deadline=None)
SEATS = st.integers(1, 4)


@st.composite
def ballots(draw):
    """Any ballots, with equal ranks, ties and blanks among them."""
    spelled = (
        st.lists(st.sampled_from(IDS), unique=True)
        .flatmap(
            lambda ids: st.tuples(
                *[
                    st.just(one) if place == 0 else st.sampled_from([one, f"={one}"])
                    for place, one in enumerate(ids)
                ]
            )
        )
        .map("".join)
    )
    return draw(st.dictionaries(spelled, st.integers(0, 6), max_size=9))


def with_seats(name, seats):
    return {} if name == "run-off" else {"seats": seats}


@ANY
@FEW
@given(given_=ballots(), seats=SEATS)
def test_totals_and_what_counts_for_nobody_are_all_valid_votes(name, given_, seats):
    outcome = count(name, given_, with_seats(name, seats), rule="drawn")
    if name in ("bucklin", "borda", *CONDORCET):
        return
    for stage in outcome.rounds:
        everything = sum(stage.totals.values()) + stage.exhausted + (stage.lost or 0)
        assert everything == outcome.valid
        assert stage.exhausted >= 0
        assert min(stage.totals.values()) >= 0
        assert 0 <= (stage.lost or 0) < 1
        for move in stage.transfers:
            assert set(move.to) <= set(stage.totals) - {move.option}
            assert all(type(votes) in (int, Fraction) for votes in move.to.values())


@ANY
@FEW
@given(given_=ballots(), seats=SEATS)
def test_stages_name_the_winners_once_each_in_the_order_of_election(name, given_, seats):
    outcome = count(name, given_, with_seats(name, seats), rule="earlier-round")
    assert len(outcome.winners) <= (1 if name == "run-off" else seats)
    if name in ("borda", *CONDORCET):
        return
    assert [one for stage in outcome.rounds for one in stage.elected] == list(outcome.winners)
    out = [one for stage in outcome.rounds for one in stage.eliminated]
    assert len(out) == len(set(out))
    assert not set(out) & set(outcome.winners)


@ANY
@FEW
@given(given_=ballots(), withdrawn=st.sets(st.sampled_from(IDS), max_size=4))
def test_who_withdrew_never_wins_and_changes_nothing_between_the_others(name, given_, withdrawn):
    outcome = count(name, given_, {"withdrawn": sorted(withdrawn)})
    assert not withdrawn & set(outcome.winners)
    assert all(outcome.totals[one] == 0 for one in withdrawn)
    without = {}
    for ballot, weight in given_.items():
        kept = _without(ballot, withdrawn)
        without[kept] = without.get(kept, 0) + weight
    others = "".join(one for one in IDS if one not in withdrawn)
    same = count(name, without, ids=others)
    assert same.winners == outcome.winners
    assert all(same.totals[one] == outcome.totals[one] for one in others)


def _without(ballot, withdrawn):
    """The ballot with those on no rank any more who withdrew."""
    groups = [[]]
    for one in ballot:
        if one == "=":
            continue
        if groups[-1] and ballot[ballot.index(one) - 1] != "=":
            groups.append([])
        groups[-1].append(one)
    kept = [[one for one in group if one not in withdrawn] for group in groups]
    return "".join("=".join(group) for group in kept)


@ANY
@FEW
@given(given_=untied(), new=st.permutations(IDS))
def test_names_do_not_matter_where_nobody_is_tied(name, given_, new):
    renamed = dict(zip(IDS, new, strict=True))
    outcome = count(name, given_, rule="undecided")
    assume(not outcome.ties)
    swapped = {"".join(renamed[one] for one in ballot): w for ballot, w in given_.items()}
    other = count(name, swapped, rule="undecided")
    assert other.winners == tuple(renamed[one] for one in outcome.winners)
    assert all(other.totals[renamed[one]] == outcome.totals[one] for one in IDS)


@pytest.mark.parametrize("name", [one for one in RANKED if one != "borda"])
@FEW
@given(given_=untied(), winner=st.sampled_from(IDS))
def test_whoever_most_voters_put_first_wins(name, given_, winner):
    """Borda alone may do otherwise."""
    outcome = count(name, {**given_, winner: sum(given_.values()) + 1})
    assert outcome.winners == (winner,)


@pytest.mark.parametrize("name", CONDORCET)
@FEW
@given(given_=ballots(), strength=st.sampled_from(["margins", "winning-votes"]))
def test_whoever_beats_every_other_wins_and_whoever_loses_to_all_does_not(name, given_, strength):
    options = {} if name == "copeland" else {"strength": strength}
    outcome = count(name, given_, options, rule="drawn")
    table = outcome.pairwise
    for one in IDS:
        others = [other for other in IDS if other != one]
        if all(table[one][other] > table[other][one] for other in others):
            assert outcome.winners == (one,)
        if all(table[one][other] < table[other][one] for other in others):
            assert outcome.winners != (one,)


@pytest.mark.parametrize("name", TRANSFERABLE)
@FEW
@given(given_=untied(full=True), data=st.data())
def test_a_solid_coalition_gets_the_seats_its_quotas_are_worth(name, given_, data):
    """Droop proportionality: k quotas of voters who put the same options first elect k of them."""
    seats = data.draw(st.integers(1, 3))
    many = sum(given_.values())
    coalition = data.draw(st.sampled_from(["ab", "bd", "cde"]))
    front = "".join(data.draw(st.permutations(coalition)))
    rest = "".join(one for one in IDS if one not in coalition)
    weight = data.draw(st.integers(1, 4)) * many
    outcome = count(name, {**given_, front + rest: weight}, {"seats": seats}, rule="listed")
    quotas = (weight * (seats + 1) - 1) // (many + weight)
    held = len(set(outcome.winners) & set(coalition))
    assert held >= min(quotas, len(coalition), seats)


@pytest.mark.parametrize("name", [one for one in TRANSFERABLE if one != "stv-cfer"])
@FEW
@given(given_=untied())
def test_with_one_seat_a_transferable_vote_elects_as_instant_runoff_does(name, given_):
    assert count(name, given_).winners == count("irv", given_).winners


@FEW
@given(given_=untied(full=True))
def test_a_run_off_is_between_the_two_first(given_):
    outcome = count("run-off", given_)
    first = {one: sum(w for b, w in given_.items() if b[0] == one) for one in IDS}
    best = sorted(first, key=first.get, reverse=True)[:2]
    assert outcome.winners[0] in best
