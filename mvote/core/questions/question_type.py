"""What every question type is: how it is set up, shown, answered and read."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar, final

from mvote.core.answers import BlankNotAllowed, WrongAnswerType
from mvote.core.canonical import JSON
from mvote.core.fields import Faults, Reader
from mvote.core.question import ID, MOST_OPTIONS, REASON, Option, Question, QuestionRefused
from mvote.core.shapes import Answer, Shape
from mvote.core.text import Words

Given = TypeVar("Given", bound=Answer)
NONE = Option("none", {"ko": "해당 없음", "en": "None of these"})


class Limits(Protocol):
    """What the phone holds a voter to; what ``least`` and ``most`` count is the type's."""

    @property
    def least(self) -> int: ...

    @property
    def most(self) -> int: ...

    def to_json(self) -> dict[str, JSON]: ...


class QuestionType(ABC, Generic[Given]):
    """A question type; ``shape`` is what its answers are.

    ``widget`` is the name of the phone's control, ``keyboard`` and ``screen_reader`` say how
    it is answered with keys alone and how it is heard; ``example`` is an answer as JSON.
    ``form`` holds the console's fields for ``config`` (key → label); a config key outside it
    is refused.  ``costs``: options have to be projects with costs; ``may_cost``: they may be.
    """

    name: ClassVar[str]
    label: ClassVar[Words]
    widget: ClassVar[str]
    keyboard: ClassVar[Words]
    screen_reader: ClassVar[Words]
    form: ClassVar[Mapping[str, Words]] = {}
    shape: ClassVar[Shape]
    example: ClassVar[str]
    least_options: ClassVar[int] = 2
    most_options: ClassVar[int] = MOST_OPTIONS
    costs: ClassVar[bool] = False
    may_cost: ClassVar[bool] = False
    offers_none: ClassVar[bool] = False
    takes_reason: ClassVar[bool] = True

    @abstractmethod
    def limits(self, question: Question) -> Limits:
        """For a question whose config was checked."""

    @abstractmethod
    def describe(self, question: Question) -> Words:
        """How it is answered, in a sentence for whoever reads the poll before voting."""

    @abstractmethod
    def blank_answer(self) -> Given:
        """The answer of a voter who left the question blank."""

    @abstractmethod
    def read_given(self, question: Question, raw: list[JSON]) -> Given:
        """Read an answer that is not blank.  Raises a subclass of AnswerRefused."""

    @abstractmethod
    def write_answer(self, answer: Given) -> list[JSON]:
        """The JSON that ``read_answer`` reads as this answer; a blank one is ``[]``."""

    @final
    def read_answer(self, question: Question, raw: JSON) -> Given:
        """Read the JSON list that a ballot carries for a question whose config was checked.

        Raises a subclass of AnswerRefused.
        """
        if not isinstance(raw, list):
            raise WrongAnswerType(question=question.id)
        if raw:
            return self.read_given(question, raw)
        if not question.blank:
            raise BlankNotAllowed(question=question.id)
        return self.blank_answer()

    def complete(self, question: Question) -> Question:
        """Fill in what the type itself knows."""
        if not (question.none and self.offers_none) or NONE.id in question.by_id:
            return question
        return question.with_options((*question.options, NONE))

    def check_config(self, question: Question) -> None:
        """For a question that is complete.  Raises QuestionRefused."""
        faults = Faults()
        self._check_options(faults, question)
        self._check_costs(faults, question)
        self._check_extras(faults, question)
        read = Reader(dict(question.config), faults, "config")
        self.read_config(read, question)
        faults.refuse(QuestionRefused)

    def read_config(self, read: Reader, question: Question) -> None:  # noqa: ARG002
        """Add the faults of ``config``; the options' own faults are already found."""
        read.only(*self.form)

    def _check_options(self, faults: Faults, question: Question) -> None:
        count = len(question.options) - (NONE.id in question.by_id and question.none)
        if count < self.least_options:
            faults.add("options", f"has to be a list of at least {self.least_options}")
        if count > self.most_options:
            faults.add("options", f"has to be a list of at most {self.most_options}")

    def _check_costs(self, faults: Faults, question: Question) -> None:
        given = [option.cost is not None for option in question.options]
        wanted = self.costs or (self.may_cost and any(given))
        verb = "is missing" if wanted else "belongs to budget questions only"
        for place, has_cost in enumerate(given):
            if has_cost != wanted:
                faults.add(f"options[{place}].cost", verb)

    def _check_extras(self, faults: Faults, question: Question) -> None:
        priced = any(option.cost is not None for option in question.options)
        if question.none and (priced or not self.offers_none):
            faults.add("none", "is not offered here; an answer left blank says it")
        elif question.none and [option.id for option in question.options][-1:] != [NONE.id]:
            faults.add("options", f"has to end with {NONE.id}, or leave it out to be filled in")
        if question.shuffle and not self.most_options:
            faults.add("shuffle", "needs options")
        if question.reason and not self.takes_reason:
            faults.add("reason", "cannot be asked beside a text")
        if question.reason and not ID.fullmatch(question.id + REASON):
            faults.add("id", f"is too long to have {REASON} behind it")


AnyType = QuestionType[Any]
