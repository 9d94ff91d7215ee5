"""Budget by votes with a threshold: what too few voters chose is not funded."""

import re
from fractions import Fraction

from mvote.core.counting.adding import Sums
from mvote.core.counting.budget.greedy import BudgetGreedy
from mvote.core.counting.budget.method import BudgetMethod
from mvote.core.counting.outcome import Total, joined
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.text import Words

SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)%|(\d{1,6})/(\d{1,6})", re.ASCII)
SHARE_WORDS = "has to be a share such as 5%, 2.5% or 1/20, more than nothing and at most all"


class BudgetGreedyThreshold(BudgetGreedy):
    """By votes, descending, skipping what no longer fits; what is below the threshold is out.

    Options: ``budget``, ``withdrawn`` and the threshold: ``min_share`` (a share of the valid
    votes, such as ``5%`` or ``1/20``), ``min_votes``, or both; a project needs at least that
    much of each.

    Source: the rule ``greedy-threshold`` of pabulib.org.
    """

    name = "budget-greedy-threshold"
    label = {
        "ko": "득표순 예산 배정(최소 득표 기준)",
        "en": "By votes, with a threshold",
    }
    form = {
        "budget": BudgetMethod.form["budget"],
        "min_share": {
            "ko": "최소 득표율(예: 5%, 1/20)",
            "en": "Share of the valid votes that a project needs (5%, 1/20)",
        },
        "min_votes": BudgetGreedy.form["min_votes"],
        "withdrawn": BudgetMethod.form["withdrawn"],
    }

    def read_options(self, read: Reader, question: Question) -> None:
        super().read_options(read, question)
        share = read.raw.get("min_share")
        if share is None and read.raw.get("min_votes") is None:
            read.fault("min_share", "either a share or the least votes have to be given")
        elif share is not None and _share(share) is None:
            read.fault("min_share", SHARE_WORDS)

    def floor(self, question: Question, counted: Sums) -> Total:
        share = _share(question.counting.options.get("min_share")) or Fraction(0)
        return max(super().floor(question, counted), share * counted.valid)

    def rule_words(self, question: Question) -> Words:
        options = question.counting.options
        said: list[Words] = [super().rule_words(question)]
        if options.get("min_share") is not None:
            share = options["min_share"]
            said.append(
                {
                    "ko": f"유효표의 {share}에 못 미친 사업은 제외했습니다.",
                    "en": f"A project with less than {share} of the valid votes was left out.",
                }
            )
        if options.get("min_votes") is not None:
            least = options["min_votes"]
            said.append(
                {
                    "ko": f"{least:,}표에 못 미친 사업은 제외했습니다.",
                    "en": f"A project with fewer than {least:,} votes was left out.",
                }
            )
        return joined(*said)


def _share(text: object) -> Fraction | None:
    """A share over 0 and up to 1; None where it is none."""
    found = SHARE.fullmatch(text) if isinstance(text, str) else None
    if not found or (found[3] and not int(found[3])):
        return None
    share = Fraction(found[1]) / 100 if found[1] else Fraction(int(found[2]), int(found[3]))
    return share if 0 < share <= 1 else None
