"""What decides between options with equally many votes, fixed before the poll opens."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import ClassVar

from mvote.core.canonical import JSON
from mvote.core.errors import Unavailable
from mvote.core.question import Question
from mvote.core.registry import Registry
from mvote.core.text import Words

History = Sequence[Mapping[str, int | Fraction]]
Decisions = Mapping[str, Sequence[Sequence[str]]]
"""What the chair decided: by question id, orders of options, the best first in each."""


class ChairNeeded(Unavailable):
    """Nobody can go on counting before the chair has put these options in an order."""

    words = {
        "ko": "질문 {question}의 동점({options})을 의장이 결정해야 집계를 마칠 수 있습니다.",
        "en": "The count of question {question} waits for the chair to decide a tie: {options}.",
    }

    @property
    def question(self) -> str:
        return str(self.params["question"])

    @property
    def tied(self) -> tuple[str, ...]:
        """The ids of the tied options; none of a poll holds a comma."""
        return tuple(str(self.params["options"]).split(", "))


@dataclass(frozen=True)
class TieRule(ABC):
    """``poll_hash`` is the hash of the frozen poll; a rule from the registry has none yet.

    ``decisions`` are those of the chair, for the rule that asks for them.
    """

    poll_hash: str = ""
    decisions: Decisions = field(default_factory=dict, hash=False)
    name: ClassVar[str]
    label: ClassVar[Words]

    @abstractmethod
    def order(
        self, question: Question, tied: Sequence[str], history: History = ()
    ) -> tuple[str, ...] | None:
        """The tied option ids, the best first; None where the rule leaves them tied.

        ``history`` are the totals of every option in the stages before, the first stage first.
        """

    def used(self, tied: Sequence[str], history: History = ()) -> str:  # noqa: ARG002
        """The name of what put the tied in order."""
        return self.name

    def settle(
        self,
        question: Question,
        tied: Sequence[str],
        *,
        place: int,
        stage: int | None = None,
        history: History = (),
    ) -> "Tie":
        """Decide a tie and keep what decided it."""
        order = self.order(question, tied, history) or ()
        return Tie(tuple(tied), place, self.used(tied, history), order, stage)


class Listed(TieRule):
    name = "listed"
    label = {
        "ko": "동점은 질문에 적힌 순서로 정합니다.",
        "en": "A tie goes to the option that the question lists first.",
    }

    def order(
        self,
        question: Question,
        tied: Sequence[str],
        history: History = (),  # noqa: ARG002
    ) -> tuple[str, ...]:
        return tuple(option.id for option in question.options if option.id in set(tied))


class Drawn(TieRule):
    """A draw that anyone can repeat: by SHA-256 of poll hash, question id and option id."""

    name = "drawn"
    label = {
        "ko": "동점은 투표 해시값으로 누구나 다시 확인할 수 있는 추첨으로 정합니다.",
        "en": "A tie is decided by a draw from the poll's hash that anyone can repeat.",
    }

    def order(
        self,
        question: Question,
        tied: Sequence[str],
        history: History = (),  # noqa: ARG002
    ) -> tuple[str, ...]:
        """Raises ValueError where the poll has no hash yet."""
        if not self.poll_hash:
            raise ValueError("a draw needs the hash of the frozen poll")

        def lot(option: str) -> bytes:
            return hashlib.sha256(f"{self.poll_hash}|{question.id}|{option}".encode()).digest()

        return tuple(sorted(tied, key=lot))


class Undecided(TieRule):
    name = "undecided"
    label = {
        "ko": "동점은 그대로 두며, 동점인 선택지는 선정하지 않습니다.",
        "en": "A tie stays a tie; none of the tied options is chosen.",
    }

    def order(
        self,
        question: Question,  # noqa: ARG002
        tied: Sequence[str],  # noqa: ARG002
        history: History = (),  # noqa: ARG002
    ) -> None:
        return None


class EarlierRound(Drawn):
    """The latest earlier stage at which the tied differ decides, then a draw."""

    name = "earlier-round"
    label = {
        "ko": "동점은 득표가 달랐던 가장 가까운 앞 단계로 정하고, 모든 단계에서 같으면 "
        "투표 해시값 추첨으로 정합니다.",
        "en": "The latest earlier round in which they differed decides a tie, and where they "
        "never did, a draw from the poll's hash that anyone can repeat.",
    }

    def order(
        self, question: Question, tied: Sequence[str], history: History = ()
    ) -> tuple[str, ...]:
        """Raises ValueError where only a draw is left and the poll has no hash yet."""
        return tuple(
            one
            for group in apart(tied, history)
            for one in (super(EarlierRound, self).order(question, group) if group[1:] else group)
        )

    def used(self, tied: Sequence[str], history: History = ()) -> str:
        """``earlier-round``, ``drawn``, or both where the stages left some of them tied."""
        groups = apart(tied, history)
        if len(groups) == len(tied):
            return self.name
        return Drawn.name if len(groups) == 1 else f"{self.name}, {Drawn.name}"


class Chair(TieRule):
    """The chair decides, and until then the count waits."""

    name = "chair"
    label = {
        "ko": "동점은 의장이 정합니다.",
        "en": "The chair decides a tie.",
    }

    def order(
        self,
        question: Question,
        tied: Sequence[str],
        history: History = (),  # noqa: ARG002
    ) -> tuple[str, ...]:
        """By the first decision about all of the tied.  Raises ChairNeeded where there is none."""
        for decision in self.decisions.get(question.id, ()):
            if set(tied) <= set(decision):
                return tuple(one for one in decision if one in set(tied))
        raise ChairNeeded(question=question.id, options=", ".join(tied))


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that decides about something.

    ``options`` are tied for place ``place`` (1 is the first) and those after it;
    ``order`` is how ``rule`` put them, empty where they stay tied.  ``stage`` (1 is the
    first) says where in a count by stages.
    """

    options: tuple[str, ...]
    place: int
    rule: str
    order: tuple[str, ...]
    stage: int | None = None

    def to_json(self) -> dict[str, JSON]:
        made: dict[str, JSON] = {
            "options": list(self.options),
            "place": self.place,
            "rule": self.rule,
            "order": list(self.order),
        }
        if self.stage is not None:
            made["stage"] = self.stage
        return made


def apart(tied: Sequence[str], history: History) -> list[tuple[str, ...]]:
    """The tied in groups that no earlier stage tells apart, the best group first.

    The latest stage at which two differ counts.
    """
    groups: dict[tuple[int | Fraction, ...], list[str]] = {}
    for one in tied:
        groups.setdefault(tuple(past.get(one, 0) for past in reversed(history)), []).append(one)
    return [tuple(group) for _, group in sorted(groups.items(), reverse=True)]


TIE_RULES: Registry[TieRule] = Registry(
    "tie rule", Listed(), Drawn(), EarlierRound(), Undecided(), Chair()
)


def tie_rule(name: str, *, poll_hash: str, decisions: Decisions | None = None) -> TieRule:
    """The named rule for one frozen poll.  Raises UnknownPart."""
    return replace(TIE_RULES.get(name), poll_hash=poll_hash, decisions=decisions or {})


def label_of(tie: Tie, rule: TieRule) -> Words:
    """What decided a tie, in words: the poll's rule, or one that the method puts before it."""
    first = tie.rule.split(",")[0]
    return TIE_RULES.get(first).label if first in TIE_RULES.names() else rule.label
