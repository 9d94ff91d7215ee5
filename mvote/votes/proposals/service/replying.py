"""The department replies to a proposal: first, in between, or in full."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import transaction
from mvote.votes.discussions import service as records
from mvote.votes.discussions.rules import DECISIONS, RecordEntry
from mvote.votes.dues import service as dues
from mvote.votes.proposals.errors import (
    CallOfOtherDepartment,
    NothingToReplyTo,
    ReplyRefused,
)
from mvote.votes.proposals.rules import ANSWER, REPLIES, ProposalRepliedTo
from mvote.votes.proposals.service.choosing import PROMISED
from mvote.votes.proposals.service.reading import lock_proposal
from mvote.votes.proposals.service.stages import cause_of
from mvote.votes.proposals.tables import ProposalRow, ReachedRow

ENTRY = "proposal-reply"


def reply(
    proposal_id: str,
    *,
    kind: str,
    text: Words,
    decision: str | None,
    official: Official,
    now: datetime,
) -> records.Added:
    """Write a reply into the proposal's record, and meet what was owed for it.

    An answer says what becomes of the proposal.  The same words again are the entry that
    stands there; other words are its next version.  Raises ProposalUnknown,
    CallOfOtherDepartment, NothingToReplyTo, ReplyRefused.
    """
    _check(kind, decision)
    with transaction("votes") as session:
        row = lock_proposal(session, proposal_id)
        owed = [*_causes(session, row)]
        _require_owner(session, row, owed, official)
        if not row.record:
            raise NothingToReplyTo()
        body: dict[str, JSON] = {"kind": kind, "decision": decision, "text": dict(text)}
        body["href"] = f"/proposals/{row.id}"
        added = records.add_entry(
            session,
            row.record,
            kind=ENTRY,
            subject=row.id,
            body=body,
            by=official.department,
            now=now,
        )
        if added[1]:
            for cause in owed:
                dues.meet_due(session, cause=cause, kind=kind, now=now)
            _tell(session, row, body, added[0], official=official, now=now)
        return added


def _check(kind: str, decision: str | None) -> None:
    """Raises ReplyRefused."""
    if kind not in REPLIES:
        raise ReplyRefused({"kind": [f"has to be one of: {', '.join(REPLIES)}"]})
    if kind == ANSWER and decision not in DECISIONS:
        raise ReplyRefused({"decision": [f"has to be one of: {', '.join(DECISIONS)}"]})
    if kind != ANSWER and decision is not None:
        raise ReplyRefused({"decision": ["belongs to an answer only"]})


def _causes(session: Session, row: ProposalRow) -> list[str]:
    """What dues of a proposal are owed for: each stage that it reached, and being chosen."""
    reached = select(ReachedRow.number).where(ReachedRow.proposal == row.id)
    numbers = session.scalars(reached.order_by(ReachedRow.number))
    chosen = [f"{row.id}.{PROMISED}"] if row.chosen else []
    return [*(cause_of(row.id, number) for number in numbers), *chosen]


def _require_owner(session: Session, row: ProposalRow, owed: list[str], official: Official) -> None:
    """A due may have been handed on since; whoever owes it may reply.

    Raises CallOfOtherDepartment.
    """
    owners = {dues.owner_of(session, cause=cause, kind=kind) for cause in owed for kind in REPLIES}
    if not any(official.speaks_for(one) for one in (row.department, *owners) if one):
        raise CallOfOtherDepartment(department=row.department)


def _tell(
    session: Session,
    row: ProposalRow,
    body: Mapping[str, JSON],
    entry: RecordEntry,
    *,
    official: Official,
    now: datetime,
) -> None:
    told = ProposalRepliedTo(
        row.id,
        kind=body["kind"],
        decision=body["decision"] or "",
        record=entry.record,
        number=entry.number,
        department=official.department,
        by=official.id,
    )
    record(session, "votes", told, now=now)
