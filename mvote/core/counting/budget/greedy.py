"""Budget by votes: projects in the order of their totals, each funded while the money lasts."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from mvote.core.counting.adding import Sums, add_up
from mvote.core.counting.budget.method import BudgetMethod, cost_of
from mvote.core.counting.budget.purse import Purse
from mvote.core.counting.method import Given
from mvote.core.counting.outcome import Outcome, Total
from mvote.core.counting.seats import ranked
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Choices
from mvote.core.text import Words
from mvote.core.ties import TieRule


class GreedyMethod(BudgetMethod[Given]):
    """By totals, descending.

    ``skips`` says whether the count goes on after a project that does not fit.  A tie counts
    as one only if the tied cannot all be funded; left undecided, it ends the count, for the
    money below it would be the money of the tied.  ``floor_key`` is the option that holds the
    least total that is funded, ``too_few`` the result of a project below it.
    """

    skips: ClassVar[bool] = True
    floor_key: ClassVar[str] = "min_votes"
    too_few: ClassVar[str] = "too-few-votes"
    descending: ClassVar[Words] = {"ko": "표를 많이 얻은 사업부터", "en": "votes"}

    def read_options(self, read: Reader, question: Question) -> None:
        super().read_options(read, question)
        read.optional_integer(self.floor_key)

    def add_up(self, question: Question, ballots: Iterable[tuple[Given, int]]) -> Sums:
        return add_up(question, ballots)

    def floor(self, question: Question, counted: Sums) -> Total:  # noqa: ARG002
        """The least total that is funded; 1 where nothing is said: nobody's wish is not funded."""
        least: int | None = question.counting.options.get(self.floor_key)
        return 1 if least is None else least

    def count(
        self, question: Question, ballots: Iterable[tuple[Given, int]], *, ties: TieRule
    ) -> Outcome:
        counted = self.add_up(question, ballots)
        purse = Purse(question.counting.options["budget"])
        self.spend(question, counted.totals, self.floor(question, counted), purse, ties)
        return Outcome(
            method=self.name,
            ballots=counted.ballots,
            valid=counted.valid,
            blank=counted.blank,
            totals=counted.totals,
            winners=purse.winners(),
            ties=tuple(purse.ties),
            rounds=tuple(purse.rounds),
            explanation=self.explain(question, counted.valid, purse, ties),
        )

    def spend(
        self,
        question: Question,
        totals: Mapping[str, Total],
        floor: Total,
        purse: Purse,
        ties: TieRule,
    ) -> None:
        """Go through the projects that have totals, from the top; ``floor`` is the least funded."""
        for group in ranked(totals):
            total = totals[group[0]]
            if total < floor:
                for one in group:
                    purse.note(one, total, self.too_few, cost_of(question, one))
            else:
                self._consider(question, total, group, purse, ties)

    def _consider(
        self, question: Question, total: Total, group: list[str], purse: Purse, ties: TieRule
    ) -> None:
        """Go through the projects with equal totals."""
        rivals = self._rivals(question, group, purse)
        order: tuple[str, ...] | None = tuple(rivals)
        costs = [cost_of(question, one) for one in rivals]
        if len(rivals) > 1 and min(costs) <= purse.left < sum(costs):
            order = purse.break_tie(question, rivals, ties)
        for one in [*(order or rivals), *(one for one in group if one not in rivals)]:
            result = "tied" if order is None and one in rivals else None
            self._step(question, one, total, purse, result)
        purse.ended = purse.ended or order is None

    def _rivals(self, question: Question, group: list[str], purse: Purse) -> list[str]:
        """Those of a group that stand for the same money."""
        return [
            one
            for one in group
            if not self._barred(question, one, purse)
            and (not self.skips or cost_of(question, one) <= purse.left)
        ]

    def _barred(self, question: Question, option: str, purse: Purse) -> str | None:
        if option in (question.counting.options.get("withdrawn") or ()):
            return "withdrawn"
        return "after-the-end" if purse.ended else None

    def _step(
        self, question: Question, option: str, total: Total, purse: Purse, result: str | None
    ) -> None:
        """Fund one project, or say why not."""
        cost = cost_of(question, option)
        result = result or self._barred(question, option, purse)
        if result is None and cost > purse.left:
            result = "too-dear"
            purse.ended = not self.skips
        purse.note(option, total, result or "taken", cost)

    def rule_words(self, question: Question) -> Words:  # noqa: ARG002
        ko, en = self.descending["ko"], self.descending["en"]
        if self.skips:
            return {
                "ko": f"{ko} 살펴, 남은 예산에 들어가면 선정하고 들어가지 않으면 건너뛰었습니다.",
                "en": f"Projects were taken in the order of their {en}; "
                "one that no longer fitted the money left was skipped.",
            }
        return {
            "ko": f"{ko} 살펴, 남은 예산에 들어가면 선정하고 "
            "들어가지 않는 사업이 나오면 끝냈습니다.",
            "en": f"Projects were taken in the order of their {en}; "
            "the first that did not fit the money left ended the count.",
        }


class BudgetGreedy(GreedyMethod[Choices]):
    """By votes, descending; what no longer fits is skipped.

    Options: ``budget`` (the money there is), ``min_votes`` (1 where it is missing:
    a project that nobody chose is not funded) and ``withdrawn`` (ids of projects
    whose votes are counted but which are passed over).

    Source: the rules ``greedy`` and ``greedy-threshold`` of pabulib.org.
    """

    name = "budget-greedy"
    label: ClassVar[Words] = {
        "ko": "득표순 예산 배정(초과 사업 건너뜀)",
        "en": "By votes, skipping what no longer fits",
    }
    form = {
        "budget": BudgetMethod.form["budget"],
        "min_votes": {"ko": "최소 득표수", "en": "Votes that a project needs"},
        "withdrawn": BudgetMethod.form["withdrawn"],
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
