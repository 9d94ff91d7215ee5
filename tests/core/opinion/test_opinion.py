"""Opinion groups and statements: what holds for every pool, however small or strange."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.opinion.grouping import find_groups
from mvote.core.opinion.space import positions
from mvote.core.opinion.statements import (
    bridging_statements,
    group_aware_consensus,
    has_majorities,
    representative_statements,
)
from mvote.core.opinion.votes import MISSING, Counts, vote_matrix

pools = st.dictionaries(
    st.tuples(st.integers(0, 30), st.integers(0, 9)), st.sampled_from([1, 0, -1]), max_size=160
)


def matrix_of(pool):
    return vote_matrix((f"{who}", f"{what}", vote) for (who, what), vote in pool.items())


def two_camps(people=20, statements=8):
    """Half agree to everything and half disagree, but all agree to the last statement."""
    return [
        (str(who), str(what), 1 if who < people // 2 or what == statements - 1 else -1)
        for who in range(people)
        for what in range(statements)
    ]


def counts_of(matrix, groups):
    return {name: matrix.counts(members) for name, members in groups.items()}


@given(pools, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_groups_are_the_same_whatever_the_order_of_rows_and_columns(pool, chance):
    shuffled = list(pool.items())
    chance.shuffle(shuffled)
    one, other = find_groups(matrix_of(pool)), find_groups(matrix_of(dict(shuffled)))
    assert one == other
    assert list(one.groups) == list(other.groups)


@given(pools)
@settings(max_examples=60)
def test_groups_part_those_who_voted_enough_and_nobody_else(pool):
    matrix = matrix_of(pool)
    found = find_groups(matrix)
    members = [who for some in found.groups.values() for who in some]
    votes = np.count_nonzero(matrix.cells != MISSING, axis=1)
    enough = min(7, len(matrix.statements))
    assert sorted(members) == sorted(
        who for who, count in zip(matrix.participants, votes, strict=True) if count >= enough
    )
    sizes = [len(some) for some in found.groups.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) <= 5
    assert set(found.places) == set(matrix.participants)
    assert all(-1 <= fit <= 1 for fit in found.silhouettes.values())


@given(pools)
@settings(max_examples=60)
def test_counts_of_groups_and_of_those_in_none_add_up_to_all(pool):
    matrix = matrix_of(pool)
    groups = find_groups(matrix).groups
    grouped = {who for some in groups.values() for who in some}
    parts = [*groups.values(), [who for who in matrix.participants if who not in grouped]]
    counted = [matrix.counts(some) for some in parts]
    for statement, total in matrix.counts().items():
        assert total.agree == sum(one[statement].agree for one in counted)
        assert total.disagree == sum(one[statement].disagree for one in counted)
        assert total.passed == sum(one[statement].passed for one in counted)
        assert total.seen == sum(what == int(statement) for _, what in pool)


@given(pools)
@settings(max_examples=60)
def test_statements_are_ranked_by_exact_consensus_and_all_of_them(pool):
    matrix = matrix_of(pool)
    groups = counts_of(matrix, find_groups(matrix).groups)
    consensus = group_aware_consensus(groups.values())
    ranked = bridging_statements(groups.values())
    assert sorted(ranked) == sorted(consensus)
    values = [consensus[one] for one in ranked]
    assert values == sorted(values, reverse=True)
    assert all(0 < value < 1 for value in values)
    stands = representative_statements(groups)
    assert all(1 <= len(some) <= 5 for some in stands.values())


def test_the_last_vote_counts():
    matrix = vote_matrix([("1", "1", 1), ("2", "1", 1), ("1", "1", -1)])
    assert matrix.counts() == {"1": Counts(1, 1, 0)}


def test_a_vote_of_another_value_is_refused():
    with pytest.raises(ValueError, match="1, 0 or -1"):
        vote_matrix([("1", "1", 2)])


def test_two_camps_are_found_and_what_both_agree_to_bridges_them():
    matrix = vote_matrix(two_camps())
    found = find_groups(matrix)
    assert found.groups == {
        "0": tuple(str(who) for who in range(10)),
        "1": tuple(str(who) for who in range(10, 20)),
    }
    assert found.silhouettes[2] == max(found.silhouettes.values())
    groups = counts_of(matrix, found.groups)
    assert bridging_statements(groups.values())[0] == "7"
    assert has_majorities("7", groups.values())
    assert not has_majorities("0", groups.values())
    assert group_aware_consensus(groups.values())["7"] == Fraction(11, 12) ** 2
    stands = representative_statements(groups)
    assert all(one.agrees for one in stands["0"])
    assert [one.agrees for one in stands["1"]] == [True] + [False] * 4


def test_a_missing_vote_pulls_nowhere():
    """Who voted on half of the statements stands where their camp stands."""
    votes = [one for one in two_camps() if one[0] != "3" or int(one[1]) < 7]
    places = find_groups(vote_matrix(votes)).places
    assert places["3"][0] == pytest.approx(places["4"][0], rel=0.1)
    passes = [one if one[0] != "3" or int(one[1]) < 4 else (*one[:2], 0) for one in two_camps()]
    passing = find_groups(vote_matrix(passes)).places
    assert abs(passing["3"][0]) < 0.7 * abs(passing["4"][0])


@pytest.mark.parametrize(
    ("votes", "sizes"),
    [
        ([], []),
        ([("1", "1", 1)], [1]),
        ([("1", str(what), 1) for what in range(9)], [1]),
        ([(str(who), "1", 1) for who in range(9)], [9]),
        ([(str(who), str(what), 0) for who in range(9) for what in range(9)], [9]),
        ([(str(who), "1", 1 - 2 * (who % 2)) for who in range(8)], [4, 4]),
        ([("1", "1", 1), ("2", "1", -1)], [1, 1]),
        ([(str(who), str(who), 1) for who in range(20)], []),
    ],
)
def test_pools_of_one_person_one_statement_or_one_opinion_are_grouped(votes, sizes):
    matrix = vote_matrix(votes)
    found = find_groups(matrix)
    assert [len(some) for some in found.groups.values()] == sizes
    assert positions(matrix.cells).shape == (len(matrix.participants), 2)
    representative_statements(counts_of(matrix, found.groups))


def test_a_pool_without_votes_has_a_place_for_each():
    assert not positions(np.full((3, 4), MISSING, dtype=np.int8)).any()
    assert positions(np.zeros((0, 0), dtype=np.int8)).shape == (0, 2)


def test_both_ways_to_the_directions_lead_to_the_same_places():
    """More statements than people are worked out from people, and the other way round."""
    chance = np.random.default_rng(5)
    cells = chance.choice(np.array([1, 0, -1, MISSING], dtype=np.int8), (30, 29))
    wide = np.concatenate([cells, np.full((30, 2), 1, dtype=np.int8)], axis=1)
    scale = np.sqrt(31 / 29) * np.sqrt(
        np.count_nonzero(cells != MISSING, axis=1) / np.count_nonzero(wide != MISSING, axis=1)
    )
    assert np.allclose(positions(wide), positions(cells) * scale[:, None], atol=1e-6)


def test_a_statement_that_a_group_never_saw_is_no_bridge():
    groups = [{"1": Counts(5, 0, 0)}, {"1": Counts(0, 0, 0), "2": Counts(1, 0, 0)}]
    assert not has_majorities("1", groups)
    assert group_aware_consensus(groups) == {
        "1": Fraction(6, 7) / 2,
        "2": Fraction(1, 2) * Fraction(2, 3),
    }
