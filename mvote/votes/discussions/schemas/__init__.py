"""Records on the wire, a file for each side of the work on them."""

from mvote.votes.discussions.schemas.answering import (
    AnswerIn,
    ErratumIn,
    InterimAnswerIn,
    MergeIn,
    SplitIn,
    StepIn,
    ToAnswersOut,
)
from mvote.votes.discussions.schemas.promising import (
    ClosingReportIn,
    EvidenceIn,
    MovedStepIn,
    PromisedStepIn,
    PromiseIn,
    RecordPromisesOut,
)
from mvote.votes.discussions.schemas.reading import (
    EntryOut,
    OverdueOut,
    RecordFileOut,
    RecordOut,
    RecordsIn,
    RecordsOut,
)
from mvote.votes.discussions.schemas.replying import (
    AskAgainIn,
    AskedOut,
    RatingIn,
    RatingsOut,
    RepliesOut,
)

__all__ = [
    "AnswerIn",
    "AskAgainIn",
    "AskedOut",
    "ClosingReportIn",
    "EntryOut",
    "ErratumIn",
    "EvidenceIn",
    "InterimAnswerIn",
    "MergeIn",
    "MovedStepIn",
    "OverdueOut",
    "PromiseIn",
    "PromisedStepIn",
    "RatingIn",
    "RatingsOut",
    "RecordFileOut",
    "RecordOut",
    "RecordPromisesOut",
    "RecordsIn",
    "RecordsOut",
    "RepliesOut",
    "SplitIn",
    "StepIn",
    "ToAnswersOut",
]
