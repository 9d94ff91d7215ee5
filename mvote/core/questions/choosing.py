"""What every question type has in common whose answer is a set of chosen options."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from mvote.core.answers import (
    SHOWN,
    BlankNotAllowed,
    ChosenTwice,
    OverBudget,
    TooFewChosen,
    TooManyChosen,
    UnknownOption,
    WrongAnswerType,
)
from mvote.core.canonical import JSON
from mvote.core.fields import Faults, Reader
from mvote.core.question import Question, QuestionRefused
from mvote.core.shapes import Choices, Shape
from mvote.core.text import Words


@dataclass(frozen=True, slots=True)
class Limits:
    """What the phone holds a voter to: how many options, and what they may cost together."""

    least: int
    most: int
    cost: int | None = None

    def to_json(self) -> dict[str, JSON]:
        return asdict(self)


class ChoosingType(ABC):
    """A question type.

    ``widget`` is the name of the phone's control, ``form`` the console's fields for
    ``config`` (key → label); a config key outside it is refused.
    """

    name: ClassVar[str]
    label: ClassVar[Words]
    widget: ClassVar[str]
    form: ClassVar[Mapping[str, Words]] = {}
    shape: ClassVar[Shape] = Choices
    least_options: ClassVar[int] = 2
    costs: ClassVar[bool] = False

    @abstractmethod
    def limits(self, question: Question) -> Limits:
        """For a question whose config was checked."""

    def complete(self, question: Question) -> Question:
        """Fill in what the type itself knows."""
        return question

    def check_config(self, question: Question) -> None:
        """Raises QuestionRefused."""
        faults = Faults()
        if len(question.options) < self.least_options:
            faults.add("options", f"has to be a list of at least {self.least_options}")
        for place, option in enumerate(question.options):
            if (option.cost is not None) != self.costs:
                verb = "is missing" if self.costs else "belongs to budget questions only"
                faults.add(f"options[{place}].cost", verb)
        read = Reader(dict(question.config), faults, "config")
        self.read_config(read, question)
        faults.refuse(QuestionRefused)

    def read_config(self, read: Reader, question: Question) -> None:  # noqa: ARG002
        """Add the faults of ``config``; the options' own faults are already found."""
        read.only(*self.form)

    def read_answer(self, question: Question, raw: JSON) -> Choices:
        """Read the JSON list of option ids that a ballot carries, in any order.

        Raises a subclass of AnswerRefused.
        """
        ids = _read_ids(question, raw)
        if not ids:
            if not question.blank:
                raise BlankNotAllowed(question=question.id)
            return Choices(())
        limits = self.limits(question)
        if len(ids) < limits.least:
            raise TooFewChosen(question=question.id, least=limits.least, chosen=len(ids))
        if len(ids) > limits.most:
            raise TooManyChosen(question=question.id, most=limits.most, chosen=len(ids))
        if limits.cost is not None:
            cost = sum(question.by_id[one].cost or 0 for one in ids)
            if cost > limits.cost:
                raise OverBudget(question=question.id, cost=cost, limit=limits.cost)
        return Choices.of(ids)


def _read_ids(question: Question, raw: JSON) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise WrongAnswerType(question=question.id)
    seen: set[str] = set()
    for one in raw:
        if one not in question.by_id:
            raise UnknownOption(question=question.id, option=one[:SHOWN])
        if one in seen:
            raise ChosenTwice(question=question.id, option=one)
        seen.add(one)
    return raw
