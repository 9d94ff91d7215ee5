"""What every counting method is."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from mvote.core.counting.outcome import Outcome
from mvote.core.fields import Faults, Reader
from mvote.core.question import Question, QuestionRefused
from mvote.core.shapes import Answer, Choices, Shape
from mvote.core.text import Words
from mvote.core.ties import TieRule

Given = TypeVar("Given", bound=Answer)


class CountingMethod(ABC, Generic[Given]):
    """A counting method.  A change that could change any outcome needs a new ``version``.

    ``form`` names what it wants to know (key → label for the console); any other
    key in a question's counting options is refused.  ``totals`` says what the totals of its
    outcome count, ``shares`` whether each is a share of the valid answers.  ``costs``: it
    takes only questions whose options are projects with costs.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    label: ClassVar[Words]
    form: ClassVar[Mapping[str, Words]] = {}
    shape: ClassVar[Shape] = Choices
    totals: ClassVar[Words] = {"ko": "득표", "en": "Votes"}
    shares: ClassVar[bool] = True
    costs: ClassVar[bool] = False

    def check_options(self, question: Question) -> None:
        """For a question whose config was checked.  Raises QuestionRefused."""
        faults = Faults()
        read = Reader(dict(question.counting.options), faults, "counting.options")
        read.only(*self.form)
        self.read_options(read, question)
        faults.refuse(QuestionRefused)

    @abstractmethod
    def read_options(self, read: Reader, question: Question) -> None:
        """Add the faults of the counting options."""

    @abstractmethod
    def count(
        self, question: Question, ballots: Iterable[tuple[Given, int]], *, ties: TieRule
    ) -> Outcome:
        """Count ballots with their weights (whole numbers ≥ 0), exactly, in any order.

        The question's options were checked.
        """


AnyMethod = CountingMethod[Any]
