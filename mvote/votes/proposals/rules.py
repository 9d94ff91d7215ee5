"""Thresholds, proposals, how long they collect, and what happened to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON, digest
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.core.working_time import Within

COLLECTING, ENDED, WITHDRAWN, MERGED = "collecting", "ended", "withdrawn", "merged"
STATES = (COLLECTING, ENDED, WITHDRAWN, MERGED)
NEWEST, SUPPORTED, ENDING = "newest", "supported", "ending"
ORDERS = (NEWEST, SUPPORTED, ENDING)
WAITING, SHOWN, HIDDEN, REMOVED = "waiting", "published", "hidden", "removed"
"""Where a text stands with moderators, in their words; ``WITHDRAWN`` is one of them too."""
FIRST_REPLY, INTERIM, ANSWER = "first-reply", "interim", "answer"
REPLIES = (FIRST_REPLY, INTERIM, ANSWER)
STATE_WORDS: Mapping[str, Words] = {
    COLLECTING: {"ko": "공감 받는 중", "en": "collecting supports"},
    ENDED: {"ko": "공감 기간 끝남", "en": "collecting is over"},
    WITHDRAWN: {"ko": "제안자가 거둠", "en": "withdrawn by its author"},
    MERGED: {"ko": "다른 제안과 합침", "en": "merged into another"},
}
ORDER_WORDS: Mapping[str, Words] = {
    NEWEST: {"ko": "새로운 순", "en": "newest first"},
    SUPPORTED: {"ko": "공감 많은 순", "en": "most supported first"},
    ENDING: {"ko": "마감 가까운 순", "en": "ending soon first"},
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What so many supports open, and within which time the city then owes something.

    ``due`` names the kind of due and the time allowed; None owes nothing by a date.
    """

    id: str
    supports: int
    name: Words
    due: tuple[str, Within] | None

    @classmethod
    def from_json(cls, raw: JSON) -> "Stage":
        """What ``to_json`` wrote."""
        due = raw["due"]
        owed = (due["kind"], Within(due["amount"], due["unit"])) if due else None
        return cls(raw["id"], raw["supports"], raw["name"], owed)

    def to_json(self) -> dict[str, JSON]:
        due = None
        if self.due is not None:
            kind, within = self.due
            due = {"kind": kind, "amount": within.amount, "unit": within.unit}
        return {
            "id": self.id,
            "supports": self.supports,
            "name": dict(self.name),
            "due": due,
        }


def stage_words(stage: Stage, supports: int) -> dict[str, str]:
    """What a record says of a stage that was reached."""
    return {
        "ko": f"공감 {supports:,}명: {stage.name['ko']}",
        "en": f"{supports:,} support{'' if supports == 1 else 's'}: {stage.name['en']}",
    }


@dataclass(frozen=True, slots=True)
class ThresholdSet:
    """Stages by rising supports, and how many days a proposal collects them.

    ``source`` says where the numbers come from.
    """

    name: str
    title: Words
    source: str
    days: int
    stages: tuple[Stage, ...]
    shipped: bool = False

    @classmethod
    def from_json(cls, raw: JSON) -> "ThresholdSet":
        """What ``to_json`` wrote."""
        stages = tuple(map(Stage.from_json, raw["stages"]))
        return cls(raw["name"], raw["title"], raw["source"], raw["days"], stages)

    def to_json(self) -> dict[str, JSON]:
        return {
            "v": 1,
            "name": self.name,
            "title": dict(self.title),
            "source": self.source,
            "days": self.days,
            "stages": [stage.to_json() for stage in self.stages],
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form, hexadecimal."""
        return digest(self.to_json())


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage that a proposal has reached: which of its set (from 1), when, with how many."""

    number: int
    stage: Stage
    supports: int
    at: datetime

    def to_json(self) -> dict[str, JSON]:
        said = {"number": self.number, "counted": self.supports, "at": iso(self.at)}
        return self.stage.to_json() | said


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one citizen proposed.  ``title`` and ``text`` are None where nothing may be shown.

    ``standing`` is where the text stands with moderators, ``reason`` why it is hidden.
    ``opened`` is a day: no time of day of a citizen's act is kept.  ``record`` is empty until
    a stage is reached or the call has chosen it; ``into`` names the proposal it was merged
    into.  ``counted`` are the supports that a worker has added up by now.
    """

    id: str
    call: str
    department: str
    topic: str
    district: str
    title: str | None
    text: str | None
    opened: date
    until: datetime
    state: str
    standing: str
    supports: int
    counted: int
    reached: int
    record: str
    into: str
    chosen: bool = False
    reason: Words | None = None

    @property
    def shown(self) -> bool:
        return self.standing == SHOWN

    def heading(self) -> Words:
        """The title in both languages: citizens write in one."""
        return {"ko": self.title or self.id, "en": self.title or self.id}

    def to_json(self) -> dict[str, JSON]:
        return {
            "id": self.id,
            "call": self.call,
            "department": self.department,
            "topic": self.topic or None,
            "district": self.district or None,
            "title": self.title,
            "text": self.text,
            "opened": self.opened.isoformat(),
            "until": iso(self.until),
            "state": self.state,
            "standing": self.standing,
            "reason": dict(self.reason) if self.reason else None,
            "supports": self.supports,
            "reached": self.reached,
            "chosen": self.chosen,
            "record": self.record or None,
            "merged_into": self.into or None,
        }


@dataclass(frozen=True, slots=True)
class Whole:
    """A proposal with its stages, those reached, and what is linked with it.

    ``merging`` says why it was merged into another, ``polls`` are ids of drafts and polls.
    """

    proposal: Proposal
    stages: tuple[Stage, ...]
    reached: tuple[Reached, ...]
    merged: tuple[Proposal, ...]
    merging: Words | None
    polls: tuple[str, ...]

    def next_stage(self) -> Stage | None:
        """What is reached next."""
        left = self.stages[self.proposal.reached :]
        return left[0] if left else None

    def to_json(self) -> dict[str, JSON]:
        return self.proposal.to_json() | {
            "stages": [stage.to_json() for stage in self.stages],
            "stages_reached": [one.to_json() for one in self.reached],
            "merged_here": [
                {"id": one.id, "title": one.title, "supports": one.supports} for one in self.merged
            ],
            "merge_reason": dict(self.merging) if self.merging else None,
            "polls": list(self.polls),
        }


@dataclass(frozen=True, slots=True)
class Similar:
    """A proposal like a text; ``percent`` from 1 to 100."""

    proposal: Proposal
    percent: int

    def to_json(self) -> dict[str, JSON]:
        return {
            "id": self.proposal.id,
            "title": self.proposal.title,
            "state": self.proposal.state,
            "supports": self.proposal.supports,
            "percent": self.percent,
        }


@dataclass(frozen=True, slots=True)
class CallOpened(Happening):
    """``subject`` is the call; the digests are of what was frozen, and bind the city."""

    digest: str
    thresholds: str
    department: str
    by: str


@dataclass(frozen=True, slots=True)
class CallEnded(Happening):
    """``subject`` is the call; ``by`` is empty where its time had come."""

    department: str
    by: str


@dataclass(frozen=True, slots=True)
class CallWinnersChosen(Happening):
    """``subject`` is the call; ``way`` is how its winners were chosen, ``by`` empty by itself."""

    way: str
    winners: tuple[str, ...]
    department: str
    by: str


@dataclass(frozen=True, slots=True)
class ProposalChosen(Happening):
    """``subject`` is the proposal, ``number`` the record's entry that says so."""

    record: str
    number: int
    department: str


@dataclass(frozen=True, slots=True)
class ThresholdSetAdded(Happening):
    """``subject`` is the name of the set."""

    digest: str
    by: str


@dataclass(frozen=True, slots=True)
class StageReached(Happening):
    """``subject`` is the proposal, which ``supports`` supports brought to stage ``number``.

    ``entry`` is the number of the record's entry that says so.
    """

    number: int
    entry: int
    stage: str
    supports: int
    record: str
    department: str


@dataclass(frozen=True, slots=True)
class ProposalRepliedTo(Happening):
    """``subject`` is the proposal; ``kind`` says whether it is a first reply or the answer."""

    kind: str
    decision: str
    record: str
    number: int
    department: str
    by: str


@dataclass(frozen=True, slots=True)
class CollectingEnded(Happening):
    """The window of proposal ``subject`` passed; ``reached`` counts the stages it came to."""

    reached: int
    supports: int


@dataclass(frozen=True, slots=True)
class CollectingProlonged(Happening):
    """Proposal ``subject`` collects for ``days`` longer: so long it was not shown."""

    days: int
    until: str


@dataclass(frozen=True, slots=True)
class ProposalMerged(Happening):
    """``subject`` was merged into another proposal; no supports were added."""

    into: str
    department: str
    by: str


@dataclass(frozen=True, slots=True)
class ProposalPutToVote(Happening):
    """A poll was drafted from proposal or call ``subject``."""

    poll: str
    record: str
    department: str
    by: str


@dataclass(frozen=True, slots=True)
class ThresholdsAltered(Happening):
    """Call ``subject`` is not what was told when it opened, by the digest ``told``."""

    told: str


def collects_until(opened: date, days: int, zone: ZoneInfo) -> datetime:
    """The last second, in the city's zone, of the day that lies ``days`` after the first."""
    last = opened + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), zone).astimezone(UTC)


def prolonged(until: datetime, unseen: int, last: datetime) -> datetime:
    """Until when it collects after it was not shown for so many days, ``last`` at the latest."""
    return max(until, min(until + timedelta(days=unseen), last))


def newly_reached(stages: tuple[Stage, ...], supports: int, reached: int) -> range:
    """The numbers, from 1, of stages that so many supports open and that were not open yet."""
    enough = sum(stage.supports <= supports for stage in stages)
    return range(reached + 1, enough + 1)


def most_supported(supports: Mapping[str, int], most: int) -> tuple[str, ...]:
    """The ``most`` proposals with most supports, by id; a tie for the last place lets all in.

    One that nobody supports is never among them.
    """
    ranked = sorted((n for n in supports.values() if n), reverse=True)
    if not ranked:
        return ()
    least = ranked[min(most, len(ranked)) - 1]
    chosen = [(-n, one) for one, n in supports.items() if n >= least]
    return tuple(one for _, one in sorted(chosen))
