"""Permits counted apart by rules fixed in the poll, and whether the result would be another."""

import itertools
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mvote.core.counted_apart import Quarantined, Without
from mvote.core.poll import DefinitionRefused, DraftRefused, PollDefinition, PollDraft
from mvote.core.quarantine import (
    KINDS,
    QuarantineRule,
    also,
    counted_under,
    fits,
    flagged_at_issuing,
)
from mvote.core.result import Figures, compose, tally
from mvote.core.secrecy.blind_signing import BlindSigner
from tests.makers import make_poll_draft
from tests.phone.bundles import AT, Vote
from tests.votes.carrying import secret_key

PROOF, STRUCK = {"rule": "proof", "below": "register"}, {"rule": "struck"}
REVOKED = {"rule": "revoked-code"}


def _draft(**changes: Any) -> PollDraft:
    return PollDraft.from_json(make_poll_draft(record="r1", **changes))


def test_without_rules_nothing_of_it_stands_in_the_poll() -> None:
    closes = make_poll_draft()["closes"]
    unsaid, said = _draft(closes=closes), _draft(closes=closes, quarantine=[])
    assert "quarantine" not in unsaid.to_json()
    assert said.to_json() == unsaid.to_json()
    approved = unsaid.approved(poll="p1").to_json()
    with pytest.raises(DefinitionRefused):
        type(unsaid.approved(poll="p1")).from_json({**approved, "quarantine": []})


@pytest.mark.parametrize(
    "changes",
    [
        {"quarantine": [PROOF, STRUCK]},
        {"roll_key": "entry", "proof": "register", "quarantine": [REVOKED, STRUCK]},
        {
            "roll_key": "entry",
            "proof": "register",
            "quarantine": [{"rule": "proof", "below": "desk"}],
        },
    ],
)
def test_rules_are_frozen_as_they_were_drafted_and_have_words(changes: Any) -> None:
    made = _draft(**changes)
    assert made.to_json()["quarantine"] == changes["quarantine"]
    assert PollDraft.from_json(made.to_json()) == made
    for one in made.quarantine:
        assert all("{" not in words and words for words in one.words.values())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quarantine": None}, "quarantine"),
        ({"quarantine": {}}, "quarantine"),
        ({"quarantine": [{}]}, "quarantine[0].rule"),
        ({"quarantine": [{"rule": "name"}]}, "quarantine[0].rule"),
        ({"quarantine": [{"rule": []}]}, "quarantine[0].rule"),
        ({"quarantine": [STRUCK, STRUCK]}, "quarantine[1].rule"),
        ({"quarantine": [{**STRUCK, "below": "sms"}]}, "quarantine[0].below"),
        ({"quarantine": [{"rule": "proof"}]}, "quarantine[0].below"),
        ({"quarantine": [{"rule": "proof", "below": "sms"}]}, "quarantine[0].below"),
        ({"quarantine": [{"rule": "proof", "below": "desk"}]}, "quarantine[0].below"),
        ({"proof": "register", "quarantine": [PROOF]}, "quarantine[0].below"),
        ({"quarantine": [REVOKED]}, "quarantine[0].rule"),
        ({"roll_key": "oidc", "proof": "oidc", "quarantine": [STRUCK]}, "quarantine[0].rule"),
    ],
)
def test_a_rule_that_is_none_or_flags_nobody_is_refused_at_its_field(
    changes: Any, field: str
) -> None:
    with pytest.raises(DraftRefused) as refused:
        _draft(**changes)
    assert field in refused.value.errors


def test_every_permit_is_counted_under_one_rule_whatever_is_released() -> None:
    """For all sets of rules that a permit meets and of rules that are released."""
    rules = [
        QuarantineRule("proof", "desk"),
        QuarantineRule("struck"),
        QuarantineRule(REVOKED["rule"]),
    ]
    names = [one.rule for one in rules]
    sets = [set(some) for n in range(4) for some in itertools.combinations(names, n)]
    for met, released in itertools.product(sets, sets):
        flags = None
        for name in met:
            flags = also(also(flags, name), name)
        under = counted_under(flags or "", rules, released)
        if not met:
            assert under is None
        elif met <= released:
            assert under in met
        else:
            assert under in met - released
    assert flagged_at_issuing(rules, proof="oidc") == "proof"
    assert flagged_at_issuing(rules, proof="desk") is None
    assert flagged_at_issuing(rules[1:], proof="sms") is None


def test_a_board_says_a_number_for_each_rule_and_no_more_than_were_issued() -> None:
    rules = [QuarantineRule("struck"), QuarantineRule("proof", "register")]
    assert fits(None, (), 5)
    assert fits({"struck": 2, "proof": 3}, rules, 5)
    for counts in (None, {}, {"struck": 2}, {"struck": 3, "proof": 3}):
        assert not fits(counts, rules, 5)
    assert not fits({}, (), 5)


def _definition(**changes: Any) -> PollDefinition:
    return _frozen(json.dumps({**make_poll_draft()["decision"], **changes}))


@cache
def _frozen(decision: str) -> PollDefinition:
    signer = BlindSigner(secret_key())
    return Vote(signer=signer, decision=json.loads(decision), quarantine=[STRUCK]).definition


def _said(yes: int, no: int, apart: Quarantined, **changes: Any) -> dict[str, Any]:
    poll = _definition(**changes)
    grouped = [('{"q1":["yes"]}', yes), ('{"q1":["no"]}', no)]
    outcomes = tally(poll, grouped, poll_hash=poll.hash)
    figures = Figures(eligible=None, issued=yes + no, voters=yes + no, entries=yes + no)
    told: Any = {"poll_hash": poll.hash, "closed_at": AT, "published_at": AT, "quarantined": apart}
    made = compose(poll, outcomes, figures, **told)
    assert made["voters"] == yes + no
    assert made["questions"][0]["outcome"]["totals"] == {"yes": str(yes), "no": str(no)}
    return dict(made["quarantine"])


@pytest.mark.parametrize("rule", [{}, {"threshold": {"numerator": 3, "denominator": 5}}])
@pytest.mark.parametrize("quorum", [{"kind": "none"}, {"kind": "voters", "least": 7}])
def test_of_what_is_not_known_to_be_told_apart_is_said_what_any_of_them_could_change(
    rule: Any, quorum: Any
) -> None:
    """Held against all that may be left when any so many ballots are taken out; a tie is close."""
    changes = {**rule, "quorum": quorum}
    for yes, no, most in itertools.product(range(1, 7), range(5), range(3)):
        poll = _definition(**changes)
        said = _said(yes, no, Quarantined({"struck": most}, frozenset()), **changes)
        results = set()
        for taken in itertools.product(range(min(yes, most) + 1), range(min(no, most) + 1)):
            if sum(taken) > most:
                continue
            left = [('{"q1":["yes"]}', yes - taken[0]), ('{"q1":["no"]}', no - taken[1])]
            others = tally(poll, [one for one in left if one[1]], poll_hash=poll.hash)
            voters = yes + no - sum(taken)
            figures = Figures(eligible=None, issued=voters, voters=voters, entries=voters)
            told = compose(
                poll, others, figures, poll_hash=poll.hash, closed_at=AT, published_at=AT
            )
            decision = told["decision"]
            chosen, met = decision["chosen"]["q1"], decision["quorum_met"]
            count, passed = others["q1"], decision["threshold_met"]["q1"]
            results.add((count.winners, bool(count.ties), tuple(chosen), met, passed))
        assert (said["changes"] == "no") == (len(results) == 1), (yes, no, most, results)
        assert said["changes"] in {"no", "possible"}


def test_where_they_are_known_they_are_left_out_beside_a_result_that_holds_them() -> None:
    poll = _definition()
    others = tally(poll, [('{"q1":["no"]}', 4), ('{"q1":["yes"]}', 2)], poll_hash=poll.hash)
    apart = Quarantined({"struck": 3}, frozenset(), Without(3, others))
    said = _said(5, 4, apart)
    assert (said["changes"], said["held"], said["ballots"]) == ("yes", 3, 3)
    assert said["without"]["questions"][0]["chosen"] == ["no"]
    assert (
        _said(
            5,
            1,
            Quarantined(
                {"struck": 1},
                frozenset(),
                Without(
                    0,
                    tally(poll, [('{"q1":["yes"]}', 5), ('{"q1":["no"]}', 1)], poll_hash=poll.hash),
                ),
            ),
        )["changes"]
        == "no"
    )
    waiting = Quarantined({"struck": 3}, frozenset(), Without(3, None))
    assert _said(5, 4, waiting)["changes"] == "unknown"


def test_what_was_released_is_counted_and_holds_nothing_apart() -> None:
    said = _said(3, 2, Quarantined({"struck": 4}, frozenset({"struck"})))
    assert (said["held"], said["changes"]) == (0, "no")
    assert said["rules"] == [{"rule": "struck", "permits": 4, "released": True}]


def test_every_rule_says_in_both_languages_whom_it_flags() -> None:
    assert KINDS.names() == ("proof", "struck", "revoked-code")
    assert all(set(one.label) == {"ko", "en"} for one in KINDS)


def test_polls_that_were_frozen_before_there_were_such_rules_keep_their_hash() -> None:
    """Those of a city's database of the first release."""
    filled = Path(__file__).parents[1] / "migrations" / "filled_0001.json"
    rows = json.loads(filled.read_text(encoding="utf-8"))["tables"]["votes"]["polls"]
    frozen = [row for row in rows if row["definition"]]
    assert len(frozen) > 1
    for row in frozen:
        assert PollDefinition.from_json(json.loads(row["definition"])).hash == row["ph"]
