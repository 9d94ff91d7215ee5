"""Departments, drafts and polls on the wire, one file for each.

What a poll's definition may hold is decided by the core, field by field; the schemas of its
parts describe it to those who write clients.
"""

from mvote.votes.polls.schemas.acts import (
    CancellingIn,
    ClosingIn,
    ConfirmingIn,
    NoteIn,
    OutageIn,
    PendingActOut,
    PendingActsOut,
    ReasonIn,
)
from mvote.votes.polls.schemas.definition import (
    CountingMethodsOut,
    DepartmentIn,
    DepartmentOut,
    DepartmentsOut,
    DraftIn,
    QuestionTypesOut,
)
from mvote.votes.polls.schemas.drafts import (
    CopyIn,
    DraftOut,
    SavingIn,
    TemplateIn,
    TemplateOut,
    TemplatesOut,
    read_revisions,
)
from mvote.votes.polls.schemas.polls import (
    NoteOut,
    OfficialPollOut,
    OfficialPollsOut,
    PictureIn,
    PollHeadOut,
    PollOut,
    PollsIn,
    PollsOut,
    PurgeStatementOut,
    QuarantineOut,
    for_officials,
    head_of,
)
from mvote.votes.polls.schemas.told import CityOut, ToldOut

__all__ = [
    "CancellingIn",
    "CityOut",
    "ClosingIn",
    "ConfirmingIn",
    "CopyIn",
    "CountingMethodsOut",
    "DepartmentIn",
    "DepartmentOut",
    "DepartmentsOut",
    "DraftIn",
    "DraftOut",
    "NoteIn",
    "NoteOut",
    "OfficialPollOut",
    "OfficialPollsOut",
    "OutageIn",
    "PendingActOut",
    "PendingActsOut",
    "PictureIn",
    "PollHeadOut",
    "PollOut",
    "PollsIn",
    "PollsOut",
    "PurgeStatementOut",
    "QuarantineOut",
    "QuestionTypesOut",
    "ReasonIn",
    "SavingIn",
    "TemplateIn",
    "TemplateOut",
    "TemplatesOut",
    "ToldOut",
    "for_officials",
    "head_of",
    "read_revisions",
]
