"""The poll: what officials decide about it, what is frozen, its hash and its phases.

A poll grows in three steps, each a class: ``PollDraft`` (officials wrote it),
``ApprovedPoll`` (a second official approved it: it has an id and names the
versions of its counting methods) and ``PollDefinition`` (the people wing added
who issues permits and how many are eligible: nothing changes any more).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cached_property
from typing import Self

from mvote.core.canonical import JSON, digest
from mvote.core.counting import METHODS
from mvote.core.counting.fit import check_question
from mvote.core.decision import DecisionRefused, DecisionRule
from mvote.core.eligibility import AudienceRefused, check_audience, is_targeted
from mvote.core.fields import Faults, FieldsRefused, Reader
from mvote.core.issuing import (
    CODE,
    CODE_WORDS,
    GROWING,
    BlindIssuerKey,
    Issuer,
    IssuerKey,
    Roll,
    check_fits_level,
    check_roll_mode,
    read_issuer,
    read_key,
    read_roll,
    read_roll_mode,
)
from mvote.core.official import DEPARTMENT, DEPARTMENT_WORDS
from mvote.core.outage import OutageRule, latest_closing, read_outage
from mvote.core.phases import (
    ACTS,
    PHASES,
    AlreadyApproved,
    AlreadyFrozen,
    AlreadyOpen,
    AlreadyPublished,
    PollCancelled,
    PollClosed,
    PollNotApproved,
    PollNotClosed,
    PollNotFrozen,
    PollNotSuspended,
    PollNotYetOpen,
    PollSuspended,
    check_act,
)
from mvote.core.poll_times import read_times
from mvote.core.proofs import PROOFS, ROLL_KEYS, misfit
from mvote.core.quarantine import QuarantineRule, check_quarantine, read_quarantine
from mvote.core.question import Question, QuestionRefused
from mvote.core.questions import QUESTIONS
from mvote.core.questions.conditions import check_only_if
from mvote.core.rehearsal import REHEARSAL, check_rehearsal
from mvote.core.secrecy.levels import LEVELS, publishes_ballots
from mvote.core.text import Words
from mvote.core.times import iso

__all__ = [
    "ACTS",
    "PHASES",
    "AlreadyApproved",
    "AlreadyFrozen",
    "AlreadyOpen",
    "AlreadyPublished",
    "ApprovedPoll",
    "BlindIssuerKey",
    "DefinitionRefused",
    "DraftRefused",
    "IssuerKey",
    "PollCancelled",
    "PollClosed",
    "PollDefinition",
    "PollDraft",
    "PollNotApproved",
    "PollNotClosed",
    "PollNotFrozen",
    "PollNotSuspended",
    "PollNotYetOpen",
    "PollSuspended",
    "Roll",
    "check_act",
    "check_draft",
    "poll_hash",
]

VERSION = 1
KINDS = ("city", "statistic", "budget", REHEARSAL)
LEVELS_TO_COME = ("sealed",)
LEVEL_OF_CITY_POLLS = "secret"
"""Where a city poll's draft names no level."""

UNSAID = {"outage": None, "roll_mode": GROWING, "quarantine": ()}
"""What stands in no JSON as long as it is the default."""
_SPELLED = Question | DecisionRule | OutageRule | QuarantineRule | Roll | IssuerKey | BlindIssuerKey

MOST_QUESTIONS = 20
MOST_TITLE = 200
MOST_SUMMARY = 4_000


class DraftRefused(FieldsRefused):
    words = {
        "ko": "투표 초안의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the draft are not right: {fields}",
    }


class DefinitionRefused(FieldsRefused):
    words = {
        "ko": "투표 정의의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the poll definition are not right: {fields}",
    }


@dataclass(frozen=True, kw_only=True)
class PollDraft:
    """What officials decide.  ``opens`` None is by hand; times are aware, in UTC.

    ``outage`` None is the default and stands in no JSON: a declared outage moves nothing.
    So is ``roll_mode`` growing: who joins the register while the poll runs may vote.  A
    closed roll is what it was at freezing, but for corrections by two officials.  So is
    ``quarantine`` without a rule: no permits are counted apart.
    """

    kind: str
    title: Words
    summary: Words
    department: str
    record: str
    level: str
    proof: str
    roll_key: str
    audience: Mapping[str, JSON]
    questions: tuple[Question, ...]
    decision: DecisionRule
    opens: datetime | None
    closes: datetime
    grace_seconds: int
    revote: bool
    answer_days: int
    dispute_days: int
    turnout_step: int
    outage: OutageRule | None = None
    roll_mode: str = GROWING
    quarantine: tuple[QuarantineRule, ...] = ()

    @classmethod
    def from_json(cls, raw: JSON) -> Self:
        """Read and check.  Raises DraftRefused."""
        faults = Faults()
        read = Reader(raw, faults)
        read.only("v", *(field.name for field in fields(cls)))
        values = cls._read(read)
        faults.refuse(cls._refusal())
        return cls(**values)

    @classmethod
    def _refusal(cls) -> type[FieldsRefused]:
        return DraftRefused

    @classmethod
    def _read(cls, read: Reader) -> dict[str, JSON]:
        read.integer("v", least=VERSION, most=VERSION)
        values = {**_read_words(read), **_read_rules(read), **read_times(read)}
        _check_together(read, values)
        return values

    def to_json(self) -> dict[str, JSON]:
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        made = {n: v for n, v in said.items() if n not in UNSAID or v != UNSAID[n]}
        return {"v": VERSION, **{name: _to_json(value) for name, value in made.items()}}

    @property
    def latest_closing(self) -> datetime:
        """When the poll is closed at the very latest, however long the outages were."""
        return latest_closing(self.closes, self.outage)

    @property
    def include_by(self) -> datetime:
        """By when every accepted ballot is on the board: the latest closing plus the grace."""
        return self.latest_closing + timedelta(seconds=self.grace_seconds)

    def question(self, question_id: str) -> Question:
        """Raises KeyError."""
        return {question.id: question for question in self.questions}[question_id]

    def approved(self, *, poll: str) -> "ApprovedPoll":
        """The next step: with its id and the versions of its counting methods."""
        methods = {
            name: METHODS.get(name).version
            for name in sorted({question.counting.method for question in self.questions})
        }
        return ApprovedPoll.from_json({**self.to_json(), "poll": poll, "methods": methods})


@dataclass(frozen=True, kw_only=True)
class ApprovedPoll(PollDraft):
    """What the votes wing asks the people wing to make permits for."""

    poll: str
    methods: Mapping[str, int]

    @classmethod
    def from_json(cls, raw: JSON) -> Self:
        """Read what is hashed, written out in full.  Raises DefinitionRefused."""
        made = super().from_json(raw)
        if made.to_json() != raw:
            raise DefinitionRefused({"questions": ["have to be written out in full"]})
        return made

    @classmethod
    def _refusal(cls) -> type[FieldsRefused]:
        return DefinitionRefused

    @classmethod
    def _read(cls, read: Reader) -> dict[str, JSON]:
        values = super()._read(read)
        values["poll"] = read.matching("poll", CODE, CODE_WORDS)
        values["methods"] = read.object("methods")
        used = {question.counting.method for question in values["questions"]}
        known = {name: METHODS.get(name).version for name in used}
        whole = all(type(version) is int for version in values["methods"].values())
        if not whole or values["methods"] != known:
            read.fault("methods", f"has to name the methods used in their versions: {known}")
        return values

    def frozen(self, *, roll: Roll, issuer: tuple[Issuer, ...], board_key: str) -> "PollDefinition":
        """The last step.  ``board_key`` is base64url of 32 bytes.  Raises DefinitionRefused."""
        added = {"roll": roll, "issuer": issuer, "board_key": board_key}
        return PollDefinition.from_json(
            {**self.to_json(), **{key: _to_json(value) for key, value in added.items()}}
        )


@dataclass(frozen=True, kw_only=True)
class PollDefinition(ApprovedPoll):
    """The frozen poll: what is hashed, signed for and counted by."""

    roll: Roll
    issuer: tuple[Issuer, ...]
    board_key: str

    @classmethod
    def _read(cls, read: Reader) -> dict[str, JSON]:
        values = super()._read(read)
        values["roll"] = read_roll(read)
        if values["roll"].mode != values["roll_mode"]:
            read.fault("roll.mode", "has to be the roll_mode of the poll")
        values["issuer"] = read_issuer(read)
        values["board_key"] = read_key(read, "board_key")
        decision = values["decision"]
        share = decision is not None and decision.quorum.kind == "percent-of-eligible"
        if share and values["roll"].eligible is None:
            read.fault("roll.eligible", "has to be known: the quorum is a share of it")
        check_fits_level(read, values["level"], values["roll"], values["issuer"])
        return values

    @cached_property
    def hash(self) -> str:
        """``ph``: SHA-256 of the canonical definition, 64 hexadecimal digits."""
        return poll_hash(self.to_json())


def poll_hash(definition: Mapping[str, JSON]) -> str:
    """SHA-256 of the canonical form of a frozen definition's JSON."""
    return digest(dict(definition))


def check_draft(raw: JSON, *, now: datetime) -> PollDraft:
    """Read a draft that could be approved ``now``.

    ``.to_json()`` gives it with everything filled in that its question types know.
    Raises DraftRefused with the faults of every field.
    """
    draft = PollDraft.from_json(raw)
    if draft.closes <= now:
        raise DraftRefused({"closes": ["has to be in the future"]})
    return draft


def _to_json(value: JSON) -> JSON:
    """One field of a poll as JSON."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, tuple):
        return [_to_json(one) for one in value]
    if isinstance(value, _SPELLED):
        return value.to_json()
    return dict(value) if isinstance(value, Mapping) else value


def _read_words(read: Reader) -> dict[str, JSON]:
    return {
        "kind": read.one_of("kind", KINDS),
        "title": read.words("title", most=MOST_TITLE),
        "summary": read.words("summary", most=MOST_SUMMARY, lines=True),
        "department": read.matching("department", DEPARTMENT, DEPARTMENT_WORDS),
        "record": read.matching("record", CODE, CODE_WORDS),
        "level": _read_level(read),
        "proof": read.one_of("proof", PROOFS),
        "roll_key": read.one_of("roll_key", ROLL_KEYS),
    }


def _read_rules(read: Reader) -> dict[str, JSON]:
    return {
        "audience": _read_audience(read),
        "questions": _read_questions(read),
        "decision": _read_decision(read),
        "revote": read.boolean("revote"),
        "outage": read_outage(read),
        "roll_mode": read_roll_mode(read),
        "quarantine": read_quarantine(read),
    }


def _read_level(read: Reader) -> str:
    level = read.raw.get("level")
    if "level" not in read.raw and read.raw.get("kind") == "city":
        return LEVEL_OF_CITY_POLLS
    if level in LEVELS_TO_COME:
        read.fault("level", f"“{level}” is not available in this version; use secret")
        return ""
    return read.one_of("level", LEVELS.names())


def _read_audience(read: Reader) -> Mapping[str, JSON]:
    audience = read.object("audience")
    if audience is read.raw.get("audience"):
        try:
            check_audience(audience)
        except AudienceRefused as refusal:
            read.faults.take("audience", refusal)
            return {}
    return audience


def _read_questions(read: Reader) -> tuple[Question, ...]:
    questions: list[Question] = []
    for place, raw in enumerate(read.items("questions", least=1, most=MOST_QUESTIONS)):
        try:
            question = check_question(Question.from_json(raw))
        except QuestionRefused as refusal:
            read.faults.take(f"questions[{place}]", refusal)
            continue
        if any(other.id == question.id for other in questions):
            read.fault(f"questions[{place}].id", "stands twice")
        earlier = {one.id: (one, QUESTIONS.get(one.type).shape) for one in questions}
        check_only_if(read.faults, f"questions[{place}]", question, earlier)
        questions.append(question)
    return tuple(questions)


def _read_decision(read: Reader) -> DecisionRule | None:
    raw = read.object("decision")
    if raw is not read.raw.get("decision"):
        return None
    try:
        return DecisionRule.from_json(raw)
    except DecisionRefused as refusal:
        read.faults.take("decision", refusal)
        return None


def _check_together(read: Reader, values: Mapping[str, JSON]) -> None:
    """What one field asks of another."""
    if fault := misfit(values["roll_key"], values["proof"]):
        read.fault("proof", fault)
    kind, questions, decision = values["kind"], values["questions"], values["decision"]
    asked = read.raw.get("questions")
    if kind == "statistic" and isinstance(asked, list) and len(asked) != 1:
        read.fault("questions", "a statistic poll has exactly one question")
    check_roll_mode(read, values)
    check_quarantine(read, values)
    if kind == "budget" and questions and not any(one.has_costs for one in questions):
        read.fault("questions", "a budget poll has a budget question")
    if kind == REHEARSAL:
        check_rehearsal(read, values)
    share = decision is not None and decision.quorum.kind == "percent-of-eligible"
    if share and values["audience"] and not is_targeted(values["audience"]):
        why = "a share of the eligible needs a targeted audience, whose number can be known"
        read.fault("decision.quorum", why)
    if share and values["roll_key"] == "oidc":
        why = "nobody knows how many a provider knows; use the roll key number or entry"
        read.fault("decision.quorum", why)
    sums = [one.id for one in questions if not METHODS.get(one.counting.method).shares]
    if decision is not None and decision.threshold is not None and sums:
        why = f"is a share of the valid votes, which the count of {', '.join(sums)} does not give"
        read.fault("decision.threshold", why)
    if decision is not None and decision.results == "live" and publishes_ballots(values["level"]):
        why = f"the level “{values['level']}” shows no count before the end; use after-close"
        read.fault("decision.results", why)
