"""What an outcome decides under a rule fixed beforehand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import canonical_bytes
from mvote.core.counting.outcome import Outcome
from mvote.core.decision import DecisionRefused, DecisionRule, apply


def rule(**changes):
    return {
        "weight_percent": 100,
        "quorum": {"kind": "none"},
        "threshold": None,
        "ties": "listed",
        "results": "after-close",
        **changes,
    }


def outcome(totals, winners, valid, blank=0):
    words = {"ko": "설명", "en": "words"}
    return Outcome("plurality", valid + blank, valid, blank, totals, winners, (), (), words)


def decide(raw, votes=(60, 40), *, voters=100, eligible=None):
    yes, no = votes
    counted = outcome({"yes": yes, "no": no}, ("yes" if yes >= no else "no",), yes + no)
    return apply(DecisionRule.from_json(raw), {"q1": counted}, voters=voters, eligible=eligible)


def test_without_quorum_and_threshold_the_winner_is_chosen():
    decision = decide(rule())
    assert decision.quorum_met
    assert decision.threshold_met == {"q1": True}
    assert decision.chosen == {"q1": ("yes",)}
    assert "구속력" in decision.words["ko"]


@pytest.mark.parametrize(("voters", "met"), [(99, False), (100, True)])
def test_a_quorum_of_voters(voters, met):
    decision = decide(rule(quorum={"kind": "voters", "least": 100}), voters=voters)
    assert decision.quorum_met is met
    assert decision.chosen["q1"] == (("yes",) if met else ())
    assert ("is met" in decision.words["en"]) is met


@pytest.mark.parametrize(("voters", "met"), [(33, False), (34, True)])
def test_a_quorum_that_is_a_share_is_not_rounded(voters, met):
    raw = rule(quorum={"kind": "percent-of-eligible", "least": 33})
    assert decide(raw, voters=voters, eligible=101).quorum_met is met


def test_a_share_of_an_unknown_number_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="eligible"):
        decide(rule(quorum={"kind": "percent-of-eligible", "least": 33}))


@pytest.mark.parametrize(("votes", "met"), [((50, 50), False), ((51, 50), True)])
def test_a_threshold_has_to_be_passed_not_reached(votes, met):
    decision = decide(rule(threshold={"numerator": 1, "denominator": 2}), votes)
    assert decision.threshold_met == {"q1": met}
    assert decision.chosen["q1"] == (("yes",) if met else ())


def test_a_threshold_is_a_share_of_the_valid_votes_without_the_blank_ones():
    made = DecisionRule.from_json(rule(threshold={"numerator": 1, "denominator": 2}))
    counted = outcome({"yes": 6, "no": 4}, ("yes",), 10, blank=90)
    assert apply(made, {"q1": counted}, voters=100, eligible=None).chosen["q1"] == ("yes",)


def test_of_several_winners_those_stay_that_pass_the_threshold():
    made = DecisionRule.from_json(rule(threshold={"numerator": 1, "denominator": 4}))
    counted = outcome({"a": 50, "b": 25, "c": 26}, ("a", "c", "b"), 100)
    decision = apply(made, {"q1": counted}, voters=100, eligible=None)
    assert decision.chosen["q1"] == ("a", "c")
    assert decision.threshold_met["q1"]


def test_a_decision_is_canonical_json():
    decision = decide(rule(weight_percent=30, threshold={"numerator": 0, "denominator": 1}))
    assert canonical_bytes(decision.to_json())
    assert "30%" in decision.words["en"]


@given(
    weight=st.integers(0, 100),
    least=st.integers(1, 100),
    kind=st.sampled_from(["none", "voters", "percent-of-eligible"]),
    denominator=st.integers(0, 9),
)
def test_a_rule_survives_json(weight, least, kind, denominator):
    quorum = {"kind": kind} if kind == "none" else {"kind": kind, "least": least}
    share = {"numerator": 0, "denominator": denominator} if denominator else None
    raw = rule(weight_percent=weight, quorum=quorum, threshold=share)
    assert DecisionRule.from_json(raw).to_json() == raw


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weight_percent": -1}, "weight_percent"),
        ({"weight_percent": 50.0}, "weight_percent"),
        ({"quorum": None}, "quorum"),
        ({"quorum": {"kind": "all"}}, "quorum.kind"),
        ({"quorum": {"kind": "none", "least": 1}}, "quorum.least"),
        ({"quorum": {"kind": "voters", "least": 0}}, "quorum.least"),
        ({"quorum": {"kind": "percent-of-eligible", "least": 101}}, "quorum.least"),
        ({"threshold": {"numerator": 2, "denominator": 2}}, "threshold.numerator"),
        ({"threshold": {"numerator": 1, "denominator": 0}}, "threshold.denominator"),
        ({"threshold": "half"}, "threshold"),
        ({"results": "never"}, "results"),
        ({"luck": 1}, "luck"),
    ],
)
def test_a_bad_rule_is_refused_at_the_field(changes, field):
    with pytest.raises(DecisionRefused) as caught:
        DecisionRule.from_json(rule(**changes))
    assert field in caught.value.errors


def test_a_rule_without_a_threshold_says_so():
    raw = rule()
    del raw["threshold"]
    with pytest.raises(DecisionRefused):
        DecisionRule.from_json(raw)
