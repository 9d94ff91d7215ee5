"""What all methods have in common that spend a sum of money on projects."""

from collections.abc import Mapping
from typing import ClassVar

from mvote.core.counting.budget.purse import Purse
from mvote.core.counting.method import CountingMethod, Given
from mvote.core.counting.outcome import joined, tie_words
from mvote.core.counting.seats import read_withdrawn
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.text import Words
from mvote.core.ties import TieRule


class BudgetMethod(CountingMethod[Given]):
    """Options: ``budget`` (the money there is) and ``withdrawn`` (ids of projects whose votes
    are counted but which are passed over)."""

    form: ClassVar[Mapping[str, Words]] = {
        "budget": {"ko": "총예산", "en": "Money there is"},
        "withdrawn": {"ko": "철회된 사업", "en": "Withdrawn projects"},
    }

    def read_options(self, read: Reader, question: Question) -> None:
        if not question.options or any(one.cost is None for one in question.options):
            read.faults.add("counting.method", "needs a question whose options have costs")
        read.integer("budget")
        read_withdrawn(read, question)

    def explain(self, question: Question, valid: int, purse: Purse, ties: TieRule) -> Words:
        budget = question.counting.options["budget"]
        spent, chosen, asked = budget - purse.left, len(purse.winners()), len(question.options)
        figures: Words = {
            "ko": f"유효표 {valid:,}표. 사업 {asked}개 가운데 {chosen}개를 선정했고, "
            f"예산 {budget:,} 가운데 {spent:,}, 남은 금액은 {purse.left:,}입니다.",
            "en": f"{valid:,} valid votes. {chosen} of {asked} projects are chosen; "
            f"they cost {spent:,} of {budget:,}, {purse.left:,} is left.",
        }
        said = [tie_words(question, tie, ties.label) for tie in purse.ties]
        return joined(self.rule_words(question), figures, *said)

    def rule_words(self, question: Question) -> Words:
        """The rule in a sentence or two."""
        raise NotImplementedError


def cost_of(question: Question, option: str) -> int:
    return question.by_id[option].cost or 0
