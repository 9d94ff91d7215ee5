"""The types of question that a poll can ask."""

from collections.abc import Mapping, Sequence

from mvote.core.answers import SHOWN, AnswerMissing, UnknownQuestion
from mvote.core.canonical import JSON
from mvote.core.question import Question
from mvote.core.questions.budget import Budget
from mvote.core.questions.choosing import ChoosingType
from mvote.core.questions.multiple_choice import MultipleChoice
from mvote.core.questions.single_choice import SingleChoice
from mvote.core.questions.yes_no import YesNo
from mvote.core.registry import Registry
from mvote.core.shapes import Choices

QUESTIONS: Registry[ChoosingType] = Registry(
    "question type", YesNo(), SingleChoice(), MultipleChoice(), Budget()
)


def read_answers(questions: Sequence[Question], ans: Mapping[str, JSON]) -> dict[str, Choices]:
    """Read the ``ans`` of a ballot: exactly one answer to every question.

    Raises UnknownQuestion, AnswerMissing and every other AnswerRefused.
    """
    known = {question.id for question in questions}
    for name in ans:
        if name not in known:
            raise UnknownQuestion(question=name[:SHOWN])
    answers = {}
    for question in questions:
        if question.id not in ans:
            raise AnswerMissing(question=question.id)
        answers[question.id] = QUESTIONS.get(question.type).read_answer(question, ans[question.id])
    return answers
