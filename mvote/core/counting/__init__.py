"""The ways in which the answers to a question can be counted."""

from mvote.core.counting.approval import Approval
from mvote.core.counting.budget_greedy import BudgetGreedy, BudgetGreedyNoSkip
from mvote.core.counting.method import AnyMethod
from mvote.core.counting.plurality import Plurality
from mvote.core.registry import Registry

METHODS: Registry[AnyMethod] = Registry(
    "counting method", Plurality(), Approval(), BudgetGreedy(), BudgetGreedyNoSkip()
)
