"""An election of a file as a question of ours, to be counted by a method of ours."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mvote.core.canonical import JSON
from mvote.core.counting.method import AnyMethod
from mvote.core.question import Counting, Option, Question
from mvote.core.shapes import Answer, Choices, Ranking, Scores
from mvote.formats.election import Election, Kind
from mvote.formats.marks import OVERVOTES, Reading, answers_of
from mvote.formats.source import WrongValue

ONE_SEAT = ("irv", "run-off")
"""Methods that elect one although a file for several seats is counted by them."""


@dataclass(frozen=True, slots=True)
class Countable:
    """What a method is given: the question with its counting options, and the ballots."""

    question: Question
    ballots: Mapping[Answer, int]

    @property
    def blank(self) -> bool:
        """Whether nobody marked anything."""
        return all(answer.blank for answer in self.ballots)


def countable(
    election: Election,
    method: AnyMethod,
    reading: Reading,
    *,
    seats: int | None,
    options: Mapping[str, JSON],
) -> Countable:
    """The election as ``method`` counts it.

    Seats and withdrawn options of the file hold where the call gives none; a method that
    knows no withdrawn options gets ballots without them.  Raises WrongValue.
    """
    given = _options(election, method, seats, options)
    if reading.overvote == OVERVOTES[3]:
        _divide_by_who_is_left(method, given)
    withdrawn = _withdrawn(election, options)
    without = () if "withdrawn" in method.form else withdrawn
    names = {one.id for one in election.candidates}
    if not names:
        raise WrongValue(
            "파일에 선택지가 없습니다. 표에 이름이 하나는 있어야 합니다.",
            "there are no options; at least one name on a ballot is expected.",
        )
    if names <= set(withdrawn):
        raise WrongValue(
            "모든 선택지가 철회되어 셀 것이 없습니다.",
            "every option is withdrawn, so there is nothing to count.",
        )
    _check_seats(given.get("seats"), len(names - set(withdrawn)))
    single = method.name == "plurality"
    ballots = answers_of(election, method.shape, reading, single=single, without=without)
    question = Question(
        id="q1",
        type=_type(election, method, single=single),
        title={"ko": election.title, "en": election.title},
        options=tuple(
            Option(one.id, {"ko": one.name, "en": one.name}, one.cost)
            for one in election.candidates
            if one.id not in without
        ),
        config=_config(election, method, ballots),
        counting=Counting(method.name, given),
        blank=True,
    )
    return Countable(question, ballots)


def _divide_by_who_is_left(method: AnyMethod, given: dict[str, JSON]) -> None:
    if "equal_ranks" not in method.form:
        raise WrongValue(
            f"{method.name} 방식에서는 overvote={OVERVOTES[3]}을(를) 쓸 수 없습니다.",
            f"the method {method.name} cannot count by overvote={OVERVOTES[3]}.",
        )
    given["equal_ranks"] = OVERVOTES[3]


def _withdrawn(election: Election, options: Mapping[str, JSON]) -> tuple[str, ...]:
    named = options.get("withdrawn")
    return election.withdrawn if named is None else tuple(named)


def _options(
    election: Election, method: AnyMethod, seats: int | None, options: Mapping[str, JSON]
) -> dict[str, JSON]:
    """What the file states, as far as the method wants to know it, and what the call adds."""
    stated: dict[str, JSON] = {
        key: value for key, value in election.options.items() if key in method.form
    }
    if election.seats and method.name not in ONE_SEAT and "seats" in method.form:
        stated["seats"] = election.seats
    if method.name in ONE_SEAT and election.overvotes and "equal_ranks" in method.form:
        stated["equal_ranks"] = "exhaust"
    if election.withdrawn and "withdrawn" in method.form:
        stated["withdrawn"] = list(election.withdrawn)
    named = {key: value for key, value in options.items() if key != "withdrawn"}
    if "budget" in named and type(named["budget"]) is int:
        named["budget"] *= election.scale
    if "withdrawn" in options and "withdrawn" in method.form:
        named["withdrawn"] = options["withdrawn"]
    if seats is not None:
        _check_takes_seats(method, seats)
        if "seats" in method.form:
            named["seats"] = seats
    return {**stated, **named}


def _check_takes_seats(method: AnyMethod, seats: int) -> None:
    if "seats" not in method.form and seats != 1:
        raise WrongValue(
            f"{method.name} 방식은 당선자 수를 정하지 않습니다.",
            f"the method {method.name} takes no number of seats.",
        )


def _check_seats(seats: JSON, standing: int) -> None:
    if type(seats) is int and seats > standing:
        raise WrongValue(
            f"선택지는 {standing}개인데 {seats}개를 선정하라고 했습니다.",
            f"{seats} seats, but only {standing} options stand: expected at most {standing}.",
        )


def _type(election: Election, method: AnyMethod, *, single: bool) -> str:
    priced = any(one.cost is not None for one in election.candidates)
    if method.shape is Choices:
        if single:
            return "single-choice"
        return "budget" if priced else "multiple-choice"
    if method.shape is Ranking:
        return "ranking"
    return "points" if method.name == "cumulative" else "rating"


def _config(election: Election, method: AnyMethod, ballots: Iterable[Answer]) -> dict[str, JSON]:
    """The limits that the ballots kept to."""
    count = len(election.candidates)
    if method.shape is Ranking:
        return {"most": election.options.get("most") or count, "equal": True}
    if method.shape is Scores:
        return _score_config(election, method, ballots)
    return {} if method.name == "plurality" else {"least": 1, "most": count}


def _score_config(
    election: Election, method: AnyMethod, ballots: Iterable[Answer]
) -> dict[str, JSON]:
    values = [value for one in ballots if isinstance(one, Scores) for _, value in one.pairs]
    if method.name == "cumulative":
        sums = [sum(v for _, v in one.pairs) for one in ballots if isinstance(one, Scores)]
        return {"points": max([1, *sums])}
    least, most = min([0, *values]), max([1, *values])
    if election.kind is Kind.GRADES:
        most = max(len(marks) for marks in election.ballots) - 1
    return {"scale": {"least": least, "most": max(most, least + 1)}}


def option_value(text: str) -> JSON:
    """The value of ``--option key=value``: a whole number, true or false, a list, or a text."""
    if re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
        return int(text)
    if text in ("true", "false"):
        return text == "true"
    if "," in text:
        return [option_value(one.strip()) for one in text.split(",") if one.strip()]
    return text
