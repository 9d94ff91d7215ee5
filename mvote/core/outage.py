"""The outage rule, frozen in the poll: whether a declared outage moves the closing, how far.

Receipts promise a place on the board by the latest closing that the rule allows, so that
they stay true whatever is declared, and nothing in them tells when a ballot came.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from mvote.core.canonical import JSON
from mvote.core.errors import Conflict, Invalid, Refusal
from mvote.core.fields import Reader
from mvote.core.times import iso

LEAST_SECONDS = 60
MOST_SECONDS = 7 * 24 * 3600


class OutagesMoveNothing(Conflict):
    words = {
        "ko": "장애가 나도 마감을 늦추지 않기로 확정된 투표입니다.",
        "en": "This poll was frozen without a rule by which an outage moves its closing.",
    }


class ClosingMovedFarEnough(Conflict):
    words = {
        "ko": "확정된 한도({closes})까지 이미 마감을 늦추었습니다.",
        "en": "The closing was already moved as far as the frozen rule allows: {closes}.",
    }


class OutageOverlaps(Conflict):
    words = {
        "ko": "이미 선언된 장애 시간과 겹칩니다.",
        "en": "This outage overlaps with one that was declared before.",
    }


class OutageNotInside(Invalid):
    words = {
        "ko": "장애는 투표를 시작한 뒤 이미 시작되었고 지금의 마감({closes}) 안에 끝나야 합니다.",
        "en": "An outage has to have begun, after the opening, and to end by the closing {closes}.",
    }


@dataclass(frozen=True, slots=True)
class OutageRule:
    """The closing moves by the length of a declared outage, in all ``most_seconds`` at most."""

    most_seconds: int

    def to_json(self) -> dict[str, JSON]:
        return {"extend": True, "most_seconds": self.most_seconds}


class Outage(NamedTuple):
    """From ``begin`` on nobody could vote, until ``end``.  Aware, in UTC, whole seconds."""

    begin: datetime
    end: datetime


@dataclass
class Closings:
    """Follow a board: each outage noted on it has to move the closing as the rule says."""

    rule: OutageRule | None
    frozen: datetime
    closes: datetime
    before: list[Outage] = field(default_factory=list)

    @classmethod
    def of(cls, rule: OutageRule | None, frozen: datetime) -> "Closings":
        return cls(rule, frozen, frozen)

    def take(self, outage: Outage, *, closes: datetime, at: datetime) -> bool:
        """Whether an outage noted ``at`` moves the closing to ``closes`` and nowhere else.

        When the poll was opened stands on no board, so nothing is said about that.
        """
        try:
            moved = moved_closing(
                outage,
                rule=self.rule,
                frozen=self.frozen,
                closes=self.closes,
                opened=outage.begin,
                before=self.before,
                now=at,
            )
        except Refusal:
            return False
        if moved != closes or at >= self.closes:
            return False
        self.closes = closes
        self.before.append(outage)
        return True


def read_outage(read: Reader) -> OutageRule | None:
    """The field ``outage`` of a draft; None where the closing never moves, as by default."""
    if "outage" not in read.raw:
        return None
    inner = Reader(read.object("outage"), read.faults, "outage")
    inner.only("extend", "most_seconds")
    if not inner.boolean("extend"):
        if "most_seconds" in inner.raw:
            inner.fault("most_seconds", "belongs to a closing that an outage moves")
        return None
    return OutageRule(inner.integer("most_seconds", least=LEAST_SECONDS, most=MOST_SECONDS))


def latest_closing(closes: datetime, rule: OutageRule | None) -> datetime:
    """When a poll that was frozen to close at ``closes`` is closed at the very latest."""
    return closes + timedelta(seconds=rule.most_seconds if rule else 0)


def moved_closing(
    outage: Outage,
    *,
    rule: OutageRule | None,
    frozen: datetime,
    closes: datetime,
    opened: datetime,
    before: Sequence[Outage],
    now: datetime,
) -> datetime:
    """When the poll closes, now that ``outage`` is declared; it was to close at ``closes``.

    ``before`` are the outages that moved it there from the ``frozen`` closing.  Raises
    OutagesMoveNothing, OutageNotInside, OutageOverlaps, ClosingMovedFarEnough.
    """
    if rule is None:
        raise OutagesMoveNothing()
    if not opened <= outage.begin < outage.end <= closes or outage.begin > now:
        raise OutageNotInside(closes=iso(closes))
    if any(outage.begin < one.end and one.begin < outage.end for one in before):
        raise OutageOverlaps()
    latest = latest_closing(frozen, rule)
    moved = min(closes + (outage.end - outage.begin), latest)
    if moved <= closes:
        raise ClosingMovedFarEnough(closes=iso(latest))
    return moved
