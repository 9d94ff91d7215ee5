"""A call: what is frozen as it opens, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from mvote.core.canonical import JSON, digest
from mvote.core.eligibility import AudienceRefused, check_audience
from mvote.core.fields import Faults
from mvote.core.proofs import misfit
from mvote.core.text import Words
from mvote.core.times import iso, parse_iso
from mvote.votes.proposals.errors import CallRefused, ChoiceRefused
from mvote.votes.proposals.rules import ThresholdSet

NONE, SUPPORTS, JURY, VOTE = "none", "supports", "jury", "vote"
WAYS: Final = (NONE, SUPPORTS, JURY, VOTE)
WAY_WORDS: Final[Mapping[str, Words]] = {
    NONE: {"ko": "선정하지 않음", "en": "no winners are chosen"},
    SUPPORTS: {"ko": "공감 수로 선정", "en": "by the number of supports"},
    JURY: {"ko": "심사로 선정", "en": "by a jury, with public reasons"},
    VOTE: {"ko": "시민투표로 선정", "en": "by a poll"},
}
CHOSEN_WORDS: Final[Mapping[str, Words]] = {
    SUPPORTS: {"ko": "공모에서 공감 수로 선정되었습니다.", "en": "Chosen by its supports."},
    JURY: {"ko": "공모의 심사로 선정되었습니다.", "en": "Chosen by the jury of its call."},
    VOTE: {"ko": "시민투표로 선정되었습니다.", "en": "Chosen by a poll."},
}
PUT_TO_VOTE: Final[Words] = {
    "ko": "이 제안을 투표에 부치기로 했습니다.",
    "en": "The department puts this proposal to the vote.",
}
BEFORE, OPEN, OVER, DECIDED = "before", "open", "over", "decided"
CALL_STATES: Final = (BEFORE, OPEN, OVER, DECIDED)
CALL_STATE_WORDS: Final[Mapping[str, Words]] = {
    BEFORE: {"ko": "시작 전", "en": "not open yet"},
    OPEN: {"ko": "제안 받는 중", "en": "open for proposals"},
    OVER: {"ko": "제안 마감", "en": "takes no more proposals"},
    DECIDED: {"ko": "선정 완료", "en": "winners chosen"},
}


@dataclass(frozen=True, slots=True)
class Topic:
    """``department`` takes its proposals; empty: the call's own."""

    id: str
    name: Words
    department: str = ""

    def to_json(self) -> dict[str, JSON]:
        return {"id": self.id, "name": dict(self.name), "department": self.department or None}


@dataclass(frozen=True, slots=True)
class District:
    id: str
    name: Words

    def to_json(self) -> dict[str, JSON]:
        return {"id": self.id, "name": dict(self.name)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTerms:
    """What an official says of a call.

    ``closes`` None has no end.  ``audience`` None is everyone with a verified number.  ``way``
    chooses at most ``winners``, each of which is promised an answer within ``promise_days``.
    """

    department: str
    title: Words
    rules: Words
    closes: datetime | None
    topics: tuple[Topic, ...]
    districts: tuple[District, ...]
    audience: Mapping[str, JSON] | None
    proof: str
    roll_key: str
    way: str
    winners: int
    promise_days: int

    def terms(self) -> dict[str, Any]:
        """All of it by name, without what a subclass adds."""
        return {one.name: getattr(self, one.name) for one in fields(CallTerms)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOfCall(CallTerms):
    """A new call as it is asked for; ``thresholds`` names a set, ``opens`` None is now."""

    opens: datetime | None
    thresholds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDefinition(CallTerms):
    """What a call says, in full; nothing of it changes once it has opened."""

    id: str
    opens: datetime
    thresholds: ThresholdSet
    per_citizen: int

    def to_json(self) -> dict[str, JSON]:
        return {
            "v": 1,
            "call": self.id,
            "department": self.department,
            "title": dict(self.title),
            "rules": dict(self.rules),
            "opens": iso(self.opens),
            "closes": iso(self.closes) if self.closes else None,
            "topics": [one.to_json() for one in self.topics],
            "districts": [one.to_json() for one in self.districts],
            "thresholds": self.thresholds.to_json(),
            "audience": dict(self.audience) if self.audience is not None else None,
            "proof": self.proof,
            "roll_key": self.roll_key,
            "way": self.way,
            "winners": self.winners,
            "promise_days": self.promise_days,
            "per_citizen": self.per_citizen,
        }

    @classmethod
    def from_json(cls, raw: JSON) -> "CallDefinition":
        """What ``to_json`` wrote."""
        topics = (Topic(t["id"], t["name"], t["department"] or "") for t in raw["topics"])
        plain = ("department", "title", "rules", "audience", "proof", "roll_key", "way", "winners")
        return cls(
            id=raw["call"],
            opens=parse_iso(raw["opens"]),
            closes=parse_iso(raw["closes"]) if raw["closes"] else None,
            topics=tuple(topics),
            districts=tuple(District(d["id"], d["name"]) for d in raw["districts"]),
            thresholds=ThresholdSet.from_json(raw["thresholds"]),
            promise_days=raw["promise_days"],
            per_citizen=raw["per_citizen"],
            **{name: raw[name] for name in plain},
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form, hexadecimal."""
        return digest(self.to_json())

    def department_of(self, topic: str) -> str:
        """Who takes proposals on a topic."""
        named = {one.id: one.department for one in self.topics}
        return named.get(topic) or self.department


def check_call(made: CallDefinition, *, now: datetime, most_lasting: datetime) -> None:
    """What no schema sees.  ``most_lasting`` is the last closing allowed.  Raises CallRefused."""
    faults = Faults()
    for field, ids in (("topics", made.topics), ("districts", made.districts)):
        known = [one.id for one in ids]
        if len(set(known)) < len(known):
            faults.add(field, "names one twice")
    if made.closes is not None and made.closes <= max(made.opens, now):
        faults.add("closes", "has to lie after the opening and in the future")
    if (made.closes or made.opens) >= most_lasting:
        faults.add("closes", "lies too far ahead")
    if why := misfit(made.roll_key, made.proof):
        faults.add("proof", why)
    if made.audience is not None:
        try:
            check_audience(made.audience)
        except AudienceRefused as refusal:
            faults.take("audience", refusal)
    if made.way == NONE and made.winners:
        faults.add("winners", "has to be 0 where none are chosen")
    if made.way != NONE and not made.winners:
        faults.add("winners", "has to be at least 1")
    if made.way != NONE and made.closes is None:
        faults.add("closes", "is needed where winners are chosen: before its end none are")
    faults.refuse(CallRefused)


@dataclass(frozen=True, slots=True)
class Call:
    """A call and where it stands.  ``ends`` is when it takes no more proposals.

    ``ending`` says why an official ended it early, ``winners`` what was chosen and why.
    """

    definition: CallDefinition
    digest: str
    ends: datetime | None
    ended: datetime | None
    decided: datetime | None
    ending: Words | None
    decision: JSON
    poll: str

    @property
    def id(self) -> str:
        return self.definition.id

    def state(self, now: datetime) -> str:
        """Once it has ended it stays so, whatever the clocks say."""
        if self.decided is not None:
            return DECIDED
        if self.ended is not None or (self.ends is not None and now > self.ends):
            return OVER
        return OPEN if now >= self.definition.opens else BEFORE

    def head(self, now: datetime) -> dict[str, JSON]:
        said = self.definition.to_json()
        names = ("department", "title", "opens", "closes", "way")
        return {
            "id": self.id,
            **{name: said[name] for name in names},
            "state": self.state(now),
            "ends": iso(self.ends) if self.ends else None,
        }

    def to_json(self, now: datetime) -> dict[str, JSON]:
        return {
            **self.head(now),
            "definition": self.definition.to_json(),
            "digest": self.digest,
            "ended": iso(self.ended) if self.ended else None,
            "ending": dict(self.ending) if self.ending else None,
            "decided": iso(self.decided) if self.decided else None,
            "decision": self.decision,
            "poll": self.poll or None,
        }


def chosen_words(way: str, reason: Words | None) -> dict[str, str]:
    """What a record says of a proposal that was chosen."""
    said = CHOSEN_WORDS[way]
    return {one: f"{said[one]}\n{reason[one]}" if reason else said[one] for one in said}


def check_choice(choices: tuple[Mapping[str, JSON], ...], known: set[str], most: int) -> None:
    """A jury's choice names proposals of its call, each once, no more than promised.

    Raises ChoiceRefused.
    """
    faults = Faults()
    if len(choices) > most:
        faults.add("choices", f"there are at most {most} winners")
    seen: set[str] = set()
    for place, one in enumerate(choices):
        name = f"choices[{place}].proposal"
        if one["proposal"] not in known:
            faults.add(name, "is not a proposal of this call that may be chosen")
        if one["proposal"] in seen:
            faults.add(name, "stands twice")
        seen.add(one["proposal"])
    faults.refuse(ChoiceRefused)
