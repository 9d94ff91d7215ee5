"""The method of equal shares: every voter decides about an equal part of the money."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mvote.core.canonical import JSON
from mvote.core.counting.budget.greedy import BudgetGreedy
from mvote.core.counting.budget.method import BudgetMethod, cost_of
from mvote.core.counting.budget.purse import WHY, Purse
from mvote.core.counting.budget.shares import Course, Crowd, Purchase, run
from mvote.core.counting.outcome import Outcome, Tally, joined, tally
from mvote.core.counting.seats import standing
from mvote.core.counting.shown import decimal
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Choices
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule

COMPLETIONS = ("none", "add1", "greedy", "add1u")
MOST_INCREMENT = 1_000_000_000
STEPS = 1_000
"""Into so many steps the first share is cut, for every step is a count of its own."""
FREE: Words = {"ko": "비용이 들지 않아 선정했습니다.", "en": "Chosen: it costs nothing."}
FILLED: Words = {
    "ko": "남은 예산을 득표순으로 배정하며 선정했습니다.",
    "en": "Chosen when the money left was spent by votes.",
}
NOT_AFFORDED: Words = {
    "ko": "지지자들에게 남은 몫으로는 비용을 낼 수 없습니다.",
    "en": "The shares left to its supporters do not pay for it.",
}
COMPLETED: dict[str, Words] = {
    "none": {"ko": "남은 예산은 쓰지 않았습니다.", "en": "What was left was not spent."},
    "add1": {
        "ko": "한 사람의 몫은 선정된 사업의 비용이 예산 안에 머무는 한 조금씩 늘렸습니다.",
        "en": "The shares were raised step by step as long as the projects stayed in the budget.",
    },
    "greedy": {
        "ko": "남은 예산은 득표순으로 배정했습니다.",
        "en": "What was left was spent by votes.",
    },
}
COMPLETED["add1u"] = joined(COMPLETED["add1"], COMPLETED["greedy"])


class EqualShares(BudgetMethod[Choices]):
    """The method of equal shares where a project is worth its cost to its supporters.

    Options: ``budget``, ``withdrawn``, ``completion`` and ``increment``.  The budget is split
    equally among the voters whose ballots are valid.  The supporters of a project pay for it in
    equal parts, as far as they have money left; the project bought next is the one where the
    part that each pays is the smallest share of its cost.  All comparisons are exact.

    ``completion``: ``none``; ``add1`` (also where it is missing): the share of every voter is
    cut to a multiple of ``increment``, then raised by it, and all is counted anew, until no
    further supported project fits the budget; what would overspend does not count; ``greedy``:
    the money left is spent by votes, skipping what does not fit; ``add1u``: ``add1``, then
    ``greedy``.  ``increment`` is in the units of the costs; where it is missing it is a
    thousandth of the first share, rounded down, and at least 1.

    Projects that can be bought at the same rate are a tie only where some voter cannot pay for
    all of them.  A tie left undecided ends the count.

    Source: Peters and Skowron, Method of Equal Shares, equalshares.net, with the completions
    given there; the rules ``equalshares`` and ``equalshares/add1`` of pabulib.org.
    """

    name = "equal-shares"
    label = {"ko": "균등 몫 배정(equal shares)", "en": "Method of equal shares"}
    form = {
        "budget": BudgetMethod.form["budget"],
        "completion": {
            "ko": "남은 예산 처리(none, add1, greedy, add1u)",
            "en": "What happens to money left (none, add1, greedy, add1u)",
        },
        "increment": {"ko": "add1의 1인당 증가액", "en": "Step of add1 for every voter"},
        "withdrawn": BudgetMethod.form["withdrawn"],
    }

    def read_options(self, read: Reader, question: Question) -> None:
        super().read_options(read, question)
        if read.raw.get("completion") is not None:
            read.one_of("completion", COMPLETIONS)
        read.optional_integer("increment", least=1, most=MOST_INCREMENT)

    def count(
        self, question: Question, ballots: Iterable[tuple[Choices, int]], *, ties: TieRule
    ) -> Outcome:
        packed: Counter[Choices] = Counter()
        for answer, weight in ballots:
            if weight < 0:
                raise ValueError("a ballot cannot weigh less than nothing")
            packed[answer] += weight
        counted = tally(question, packed.items())
        purse = Purse(question.counting.options["budget"])
        shared = _share(question, packed, counted, ties)
        _spend(question, counted, shared, purse, ties)
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
            figures=_figures(question, shared),
        )

    def rule_words(self, question: Question) -> Words:
        return joined(
            {
                "ko": "예산을 투표자 모두에게 똑같이 나누고, 지지자가 고르게 나누어 낼 때 "
                "비용에 견준 1인 부담이 가장 작은 사업부터 선정했습니다.",
                "en": "The money was split equally among the voters; the next project was always "
                "the one whose supporters, paying equally, each paid the smallest part of it.",
            },
            COMPLETED[_completion(question)],
        )


@dataclass(frozen=True)
class _Shared:
    """``endowment`` is the money of each voter in the run that counts, its course the result."""

    endowment: Fraction
    course: Course
    free: tuple[str, ...]


def _completion(question: Question) -> str:
    return question.counting.options.get("completion") or "add1"


def _share(question: Question, packed: Counter[Choices], counted: Tally, ties: TieRule) -> _Shared:
    """Count with the endowment that the completion ends with."""
    budget: int = question.counting.options["budget"]
    asked = [one for one in standing(question) if counted.totals[one]]
    free = tuple(one for one in asked if not cost_of(question, one))
    costs = {one: cost_of(question, one) for one in asked if one not in free}
    crowd = Crowd(
        costs, ((answer.ids, weight) for answer, weight in packed.items() if answer.ids and weight)
    )

    def settle(tied: Sequence[str], place: int) -> Tie:
        return ties.settle(question, tied, place=place + len(free))

    endowment = Fraction(budget, counted.valid or 1)
    course = run(crowd, endowment, settle)
    if _completion(question) not in ("add1", "add1u"):
        return _Shared(endowment, course, free)
    step: int = question.counting.options.get("increment") or max(1, endowment // STEPS)
    while not course.stuck and not _exhausted(costs, budget, course):
        more = Fraction(endowment // step * step + step)
        other = run(crowd, more, settle)
        if _spent(costs, other) > budget:
            break
        endowment, course = more, other
    return _Shared(endowment, course, free)


def _spent(costs: dict[str, int], course: Course) -> int:
    return sum(costs[one.option] for one in course.bought)


def _exhausted(costs: dict[str, int], budget: int, course: Course) -> bool:
    """Whether no further project fits the budget."""
    left = budget - _spent(costs, course)
    bought = {one.option for one in course.bought}
    return all(cost > left for one, cost in costs.items() if one not in bought)


def _spend(
    question: Question, counted: Tally, shared: _Shared, purse: Purse, ties: TieRule
) -> None:
    """Write down what was bought, then what became of the others."""
    for one in shared.free:
        purse.note(one, counted.totals[one], "taken", 0, FREE)
    for purchase in shared.course.bought:
        option = purchase.option
        cost = cost_of(question, option)
        purse.note(
            option,
            counted.totals[option],
            "taken",
            cost,
            _paid_words(purchase, counted.totals[option]),
        )
    purse.ties.extend(shared.course.ties)
    rest = {one: votes for one, votes in counted.totals.items() if one not in purse.winners()}
    if _completion(question) in ("greedy", "add1u") and not shared.course.stuck:
        first = len(purse.rounds)
        BudgetGreedy().spend(question, rest, 1, purse, ties)
        purse.explain_taken(first, FILLED)
        return
    for one in sorted(rest, key=lambda option: -rest[option]):
        result = _why_not(question, one, rest[one], shared.course)
        why = WHY.get(result, NOT_AFFORDED)
        purse.note(one, rest[one], result, cost_of(question, one), why)


def _why_not(question: Question, option: str, votes: int, course: Course) -> str:
    if not votes:
        return "too-few-votes"
    if option not in standing(question):
        return "withdrawn"
    if course.stuck:
        return "tied" if option in course.stuck else "after-the-end"
    return "not-afforded"


def _paid_words(purchase: Purchase, supporters: int) -> Words:
    most = decimal(purchase.most)
    said: Words = {
        "ko": f"지지자 {purchase.paying:,}명이 {most}씩 내어 선정했습니다.",
        "en": f"Chosen: {purchase.paying:,} supporters paid {most} each.",
    }
    if purchase.paying == supporters:
        return said
    others = supporters - purchase.paying
    return joined(
        said,
        {
            "ko": f"남은 몫이 그보다 적은 {others:,}명은 남은 몫을 모두 냈습니다.",
            "en": f"{others:,} with less left paid all that they had.",
        },
    )


def _figures(question: Question, shared: _Shared) -> dict[str, JSON]:
    return {
        "completion": _completion(question),
        "endowment": str(shared.endowment),
        "paid": {one.option: str(one.most) for one in shared.course.bought},
    }
