"""Questions with rankings, made up for tests."""

from hypothesis import strategies as st

from mvote.core.counting import METHODS
from mvote.core.question import Counting, Option, Question
from mvote.core.shapes import Ranking
from mvote.core.ties import tie_rule

IDS = "abcde"
WEIGHTS = [40, 60, 71, 77, 80, 82, 83, 84]
"""No two sets of these weigh the same (Conway and Guy): two options are never tied, unless both
have no ballots, and yet no single weight decides everything."""


def question(method, options=None, ids=IDS):
    return Question(
        id="q1",
        type="ranking",
        title={"ko": "질문", "en": "Question"},
        options=tuple(Option(one, {"ko": f"{one} 항목", "en": f"Option {one}"}) for one in ids),
        config={},
        counting=Counting(method, options or {}),
        blank=True,
    )


def count(method, ballots, options=None, *, ids=IDS, rule="listed", **facts):
    """Count ballots such as ``{"abc": 3, "a=bc": 1}``; ``=`` makes one rank of its neighbours."""
    asked = question(method, options, ids)
    METHODS.get(method).check_options(asked)
    pairs = ballots.items() if isinstance(ballots, dict) else ballots
    given = [(ranking(ballot), weight) for ballot, weight in pairs]
    ties = tie_rule(rule, poll_hash="0" * 64, **facts)
    return METHODS.get(method).count(asked, given, ties=ties)


def ranking(spelled):
    """``a=bc`` is a and b on the first rank and c on the second."""
    groups = []
    for place, one in enumerate(spelled):
        if one == "=":
            continue
        if place and spelled[place - 1] == "=":
            groups[-1].append(one)
        else:
            groups.append([one])
    return Ranking.of(groups)


@st.composite
def untied(draw, *, full=False, ids=IDS):
    """Ballots that no two options share: each option is first on one, all weights differ."""
    ballots = {}
    firsts = list(ids) + draw(st.lists(st.sampled_from(ids), max_size=len(WEIGHTS) - len(ids)))
    weights = draw(st.permutations(WEIGHTS))
    for first, weight in zip(firsts, weights, strict=False):
        rest = "".join(draw(st.permutations([one for one in ids if one != first])))
        kept = len(rest) if full else draw(st.integers(0, len(rest)))
        ballot = first + rest[:kept]
        ballots[ballot] = ballots.get(ballot, 0) + weight
    return ballots
