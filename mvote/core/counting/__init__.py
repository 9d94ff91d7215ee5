"""The ways in which the answers to a question can be counted."""

from mvote.core.counting.approval import Approval
from mvote.core.counting.budget.greedy import BudgetGreedy, BudgetGreedyNoSkip
from mvote.core.counting.budget.points import BudgetPoints
from mvote.core.counting.budget.positions import BudgetPositions
from mvote.core.counting.budget.threshold import BudgetGreedyThreshold
from mvote.core.counting.method import AnyMethod
from mvote.core.counting.number_summary import NumberSummary
from mvote.core.counting.plurality import Plurality
from mvote.core.counting.text_list import TextList
from mvote.core.registry import Registry

METHODS: Registry[AnyMethod] = Registry(
    "counting method",
    Plurality(),
    Approval(),
    BudgetGreedy(),
    BudgetGreedyNoSkip(),
    BudgetGreedyThreshold(),
    BudgetPoints(),
    BudgetPositions(),
    NumberSummary(),
    TextList(),
)
