"""The ways in which the answers to a question can be counted."""

from mvote.core.counting.approval import Approval
from mvote.core.counting.borda import Borda
from mvote.core.counting.bucklin import Bucklin
from mvote.core.counting.budget.equal_shares import EqualShares
from mvote.core.counting.budget.greedy import BudgetGreedy, BudgetGreedyNoSkip
from mvote.core.counting.budget.points import BudgetPoints
from mvote.core.counting.budget.positions import BudgetPositions
from mvote.core.counting.budget.threshold import BudgetGreedyThreshold
from mvote.core.counting.copeland import Copeland
from mvote.core.counting.cumulative import Cumulative
from mvote.core.counting.irv import InstantRunoff
from mvote.core.counting.majority_judgment import MajorityJudgment
from mvote.core.counting.method import AnyMethod
from mvote.core.counting.number_summary import NumberSummary
from mvote.core.counting.plurality import Plurality
from mvote.core.counting.ranked_pairs import RankedPairs
from mvote.core.counting.run_off import RunOff
from mvote.core.counting.schulze import Schulze
from mvote.core.counting.score_mean import ScoreMean
from mvote.core.counting.score_median import ScoreMedian
from mvote.core.counting.star import Star
from mvote.core.counting.stv.cfer import CaliforniaVote
from mvote.core.counting.stv.meek import Meek, Warren
from mvote.core.counting.stv.minneapolis import MinneapolisVote
from mvote.core.counting.stv.scottish import ScottishVote
from mvote.core.counting.stv.wigm import WeightedInclusive
from mvote.core.counting.text_list import TextList
from mvote.core.registry import Registry

METHODS: Registry[AnyMethod] = Registry(
    "counting method",
    Plurality(),
    Approval(),
    ScoreMean(),
    ScoreMedian(),
    MajorityJudgment(),
    Star(),
    Cumulative(),
    BudgetGreedy(),
    BudgetGreedyNoSkip(),
    BudgetGreedyThreshold(),
    BudgetPoints(),
    BudgetPositions(),
    EqualShares(),
    NumberSummary(),
    TextList(),
    RunOff(),
    Borda(),
    InstantRunoff(),
    ScottishVote(),
    Meek(),
    WeightedInclusive(),
    MinneapolisVote(),
    CaliforniaVote(),
    Warren(),
    Schulze(),
    RankedPairs(),
    Copeland(),
    Bucklin(),
)
