"""What decides between options with equally many votes, fixed before the poll opens."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

from mvote.core.canonical import JSON
from mvote.core.question import Question
from mvote.core.registry import Registry
from mvote.core.text import Words

History = Sequence[Mapping[str, int | Fraction]]


@dataclass(frozen=True)
class TieRule(ABC):
    """``poll_hash`` is the hash of the frozen poll; a rule from the registry has none yet."""

    poll_hash: str = ""
    name: ClassVar[str]
    label: ClassVar[Words]

    @abstractmethod
    def order(
        self, question: Question, tied: Sequence[str], history: History = ()
    ) -> tuple[str, ...] | None:
        """The tied option ids, the best first; None where the rule leaves them tied.

        ``history`` are the totals of every option in the stages before, the first stage first.
        """


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


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that decides about something.

    ``options`` are tied for place ``place`` (1 is the first) and those after it;
    ``order`` is how ``rule`` put them, empty where they stay tied.
    """

    options: tuple[str, ...]
    place: int
    rule: str
    order: tuple[str, ...]

    def to_json(self) -> dict[str, JSON]:
        return {
            "options": list(self.options),
            "place": self.place,
            "rule": self.rule,
            "order": list(self.order),
        }


TIE_RULES: Registry[TieRule] = Registry("tie rule", Listed(), Drawn(), Undecided())


def tie_rule(name: str, *, poll_hash: str) -> TieRule:
    """The named rule for one frozen poll.  Raises UnknownPart."""
    return replace(TIE_RULES.get(name), poll_hash=poll_hash)
