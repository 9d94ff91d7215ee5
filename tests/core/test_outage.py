"""By how much a declared outage moves a closing, and what of it is frozen."""

from datetime import UTC, datetime, timedelta

import pytest

from mvote.core.outage import (
    ClosingMovedFarEnough,
    Outage,
    OutageNotInside,
    OutageOverlaps,
    OutageRule,
    OutagesMoveNothing,
    moved_closing,
)
from mvote.core.poll import DefinitionRefused, DraftRefused, PollDraft
from mvote.core.secrecy.receipt import include_by
from mvote.core.times import iso
from tests.makers import make_poll_draft

CLOSES = datetime(2030, 6, 1, 18, tzinfo=UTC)
OPENED = CLOSES - timedelta(hours=9)


def _at(hour: float) -> datetime:
    return CLOSES.replace(hour=0) + timedelta(hours=hour)


def _move(begin: float, end: float, **changes: object) -> datetime:
    facts = {
        "rule": OutageRule(2 * 3600),
        "frozen": CLOSES,
        "closes": CLOSES,
        "opened": OPENED,
        "before": (),
        "now": _at(17.5),
    }
    return moved_closing(Outage(_at(begin), _at(end)), **{**facts, **changes})  # type: ignore[arg-type]


def test_the_closing_moves_by_the_length_of_the_outage_and_no_further_than_frozen() -> None:
    assert _move(12, 13.5) == _at(19.5)
    assert _move(10, 17) == _at(20)
    assert _move(17, 18) == _at(19)
    once = {"closes": _at(19.5), "before": (Outage(_at(12), _at(13.5)),)}
    assert _move(14, 17, **once) == _at(20)


@pytest.mark.parametrize(
    ("begin", "end", "changes", "refusal"),
    [
        (12, 13, {"rule": None}, OutagesMoveNothing),
        (13, 13, {}, OutageNotInside),
        (13, 12, {}, OutageNotInside),
        (8, 10, {}, OutageNotInside),
        (17.9, 18, {}, OutageNotInside),
        (12, 18.1, {}, OutageNotInside),
        (12, 13, {"before": (Outage(_at(12.5), _at(12.6)),)}, OutageOverlaps),
        (12, 13, {"closes": _at(20)}, ClosingMovedFarEnough),
        (12, 13, {"closes": _at(21)}, ClosingMovedFarEnough),
    ],
)
def test_a_closing_moves_for_no_other_reason(
    begin: float, end: float, changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        _move(begin, end, **changes)


def _draft(**changes: object) -> PollDraft:
    return PollDraft.from_json(make_poll_draft(record="r1", **changes))


def test_without_a_rule_nothing_of_it_stands_in_the_poll() -> None:
    unsaid, said = _draft(closes=iso(CLOSES)), _draft(closes=iso(CLOSES), outage={"extend": False})
    assert "outage" not in unsaid.to_json()
    assert said.to_json() == unsaid.to_json()
    assert unsaid.latest_closing == CLOSES


def test_a_rule_is_frozen_and_receipts_promise_the_latest_closing_from_the_start() -> None:
    rule = {"extend": True, "most_seconds": 7200}
    made = _draft(closes=iso(CLOSES), outage=rule, grace_seconds=600)
    assert made.to_json()["outage"] == rule
    assert PollDraft.from_json(made.to_json()) == made
    assert made.include_by == CLOSES + timedelta(seconds=7800)
    told = include_by(closes=iso(CLOSES), grace_seconds=600, outage_seconds=7200)
    assert told == iso(made.include_by)


@pytest.mark.parametrize(
    ("outage", "field"),
    [
        (None, "outage"),
        (True, "outage"),
        ({}, "outage.extend"),
        ({"extend": "yes"}, "outage.extend"),
        ({"extend": True}, "outage.most_seconds"),
        ({"extend": True, "most_seconds": 59}, "outage.most_seconds"),
        ({"extend": True, "most_seconds": True}, "outage.most_seconds"),
        ({"extend": True, "most_seconds": 7 * 86400 + 1}, "outage.most_seconds"),
        ({"extend": False, "most_seconds": 60}, "outage.most_seconds"),
        ({"extend": True, "most_seconds": 60, "who": "x"}, "outage.who"),
    ],
)
def test_a_bad_rule_is_refused_at_the_field(outage: object, field: str) -> None:
    with pytest.raises(DraftRefused) as refused:
        _draft(outage=outage)
    assert field in refused.value.errors


def test_a_frozen_poll_does_not_spell_out_the_default() -> None:
    approved = _draft().approved(poll="p1").to_json()
    with pytest.raises(DefinitionRefused):
        type(_draft().approved(poll="p1")).from_json({**approved, "outage": {"extend": False}})
