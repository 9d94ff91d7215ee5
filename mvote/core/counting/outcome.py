"""What a count finds, in the form that every page and file lays out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from mvote.core.canonical import JSON
from mvote.core.question import Question
from mvote.core.shapes import Choices
from mvote.core.text import LANGUAGES, Words
from mvote.core.ties import Tie

Total = int | Fraction


@dataclass(frozen=True, slots=True)
class Round:
    """One step of a count that goes step by step: what became of ``option``, and why.

    ``result`` is a code (``taken``, ``too-dear`` …), ``why`` says it in words.  In a
    budget ``cost`` is what the project costs and ``left`` the money left afterwards.
    """

    option: str
    total: Total
    result: str
    why: Words
    cost: int | None = None
    left: int | None = None

    @property
    def taken(self) -> bool:
        return self.result == "taken"

    def to_json(self) -> dict[str, JSON]:
        made: dict[str, JSON] = {
            "option": self.option,
            "total": str(self.total),
            "result": self.result,
            "why": dict(self.why),
        }
        if self.cost is not None:
            made["cost"] = self.cost
        if self.left is not None:
            made["left"] = self.left
        return made


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one question.

    ``ballots`` = ``valid`` + ``blank``; ``totals`` by option id in the order of the
    question; ``winners`` in the order of election; ``ties`` only where one decided.
    """

    method: str
    ballots: int
    valid: int
    blank: int
    totals: Mapping[str, Total]
    winners: tuple[str, ...]
    ties: tuple[Tie, ...]
    rounds: tuple[Round, ...]
    explanation: Words

    def to_json(self) -> dict[str, JSON]:
        """Exact and fit for canonical JSON: totals are texts such as ``12`` or ``7/3``."""
        return {
            "method": self.method,
            "ballots": self.ballots,
            "valid": self.valid,
            "blank": self.blank,
            "totals": {option: str(total) for option, total in self.totals.items()},
            "winners": list(self.winners),
            "ties": [tie.to_json() for tie in self.ties],
            "rounds": [one.to_json() for one in self.rounds],
            "explanation": dict(self.explanation),
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each option was chosen, each ballot with its weight."""

    ballots: int
    blank: int
    totals: dict[str, int]

    @property
    def valid(self) -> int:
        return self.ballots - self.blank

    def ranked(self) -> list[tuple[int, list[str]]]:
        """Groups of equal totals, the highest first, each in the order of the question."""
        groups: dict[int, list[str]] = {}
        for option, total in self.totals.items():
            groups.setdefault(total, []).append(option)
        return sorted(groups.items(), reverse=True)


def tally(question: Question, ballots: Iterable[tuple[Choices, int]]) -> Tally:
    """Add up the choices.  Raises ValueError for a negative weight or an option not asked for."""
    totals = dict.fromkeys(question.by_id, 0)
    count = blank = 0
    for choices, weight in ballots:
        if weight < 0:
            raise ValueError("a ballot cannot weigh less than nothing")
        if not totals.keys() >= set(choices.ids):
            raise ValueError(f"a ballot chooses what question {question.id} does not offer")
        count += weight
        blank += weight if choices.blank else 0
        for option in choices.ids:
            totals[option] += weight
    return Tally(count, blank, totals)


def named(question: Question, options: Iterable[str], *, most: int = 5) -> Words:
    """The titles of options in quotation marks, cut after ``most``."""
    ids = list(options)
    more = len(ids) - most
    ends = {"ko": f" 외 {more}개", "en": f" and {more} more"} if more > 0 else {"ko": "", "en": ""}
    marks = {"ko": "‘{}’", "en": "“{}”"}
    return {
        language: ", ".join(
            marks[language].format(question.by_id[one].title[language]) for one in ids[:most]
        )
        + ends[language]
        for language in LANGUAGES
    }


def joined(*sentences: Words) -> Words:
    return {language: " ".join(one[language] for one in sentences) for language in LANGUAGES}


def tie_words(question: Question, tie: Tie, label: Words) -> Words:
    """Say who was tied and what decided."""
    who = named(question, tie.options)
    return {
        "ko": f"동점: {who['ko']}. {label['ko']}",
        "en": f"Tied: {who['en']}. {label['en']}",
    }
