"""A citizen proposes, and takes a proposal back while the city owes nothing for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.ids import is_id, new_id
from mvote.core.text import LANGUAGES
from mvote.db import hold_gate, transaction
from mvote.installation import city_day, city_zone, installation
from mvote.votes.moderation import service as moderation
from mvote.votes.participation import service as participation
from mvote.votes.participation.rules import Taken
from mvote.votes.proposals.errors import (
    CallNotOpen,
    ProposalCollectsNoMore,
    ProposalOfOther,
    ProposalRefused,
    ProposalUnknown,
    StageReachedBefore,
    TooManyProposals,
)
from mvote.votes.proposals.rules import COLLECTING, WITHDRAWN, Proposal, collects_until
from mvote.votes.proposals.rules_calls import OPEN, CallDefinition
from mvote.votes.proposals.rules_similar import sketch_of
from mvote.votes.proposals.service.calls import get_call
from mvote.votes.proposals.service.reading import lock_proposal, to_proposals
from mvote.votes.proposals.service.searching import searchable
from mvote.votes.proposals.tables import CallRow, ProposalRow
from mvote.votes.threads import service as threads
from mvote.votes.threads.rules_tags import find_tags

KIND = "proposal"
PROPOSE, TAKE_BACK = "propose", "withdraw-proposal"
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a citizen proposes.  ``topic`` and ``district`` may be empty."""

    title: str
    text: str
    topic: str
    district: str


def propose(call_id: str, *, raw: Mapping[str, JSON], wish: Wish, now: datetime) -> Proposal:
    """Take a proposal by a signed act; the same act again gives the same proposal.

    Raises CallUnknown, CallAltered, CallNotOpen, ProposalRefused, TooManyProposals, and what
    ``participation.take_act`` raises.
    """
    found = get_call(call_id)
    check_wish(found.definition, wish)
    with transaction("votes") as session:
        taken = participation.take_act(session, raw, scope_id=call_id, act=PROPOSE, now=now)
        if not taken.new:
            return _made_before(session, call_id, taken)
        if found.state(now) != OPEN or not _takes_more(session, call_id):
            raise CallNotOpen()
        # Two at once by one citizen are counted one after the other.
        hold_gate(session, f"mvote-author:{call_id}:{taken.holder}", exclusive=True)
        today = city_day(now)
        _check_number(session, found.definition, taken.holder, today)
        row = keep(session, found.definition, wish, taken, today=today, now=now)
        return to_proposals(session, [row])[0]


def check_wish(call: CallDefinition, wish: Wish) -> None:
    """Raises ProposalRefused."""
    topics, districts = ({one.id for one in known} for known in (call.topics, call.districts))
    if wish.topic not in (topics or {""}):
        raise ProposalRefused({"topic": ["is not a topic of this call"]})
    if wish.district and wish.district not in districts:
        raise ProposalRefused({"district": ["is not a district of this call"]})


def _takes_more(session: Session, call_id: str) -> bool:
    """Read behind the gate of the scope, which whoever ends a call holds alone."""
    ended = session.scalar(select(CallRow.ended_at).where(CallRow.id == call_id))
    return ended is None


def _check_number(session: Session, call: CallDefinition, author: str, today: date) -> None:
    """Those taken back count too; in a call without an end those of a year.

    Raises TooManyProposals.
    """
    mine = select(func.count()).where(ProposalRow.call == call.id, ProposalRow.author == author)
    if call.closes is None:
        mine = mine.where(ProposalRow.opened > today - YEAR)
    if (session.scalar(mine) or 0) >= call.per_citizen:
        raise TooManyProposals(most=call.per_citizen)


def _list_under_tags(session: Session, name: str, wish: Wish) -> None:
    """The proposal stands under the hashtags that its citizen wrote."""
    tags, title = find_tags(f"{wish.title} {wish.text}"), dict.fromkeys(LANGUAGES, wish.title)
    threads.tag_item(session, kind=KIND, item=name, tags=tags, title=title)


def keep(
    session: Session, call: CallDefinition, wish: Wish, taken: Taken, *, today: date, now: datetime
) -> ProposalRow:
    name, department = new_id(), call.department_of(wish.topic)
    until = collects_until(today, call.thresholds.days, city_zone())
    made_up = timedelta(days=installation().settings.unseen_days_made_up)
    standing = moderation.submit(
        session,
        kind=KIND,
        item=name,
        text=f"{wish.title}\n\n{wish.text}",
        author=taken.holder,
        scope=call.id,
        department=department,
        now=now,
    )
    _list_under_tags(session, name, wish)
    row = ProposalRow(
        id=name,
        call=call.id,
        department=department,
        topic=wish.topic,
        district=wish.district,
        title=wish.title,
        text=wish.text,
        search=searchable(f"{wish.title}\n{wish.text}"),
        sketch=sketch_of(wish.title, wish.text),
        author=taken.holder,
        act=taken.seq,
        opened=today,
        until=until,
        state=COLLECTING,
        standing=standing,
        supports=0,
        reached=0,
        record="",
        into="",
        merging="",
        chosen=False,
    )
    session.add(row)
    session.flush()
    participation.open_scope(
        session,
        name,
        kind=KIND,
        audience=call.audience,
        proof=call.proof,
        roll_key=call.roll_key,
        closes=until + made_up + timedelta(seconds=1),
        now=now,
    )
    return row


def _made_before(session: Session, call_id: str, taken: Taken) -> Proposal:
    query = select(ProposalRow).where(
        ProposalRow.call == call_id,
        ProposalRow.author == taken.holder,
        ProposalRow.act == taken.seq,
    )
    row = session.scalars(query).one()
    return to_proposals(session, [row])[0]


def take_back(proposal_id: str, *, raw: Mapping[str, JSON], now: datetime) -> Proposal:
    """Its author withdraws a proposal by an act of the call; the same act again changes nothing.

    Raises ProposalUnknown, ProposalOfOther, StageReachedBefore, ProposalCollectsNoMore, and
    what ``participation.take_act`` raises.
    """
    with transaction("votes") as session:
        call_id = _call_of(session, proposal_id)
        taken = participation.take_act(session, raw, scope_id=call_id, act=TAKE_BACK, now=now)
        if taken.body.get("proposal") != proposal_id:
            raise ProposalUnknown()
        row = lock_proposal(session, proposal_id)
        if row.author != taken.holder:
            raise ProposalOfOther()
        if row.state != WITHDRAWN:
            _check_may_go(row)
            _blank(session, row, now=now)
        return to_proposals(session, [row])[0]


def _call_of(session: Session, proposal_id: str) -> str:
    known = select(ProposalRow.call).where(ProposalRow.id == proposal_id)
    found = session.scalar(known) if is_id(proposal_id) else None
    if found is None:
        raise ProposalUnknown()
    return found


def _check_may_go(row: ProposalRow) -> None:
    if row.reached or row.chosen or row.record:
        raise StageReachedBefore()
    if row.state != COLLECTING:
        raise ProposalCollectsNoMore()


def _blank(session: Session, row: ProposalRow, *, now: datetime) -> None:
    row.state = WITHDRAWN
    row.title = row.text = row.search = ""
    row.sketch = b""
    row.standing = WITHDRAWN
    session.flush()
    moderation.withdraw(session, kind=KIND, item=row.id, author=row.author, now=now)
    participation.close_scope(session, row.id, now=now)
