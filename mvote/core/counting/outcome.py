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
class Transfer:
    """Votes that went from one option to others: ``surplus`` or ``elimination``.

    ``to`` by option id; what went nowhere is in the stage's ``exhausted``.
    """

    option: str
    reason: str
    to: Mapping[str, Total]

    def to_json(self) -> dict[str, JSON]:
        to = {option: str(total) for option, total in self.to.items()}
        return {"option": self.option, "reason": self.reason, "to": to}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a count that elects and eliminates: where the votes lie before it acts.

    ``totals`` holds every option that is still in the count (and those elected, with what
    they keep); ``exhausted`` the weight that counts for nobody any more, ``quota`` what
    elects where the method has one.  ``elected`` and ``eliminated`` are what the stage did.
    ``lost`` is what rounding has lost, where the rule says to round: totals, ``exhausted`` and
    ``lost`` are all valid votes.
    """

    totals: Mapping[str, Total]
    elected: tuple[str, ...]
    eliminated: tuple[str, ...]
    exhausted: Total
    quota: Total | None = None
    transfers: tuple[Transfer, ...] = ()
    why: Words | None = None
    lost: Total | None = None

    def to_json(self) -> dict[str, JSON]:
        made: dict[str, JSON] = {
            "totals": {option: str(total) for option, total in self.totals.items()},
            "elected": list(self.elected),
            "eliminated": list(self.eliminated),
            "exhausted": str(self.exhausted),
        }
        if self.lost is not None:
            made["lost"] = str(self.lost)
        if self.quota is not None:
            made["quota"] = str(self.quota)
        if self.transfers:
            made["transfers"] = [one.to_json() for one in self.transfers]
        if self.why is not None:
            made["why"] = dict(self.why)
        return made


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one question.

    ``ballots`` = ``valid`` + ``blank``; ``totals`` by option id in the order of the
    question; ``winners`` in the order of election; ``ties`` only where one decided.
    ``pairwise[a][b]`` is how many ranked a above b, where the method compares pairs;
    ``figures`` is whatever else a method found, as JSON without floats (a decimal is a
    text such as ``12`` or ``7/3``).
    """

    method: str
    ballots: int
    valid: int
    blank: int
    totals: Mapping[str, Total]
    winners: tuple[str, ...]
    ties: tuple[Tie, ...]
    rounds: tuple[Round, ...] | tuple[Stage, ...]
    explanation: Words
    pairwise: Mapping[str, Mapping[str, int]] | None = None
    figures: Mapping[str, JSON] | None = None

    def to_json(self) -> dict[str, JSON]:
        """Exact and fit for canonical JSON: totals are texts such as ``12`` or ``7/3``."""
        made: dict[str, JSON] = {
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
        if self.pairwise is not None:
            made["pairwise"] = {one: dict(row) for one, row in self.pairwise.items()}
        if self.figures is not None:
            made["figures"] = dict(self.figures)
        return made


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
