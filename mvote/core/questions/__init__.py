"""The types of question that a poll can ask."""

from collections.abc import Mapping, Sequence

from mvote.core.canonical import JSON
from mvote.core.question import Question
from mvote.core.questions.budget import Budget
from mvote.core.questions.conditions import check_asked, check_keys, is_asked, read_reason
from mvote.core.questions.matrix import Matrix
from mvote.core.questions.multiple_choice import MultipleChoice
from mvote.core.questions.number import Number
from mvote.core.questions.open_text import OpenText
from mvote.core.questions.points import Points
from mvote.core.questions.question_type import AnyType
from mvote.core.questions.ranking import Ranking
from mvote.core.questions.rating import Rating
from mvote.core.questions.single_choice import SingleChoice
from mvote.core.questions.statement import Statement
from mvote.core.questions.yes_no import YesNo
from mvote.core.registry import Registry
from mvote.core.shapes import Answer

QUESTIONS: Registry[AnyType] = Registry(
    "question type",
    YesNo(),
    SingleChoice(),
    MultipleChoice(),
    Ranking(),
    Rating(),
    Points(),
    Budget(),
    Number(),
    OpenText(),
    Matrix(),
    Statement(),
)


def read_answers(questions: Sequence[Question], ans: Mapping[str, JSON]) -> dict[str, Answer]:
    """Read the ``ans`` of a ballot: one answer to every question that was asked, and no other.

    Reasons are checked and left out.  Raises UnknownQuestion, AnswerMissing, AnswerNotAsked
    and every other AnswerRefused.
    """
    check_keys(questions, ans)
    answers: dict[str, Answer] = {}
    for question in questions:
        asked = is_asked(question, answers)
        check_asked(question, ans, asked=asked)
        if asked:
            kind = QUESTIONS.get(question.type)
            answers[question.id] = kind.read_answer(question, ans[question.id])
            read_reason(question, ans)
    return answers
