"""Rankings, whichever way they are made."""

import pytest

from mvote.core.shapes import Ranking


def test_rankings_made_of_rows_are_those_made_one_by_one():
    rows = [("a", "b"), (), ("c",)]
    made = Ranking.many(rows)
    assert (
        made
        == [Ranking.of(row) for row in rows]
        == [Ranking((("a",), ("b",))), Ranking(()), Ranking((("c",),))]
    )
    assert len({*made, Ranking.of(["a", "b"])}) == 3


def test_a_single_id_is_a_rank_of_its_own_beside_shared_ones():
    assert Ranking.of(["b", {"c", "a"}, ["d"]]).groups == (("b",), ("a", "c"), ("d",))


@pytest.mark.parametrize("groups", [["a", "a"], ["a", ["b", "a"]]])
def test_an_option_stands_in_one_rank_only(groups):
    with pytest.raises(ValueError, match="one rank only"):
        Ranking.of(groups)
    with pytest.raises(ValueError, match="one rank only"):
        Ranking.many([("a", "b", "a")])


@pytest.mark.parametrize("groups", [((),), (("b", "a"),), (("a", "a"),)])
def test_a_rank_is_not_empty_and_in_order(groups):
    with pytest.raises(ValueError, match="rank"):
        Ranking(groups)


def test_a_rank_of_one_can_be_spelled_in_any_way():
    plain = Ranking((("a",), ("b",), ("c",)))
    for spelled in ("abc", ["a", "b", "c"], [["a"], ("b",), ["c"]], [{"a"}, "b", iter("c")]):
        assert Ranking.of(spelled) == plain
    assert Ranking.of([["b", "a"], ["c"]]).groups == (("a", "b"), ("c",))
    for wrong in ("aba", [["a"], ["b"], ["a"]], ["a", ["b", "a"]], [["a"], []]):
        with pytest.raises(ValueError, match=r"one rank only|has to hold"):
            Ranking.of(wrong)
