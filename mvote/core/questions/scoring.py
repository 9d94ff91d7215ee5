"""What every question type has in common whose answer gives whole numbers to options."""

from abc import abstractmethod
from dataclasses import asdict, dataclass
from typing import ClassVar

from mvote.core.answers import WrongAnswerType
from mvote.core.canonical import JSON
from mvote.core.question import Question
from mvote.core.questions.choosing import check_number, read_ids
from mvote.core.questions.question_type import QuestionType
from mvote.core.shapes import Scores, Shape


@dataclass(frozen=True, slots=True)
class ScoringLimits:
    """How many options get a number, and which (``lowest`` to ``highest``).

    ``together`` is what the numbers may add up to, None where each stands for itself;
    ``spend_all`` says whether they have to.
    """

    least: int
    most: int
    lowest: int
    highest: int
    together: int | None = None
    spend_all: bool = False

    def to_json(self) -> dict[str, JSON]:
        return asdict(self)


class ScoringType(QuestionType[Scores]):
    """An answer is a list of pairs in any order: ``[["a", 5], ["b", -2]]``."""

    shape: ClassVar[Shape] = Scores
    example = '[["a", 5], ["b", 2]]'

    @abstractmethod
    def limits(self, question: Question) -> ScoringLimits:
        """For a question whose config was checked."""

    def blank_answer(self) -> Scores:
        return Scores(())

    def write_answer(self, answer: Scores) -> list[JSON]:
        return [list(pair) for pair in answer.pairs]

    def read_given(self, question: Question, raw: list[JSON]) -> Scores:
        scores = _read_pairs(question, raw)
        limits = self.limits(question)
        check_number(question, len(scores), least=limits.least, most=limits.most)
        self.check_scores(question, scores, limits)
        return Scores.of(scores)

    @abstractmethod
    def check_scores(
        self, question: Question, scores: dict[str, int], limits: ScoringLimits
    ) -> None:
        """Check the numbers.  Raises a subclass of AnswerRefused."""


def _read_pairs(question: Question, raw: list[JSON]) -> dict[str, int]:
    for pair in raw:
        if not isinstance(pair, list) or len(pair) != 2 or type(pair[1]) is not int:
            raise WrongAnswerType(question=question.id)
    read_ids(question, [option for option, _ in raw])
    return dict(raw)
