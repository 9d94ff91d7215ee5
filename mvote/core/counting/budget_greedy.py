"""Budget by votes: projects in the order of their votes, each funded while the money lasts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Round, Tally, joined, tally, tie_words
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions import QUESTIONS
from mvote.core.shapes import Choices
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule

WHY: dict[str, Words] = {
    "taken": {"ko": "남은 예산에 들어가 선정했습니다.", "en": "Chosen: it fits the money left."},
    "too-dear": {"ko": "비용이 남은 예산을 넘습니다.", "en": "It costs more than is left."},
    "too-few-votes": {"ko": "최소 득표수에 못 미칩니다.", "en": "It has too few votes."},
    "withdrawn": {"ko": "철회된 사업입니다.", "en": "The project is withdrawn."},
    "tied": {"ko": "동점이 가려지지 않았습니다.", "en": "A tie is left undecided here."},
    "after-the-end": {
        "ko": "이 사업에 이르기 전에 선정이 끝났습니다.",
        "en": "The count ended before it came to this project.",
    },
}


@dataclass
class _Purse:
    """The money left and what was done with it so far; ``ended`` once nothing more is funded."""

    left: int
    ended: bool = False
    rounds: list[Round] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    def winners(self) -> tuple[str, ...]:
        return tuple(one.option for one in self.rounds if one.taken)


class BudgetGreedy(CountingMethod[Choices]):
    """By votes, descending; what no longer fits is skipped.

    Options: ``budget`` (the money there is), ``min_votes`` (1 where it is missing:
    a project that nobody chose is not funded) and ``withdrawn`` (ids of projects
    whose votes are counted but which are passed over).  A tie counts as one only
    if the tied cannot all be funded; left undecided, it ends the count, for the
    money below it would be the money of the tied.

    Source: the rules ``greedy`` and ``greedy-threshold`` of pabulib.org.
    """

    name = "budget-greedy"
    label: ClassVar[Words] = {
        "ko": "득표순 예산 배정(초과 사업 건너뜀)",
        "en": "By votes, skipping what no longer fits",
    }
    form = {
        "budget": {"ko": "총예산", "en": "Money there is"},
        "min_votes": {"ko": "최소 득표수", "en": "Votes that a project needs"},
        "withdrawn": {"ko": "철회된 사업", "en": "Withdrawn projects"},
    }
    skips: ClassVar[bool] = True

    def read_options(self, read: Reader, question: Question) -> None:
        if not QUESTIONS.get(question.type).costs:
            read.faults.add("counting.method", "needs a question whose options have costs")
        read.integer("budget")
        read.optional_integer("min_votes")
        withdrawn = read.raw.get("withdrawn", [])
        if not isinstance(withdrawn, list) or not all(
            isinstance(one, str) and one in question.by_id for one in withdrawn
        ):
            read.fault("withdrawn", "has to be a list of ids of projects")

    def count(
        self, question: Question, ballots: Iterable[tuple[Choices, int]], *, ties: TieRule
    ) -> Outcome:
        counted = tally(question, ballots)
        purse = _Purse(question.counting.options["budget"])
        for total, group in counted.ranked():
            self._consider(question, total, group, purse, ties)
        return Outcome(
            method=self.name,
            ballots=counted.ballots,
            valid=counted.valid,
            blank=counted.blank,
            totals=counted.totals,
            winners=purse.winners(),
            ties=tuple(purse.ties),
            rounds=tuple(purse.rounds),
            explanation=self._explain(question, counted, purse, ties),
        )

    def _consider(
        self, question: Question, total: int, group: list[str], purse: _Purse, ties: TieRule
    ) -> None:
        """Go through the projects with equally many votes."""
        rivals = self._rivals(question, total, group, purse)
        order: tuple[str, ...] | None = tuple(rivals)
        costs = [_cost(question, one) for one in rivals]
        if len(rivals) > 1 and min(costs) <= purse.left < sum(costs):
            order = ties.order(question, rivals)
            purse.ties.append(Tie(tuple(rivals), len(purse.winners()) + 1, ties.name, order or ()))
        for one in [*(order or rivals), *(one for one in group if one not in rivals)]:
            result = "tied" if order is None and one in rivals else None
            self._step(question, one, total, purse, result)
        purse.ended = purse.ended or order is None

    def _rivals(self, question: Question, total: int, group: list[str], purse: _Purse) -> list[str]:
        """Those of a group that stand for the same money."""
        return [
            one
            for one in group
            if not self._barred(question, one, total, purse)
            and (not self.skips or _cost(question, one) <= purse.left)
        ]

    def _barred(self, question: Question, option: str, total: int, purse: _Purse) -> str | None:
        options = question.counting.options
        least = options.get("min_votes")
        if total < (1 if least is None else least):
            return "too-few-votes"
        if option in options.get("withdrawn", ()):
            return "withdrawn"
        return "after-the-end" if purse.ended else None

    def _step(
        self, question: Question, option: str, total: int, purse: _Purse, result: str | None
    ) -> None:
        """Fund one project, or say why not."""
        cost = _cost(question, option)
        result = result or self._barred(question, option, total, purse)
        if result is None and cost <= purse.left:
            result = "taken"
            purse.left -= cost
        elif result is None:
            result = "too-dear"
            purse.ended = not self.skips
        purse.rounds.append(Round(option, total, result, WHY[result], cost, purse.left))

    def _explain(self, question: Question, counted: Tally, purse: _Purse, ties: TieRule) -> Words:
        budget = question.counting.options["budget"]
        spent, chosen, asked = budget - purse.left, len(purse.winners()), len(question.options)
        figures: Words = {
            "ko": f"유효표 {counted.valid:,}표. 사업 {asked}개 가운데 {chosen}개를 선정했고, "
            f"예산 {budget:,} 가운데 {spent:,}, 남은 금액은 {purse.left:,}입니다.",
            "en": f"{counted.valid:,} valid votes. {chosen} of {asked} projects are chosen; "
            f"they cost {spent:,} of {budget:,}, {purse.left:,} is left.",
        }
        said = [tie_words(question, tie, ties.label) for tie in purse.ties]
        return joined(self.rule_words(), figures, *said)

    def rule_words(self) -> Words:
        return {
            "ko": "표를 많이 얻은 사업부터 살펴, 남은 예산에 들어가면 선정하고 "
            "들어가지 않으면 건너뛰었습니다.",
            "en": "Projects were taken in the order of their votes; "
            "one that no longer fitted the money left was skipped.",
        }


class BudgetGreedyNoSkip(BudgetGreedy):
    """By votes, descending; the first project that does not fit ends the count.

    Options as for ``budget-greedy``; neither a withdrawn project nor one with too
    few votes ends it.  Source: the rule ``greedy-no-skip`` of pabulib.org.
    """

    name = "budget-greedy-no-skip"
    label = {
        "ko": "득표순 예산 배정(초과 시 종료)",
        "en": "By votes, ending at the first that does not fit",
    }
    skips = False

    def rule_words(self) -> Words:
        return {
            "ko": "표를 많이 얻은 사업부터 살펴, 남은 예산에 들어가면 선정하고 "
            "들어가지 않는 사업이 나오면 끝냈습니다.",
            "en": "Projects were taken in the order of their votes; "
            "the first that did not fit the money left ended the count.",
        }


def _cost(question: Question, option: str) -> int:
    return question.by_id[option].cost or 0
