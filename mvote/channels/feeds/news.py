"""What happened that the public is told, in the order of the audit log's chain.

That order only grows, and it is the same for every process and after every restart; times are
not, since what happened enters a record later than it happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, cast

from flask import Flask, current_app

from mvote.audit.rules import Entry
from mvote.audit.service import list_chained
from mvote.core.eligibility import is_open_to
from mvote.core.phases import PollUnknown
from mvote.core.poll import PollNotFrozen
from mvote.core.rehearsal import REHEARSAL
from mvote.votes.discussions.rules import (
    ANSWER,
    ASKED_AGAIN,
    CANCELLED,
    CLOSING,
    ERRATUM,
    EVIDENCE,
    INTERIM,
    MERGED,
    MOVED,
    POOL_RESULT,
    PROMISE,
    PROMISED_STEP,
    PROPOSAL,
    PROPOSAL_REPLY,
    QUESTION_REPLY,
    RATINGS,
    RESULT,
    SLIPPED,
    SPLIT,
    STEP,
)
from mvote.votes.polls import service as polls

OVERDUE = "overdue"
KINDS: Mapping[str, str] = {
    "ResultPublished": RESULT,
    "PollCancelled": CANCELLED,
    "InterimAnswerGiven": INTERIM,
    "AnswerGiven": ANSWER,
    "StepAdded": STEP,
    "ClosingReportGiven": CLOSING,
    "PromiseMade": PROMISE,
    "PromisedStepAdded": PROMISED_STEP,
    "StepMoved": MOVED,
    "StepShown": EVIDENCE,
    "StepSlipped": SLIPPED,
    "ErratumAdded": ERRATUM,
    "RecordMerged": MERGED,
    "RecordSplit": SPLIT,
    "AnswerAskedAgain": ASKED_AGAIN,
    "RatingsSummed": RATINGS,
    "AnswerOverdue": OVERDUE,
    "StageReached": PROPOSAL,
    "ProposalChosen": PROPOSAL,
    "ProposalRepliedTo": PROPOSAL_REPLY,
    "QuestionRepliedTo": QUESTION_REPLY,
    "PoolResultFrozen": POOL_RESULT,
}
"""The kind of news by the name of what happened."""
NO_POLLS = (PROPOSAL, PROPOSAL_REPLY, QUESTION_REPLY, POOL_RESULT)
"""Kinds whose subject is neither a record nor a poll."""
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class News:
    """``poll`` is empty where it is about none; ``number`` 0 where no entry of a record is meant.

    ``digest`` is that of a result, ``due_at`` when an overdue answer was due.
    """

    kind: str
    at: datetime
    record: str
    poll: str
    department: str
    number: int = 0
    digest: str = ""
    due_at: str = ""


@dataclass(slots=True)
class Told:
    """All news of an installation, read on behind link ``seq`` whenever somebody asks."""

    seq: int = 0
    news: list[News] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def read_on(self) -> None:
        """Two readers at once would tell everything twice."""
        with self.lock:
            more = True
            while more:
                found, seq, more = list_chained(
                    "votes", after=self.seq, limit=AT_ONCE, names=tuple(KINDS)
                )
                self.news += [news for one in found if (news := read_news(one))]
                self.seq = seq


def install_news(app: Flask) -> None:
    """Begin with nothing."""
    app.extensions["mvote-news"] = Told()


def list_news(record: str | None = None) -> list[News]:
    """Everything so far, the oldest first, of one record or of all."""
    told = cast(Told, current_app.extensions["mvote-news"])
    told.read_on()
    news = list(told.news)
    return news if record is None else [one for one in news if one.record == record]


def read_news(happened: Entry) -> News | None:
    """What the public is told of it, or None."""
    return _news(happened) if _is_public(happened) else None


def _is_public(happened: Entry) -> bool:
    """What is frozen says whether a poll is private or a rehearsal, which may be gone by now."""
    poll = _news(happened).poll
    if not poll:
        return True
    try:
        definition = polls.definition_of(poll)
    except (PollUnknown, PollNotFrozen):
        return False
    return definition.kind != REHEARSAL and is_open_to(definition.audience)


def _news(happened: Entry) -> News:
    """Only what is public: who among the officials did it stays in the log."""
    body, kind = cast(Mapping[str, Any], happened.body), KINDS[happened.name]
    if kind in NO_POLLS:
        number = body.get("entry", body["number"])
        return News(kind, happened.at, body["record"], "", body["department"], number)
    in_record = "record" not in body
    return News(
        kind=kind,
        at=happened.at,
        record=happened.subject if in_record else body["record"],
        poll=body["poll"] if in_record else happened.subject,
        department=body["department"],
        number=body.get("number", 0),
        digest=body.get("digest", ""),
        due_at=body.get("due_at", ""),
    )
