"""Which questions a voter is asked: conditions on earlier answers, and reasons beside answers."""

from collections.abc import Mapping, Sequence

from mvote.core.answers import SHOWN, AnswerMissing, AnswerNotAsked, UnknownQuestion
from mvote.core.canonical import JSON
from mvote.core.fields import Faults
from mvote.core.question import REASON, Question
from mvote.core.questions.open_text import read_hash
from mvote.core.shapes import Answer, Choices, Shape, Text


def check_only_if(
    faults: Faults, name: str, question: Question, earlier: Mapping[str, tuple[Question, Shape]]
) -> None:
    """Add what is wrong with the condition of a question that stands behind ``earlier`` ones."""
    if question.only_if is None:
        return
    wanted, shape = earlier.get(question.only_if.question, (None, None))
    if wanted is None:
        faults.add(f"{name}.only_if.question", "has to be an earlier question of the poll")
    elif shape is not Choices:
        faults.add(f"{name}.only_if.question", "has to be a question in which options are chosen")
    elif not set(question.only_if.any_of) <= wanted.by_id.keys():
        faults.add(f"{name}.only_if.any_of", "names an option that the question does not have")


def is_asked(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether the question is asked of a voter who gave these answers to the earlier ones."""
    if question.only_if is None:
        return True
    given = answers.get(question.only_if.question)
    return isinstance(given, Choices) and not set(given.ids).isdisjoint(question.only_if.any_of)


def check_keys(questions: Sequence[Question], ans: Mapping[str, JSON]) -> None:
    """Raises UnknownQuestion for a key that is neither a question nor a reason asked for."""
    known = {question.id for question in questions}
    known |= {question.id + REASON for question in questions if question.reason}
    for name in ans:
        if name not in known:
            raise UnknownQuestion(question=name[:SHOWN])


def check_asked(question: Question, ans: Mapping[str, JSON], *, asked: bool) -> None:
    """A question that is asked is answered, another is not, nor is its reason given.

    Raises AnswerMissing, AnswerNotAsked.
    """
    if asked and question.id not in ans:
        raise AnswerMissing(question=question.id)
    for name in (question.id, question.id + REASON):
        if name in ans and not asked:
            raise AnswerNotAsked(question=name)


def read_reason(question: Question, ans: Mapping[str, JSON]) -> Text:
    """The reason beside an answer, by its hash; none is a blank text.  Raises WrongAnswerType."""
    name = question.id + REASON
    return read_hash(name, ans[name]) if name in ans else Text(None)
