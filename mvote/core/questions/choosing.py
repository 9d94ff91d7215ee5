"""What every question type has in common whose answer is a set of chosen options."""

from dataclasses import asdict, dataclass
from typing import ClassVar

from mvote.core.answers import (
    SHOWN,
    ChosenTwice,
    NoneStandsAlone,
    OverBudget,
    TooFewChosen,
    TooManyChosen,
    UnknownOption,
    WrongAnswerType,
)
from mvote.core.canonical import JSON
from mvote.core.question import Question
from mvote.core.questions.question_type import NONE, QuestionType
from mvote.core.shapes import Choices, Shape
from mvote.core.text import Words


@dataclass(frozen=True, slots=True)
class ChoosingLimits:
    """What the phone holds a voter to: how many options, and what they may cost together."""

    least: int
    most: int
    cost: int | None = None

    def to_json(self) -> dict[str, JSON]:
        return asdict(self)


class ChoosingType(QuestionType[Choices]):
    """An answer is a list of option ids in any order: ``["a", "b"]``."""

    shape: ClassVar[Shape] = Choices
    example = '["a"]'
    offers_none = True

    def limits(self, question: Question) -> ChoosingLimits:  # noqa: ARG002
        return ChoosingLimits(1, 1)

    def describe(self, question: Question) -> Words:  # noqa: ARG002
        return {"ko": "하나를 고릅니다.", "en": "Choose one."}

    def blank_answer(self) -> Choices:
        return Choices(())

    def write_answer(self, answer: Choices) -> list[JSON]:
        return list(answer.ids)

    def read_given(self, question: Question, raw: list[JSON]) -> Choices:
        ids = read_ids(question, raw)
        if stands_for_none(question, ids):
            return Choices.of(ids)
        limits = self.limits(question)
        check_number(question, len(ids), least=limits.least, most=limits.most)
        if limits.cost is not None:
            cost = sum(question.by_id[one].cost or 0 for one in ids)
            if cost > limits.cost:
                raise OverBudget(question=question.id, cost=cost, limit=limits.cost)
        return Choices.of(ids)


def read_ids(question: Question, raw: list[JSON]) -> list[str]:
    """Ids of options without doubles.  Raises WrongAnswerType, UnknownOption, ChosenTwice."""
    if not set(map(type, raw)) <= {str}:
        raise WrongAnswerType(question=question.id)
    given = set(raw)
    if len(given) == len(raw) and question.by_id.keys() >= given:
        return raw
    seen: set[str] = set()
    for one in raw:
        if one not in question.by_id:
            raise UnknownOption(question=question.id, option=one[:SHOWN])
        if one in seen:
            raise ChosenTwice(question=question.id, option=one)
        seen.add(one)
    return raw


def stands_for_none(question: Question, ids: list[str]) -> bool:
    """Whether the voter chose “none of these”.  Raises NoneStandsAlone beside another option."""
    if not question.none or NONE.id not in ids:
        return False
    if len(ids) > 1:
        raise NoneStandsAlone(question=question.id)
    return True


def check_number(question: Question, chosen: int, *, least: int, most: int) -> None:
    """Raises TooFewChosen, TooManyChosen."""
    if chosen < least:
        raise TooFewChosen(question=question.id, least=least, chosen=chosen)
    if chosen > most:
        raise TooManyChosen(question=question.id, most=most, chosen=chosen)


def so_many(least: int, most: int) -> Words:
    """How many, as a part of a sentence: ``2``, ``1 to 3``."""
    if least == most:
        return {"ko": f"{least:,}개를", "en": f"{least:,}"}
    return {"ko": f"{least:,}개에서 {most:,}개까지", "en": f"{least:,} to {most:,}"}


def offered(question: Question) -> int:
    """How many options there are besides “none of these”."""
    return len(question.options) - (question.none and NONE.id in question.by_id)
