"""An official says that a proposal is, in the end, another one."""

from datetime import datetime

from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import canonical_bytes
from mvote.core.fields import Faults
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import transaction
from mvote.votes.proposals.errors import MergeRefused, ProposalUnknown
from mvote.votes.proposals.rules import COLLECTING, ENDED, MERGED, Proposal, ProposalMerged
from mvote.votes.proposals.service.calls import require_own
from mvote.votes.proposals.service.reading import lock_proposal, to_proposals
from mvote.votes.proposals.service.stages import add_up, finish
from mvote.votes.proposals.tables import ProposalRow


def merge_proposals(
    proposal_id: str, *, into: str, reason: Words, official: Official, now: datetime
) -> Proposal:
    """Merge a proposal into a similar one, which has to be at least as well supported.

    Supports are not added: a citizen is another pseudonym at each proposal, so nobody could
    tell whom they would count twice.  So that no merging keeps a proposal from a threshold,
    the one that stays collects for at least as long, and one that reached a stage is never
    merged away.  Merged into the same once more, nothing changes.

    Raises ProposalUnknown, CallOfOtherDepartment, MergeRefused.
    """
    with transaction("votes") as session:
        row, other = _lock_both(session, proposal_id, into)
        require_own(row.department, official)
        require_own(other.department, official)
        if row.state == MERGED and row.into == other.id:
            return to_proposals(session, [row])[0]
        if row.state == COLLECTING:
            finish(session, row, now=now)
        add_up(session, other)
        _check(row, other)
        row.state, row.into = MERGED, other.id
        row.merging = canonical_bytes(dict(reason)).decode()
        told = ProposalMerged(row.id, into=other.id, department=row.department, by=official.id)
        record(session, "votes", told, now=now)
        session.flush()
        return to_proposals(session, [row])[0]


def _lock_both(session: Session, proposal_id: str, into: str) -> tuple[ProposalRow, ProposalRow]:
    """In the order of their ids, so that no two officials wait crosswise."""
    if proposal_id == into:
        raise MergeRefused({"into": ["is the proposal itself"]})
    try:
        rows = {name: lock_proposal(session, name) for name in sorted((proposal_id, into))}
    except ProposalUnknown:
        lock_proposal(session, proposal_id)
        raise MergeRefused({"into": ["is not a proposal"]}) from None
    return rows[proposal_id], rows[into]


def _check(row: ProposalRow, other: ProposalRow) -> None:
    """Raises MergeRefused."""
    faults = Faults()
    if row.state not in (COLLECTING, ENDED) or row.chosen:
        faults.add("proposal", "cannot be merged any more")
    if row.reached or row.record:
        faults.add("proposal", "has reached a stage: its record is merged instead")
    if row.call != other.call:
        faults.add("into", "belongs to another call, with thresholds of its own")
    if other.state not in (COLLECTING, ENDED):
        faults.add("into", "is itself merged or withdrawn")
    if other.supports < row.supports:
        faults.add("into", "has fewer supports: merge it the other way round")
    ends_before = other.state != COLLECTING or other.until < row.until
    if row.state == COLLECTING and ends_before and not other.reached:
        faults.add("into", "does not collect for as long")
    faults.refuse(MergeRefused)
