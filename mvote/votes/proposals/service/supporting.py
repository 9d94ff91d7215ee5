"""A citizen supports a proposal, or no more; nobody waits for another who does the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.ids import is_id, new_id
from mvote.db import transaction
from mvote.votes.participation import service as participation
from mvote.votes.proposals.errors import (
    ProposalCollectsNoMore,
    ProposalNotShown,
    ProposalUnknown,
)
from mvote.votes.proposals.rules import COLLECTING, SHOWN
from mvote.votes.proposals.tables import ProposalRow, SupportChangeRow, SupportRow

SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Support:
    """Whether the holder supports the proposal now, and how many do."""

    proposal: str
    supporting: bool
    supports: int

    def to_json(self) -> dict[str, JSON]:
        said = {"proposal": self.proposal, "supporting": self.supporting}
        return said | {"supports": self.supports}


def support(
    proposal_id: str, *, raw: Mapping[str, JSON], supporting: bool, now: datetime
) -> Support:
    """Support a proposal, or withdraw one's support, by a signed act of its scope.

    The same act again tells how things stand.  Raises ProposalUnknown, ProposalCollectsNoMore,
    ProposalNotShown, and what ``participation.take_act`` raises.
    """
    if not is_id(proposal_id):
        raise ProposalUnknown()
    with transaction("votes") as session:
        taken = participation.take_act(session, raw, scope_id=proposal_id, act=SUPPORT, now=now)
        if taken.new:
            _check(session, proposal_id, supporting=supporting, now=now)
            _note(session, proposal_id, taken.holder, supporting=supporting)
        return Support(
            proposal_id,
            session.get(SupportRow, (proposal_id, taken.holder)) is not None,
            count(session, proposal_id),
        )


def _check(session: Session, proposal_id: str, *, supporting: bool, now: datetime) -> None:
    """Read behind the gate of the scope, which whoever ends a proposal holds alone.

    A support can be withdrawn from what is hidden, too.
    """
    columns = ProposalRow.state, ProposalRow.standing, ProposalRow.until
    found = session.execute(select(*columns).where(ProposalRow.id == proposal_id)).one_or_none()
    if found is None:
        raise ProposalUnknown()
    if found.state == COLLECTING and supporting and found.standing != SHOWN:
        raise ProposalNotShown()
    if found.state != COLLECTING or now >= found.until + timedelta(seconds=1):
        raise ProposalCollectsNoMore()


def _note(session: Session, proposal_id: str, holder: str, *, supporting: bool) -> None:
    """Only what changes something is noted: of many acts at once by one citizen one does."""
    if supporting:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        put = dialect.insert(SupportRow).values(proposal=proposal_id, holder=holder)
        changed = session.execute(put.on_conflict_do_nothing().returning(SupportRow.holder)).first()
    else:
        gone = delete(SupportRow).where(
            SupportRow.proposal == proposal_id, SupportRow.holder == holder
        )
        changed = session.execute(gone.returning(SupportRow.holder)).first()
    if changed is not None:
        by = 1 if supporting else -1
        session.add(SupportChangeRow(proposal=proposal_id, id=new_id(), change=by))
        session.flush()


def count(session: Session, proposal_id: str) -> int:
    """How many support it: what was added up, and what was not yet."""
    kept = session.scalar(select(ProposalRow.supports).where(ProposalRow.id == proposal_id)) or 0
    loose = select(func.sum(SupportChangeRow.change)).where(
        SupportChangeRow.proposal == proposal_id
    )
    return kept + (session.scalar(loose) or 0)


def order_supports(now: datetime) -> int:
    """Write supports anew in an order that tells nothing of who came first."""
    return participation.order_rows(SupportRow, scope="proposal", now=now)
