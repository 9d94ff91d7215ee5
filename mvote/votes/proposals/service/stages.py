"""Add supports up, open the stages that they reach, and end what has collected long enough."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mvote.audit.rules import Entry
from mvote.audit.service import list_page, read_on, record
from mvote.core.canonical import JSON, digest
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.votes.discussions import service as records
from mvote.votes.discussions.rules import RecordEntry
from mvote.votes.dues import service as dues
from mvote.votes.moderation import service as moderation
from mvote.votes.participation import service as participation
from mvote.votes.proposals.errors import CallAltered
from mvote.votes.proposals.rules import (
    COLLECTING,
    ENDED,
    HIDDEN,
    REMOVED,
    SHOWN,
    WAITING,
    CollectingEnded,
    CollectingProlonged,
    Stage,
    StageReached,
    ThresholdsAltered,
    newly_reached,
    prolonged,
    stage_words,
)
from mvote.votes.proposals.rules_calls import CallDefinition
from mvote.votes.proposals.service.calls import definition_of
from mvote.votes.proposals.service.reading import KIND, lock_proposal
from mvote.votes.proposals.tables import ProposalRow, ReachedRow, SupportChangeRow

log = logging.getLogger("mvote.proposals")

READER = "proposals"
UNSEEN = (WAITING, HIDDEN)
"""What is not shown, and may be again."""
SECOND = timedelta(seconds=1)
MODERATED = ("TextHidden", "TextPublished", "TextRemoved")


def count_supports(now: datetime) -> int:
    """Add up what came in, proposal by proposal, and open what it reaches.

    Returns of how many proposals.
    """
    with reading("votes") as session:
        changed = select(SupportChangeRow.proposal).distinct()
        found = sorted(session.scalars(changed))
    for proposal_id in found:
        with transaction("votes") as session:
            row = lock_proposal(session, proposal_id)
            add_up(session, row)
            reach(session, row, now=now)
    return len(found)


def end_due(now: datetime) -> int:
    """End the collecting of every proposal whose window has passed; returns of how many.

    While one is not shown its time stands still, for as long as days can be made up.
    """
    due = select(ProposalRow.id).where(ProposalRow.state == COLLECTING, ProposalRow.until < now)
    with reading("votes") as session:
        found = session.scalars(due.order_by(ProposalRow.id)).all()
    ended = 0
    for proposal_id in found:
        with transaction("votes") as session:
            row = lock_proposal(session, proposal_id)
            if row.state == COLLECTING and not _stands_still(session, row, now=now):
                finish(session, row, now=now)
                reach(session, row, now=now)
                row.state = ENDED
                told = CollectingEnded(row.id, reached=row.reached, supports=row.supports)
                record(session, "votes", told, now=now)
                ended += 1
    return ended


def _stands_still(session: Session, row: ProposalRow, *, now: datetime) -> bool:
    """Whether it is not shown, but may be again, with days of its window left.

    The row tells it for as long as what moderators decided has not been followed.  Of what
    reports let wait it goes on to say that it is shown: else a few of them in the last days
    would take a proposal out of the choice of a call before anybody read it.
    """
    if now >= participation.get_scope(row.id).scope.closes:
        return False
    if row.standing == SHOWN:  # a stage that is reached shows what reports let wait
        add_up(session, row)
        reach(session, row, now=now)
    standing = moderation.list_standings(session, kind=KIND, items=[row.id])[row.id].state
    if standing == HIDDEN:
        row.standing = HIDDEN
    if row.until >= now:  # days were made up just now, here or by another worker
        return True
    return standing in UNSEEN or (row.standing in UNSEEN and standing == SHOWN)


def finish(session: Session, row: ProposalRow, *, now: datetime) -> None:
    """Take no more supports; those on their way are waited for, and counted."""
    participation.close_scope(session, row.id, now=now)
    add_up(session, row)


def add_up(session: Session, row: ProposalRow) -> None:
    """Put changes into the count.  Each is dropped by the transaction that counts it."""
    mine = delete(SupportChangeRow).where(SupportChangeRow.proposal == row.id)
    row.supports += sum(session.scalars(mine.returning(SupportChangeRow.change)))
    session.flush()


def reach(session: Session, row: ProposalRow, *, now: datetime) -> None:
    """Open every stage that the count has come to; what may not be read opens none.

    The rules are those that the city was told of when the call opened.  Where the database
    says something else, nothing is opened by it and that is told.
    """
    if row.state not in (COLLECTING, ENDED) or row.standing != SHOWN:
        return
    try:
        call = definition_of(row.call)
    except CallAltered:
        _tell_altered(session, row.call, now=now)
        return
    for number in newly_reached(call.thresholds.stages, row.supports, row.reached):
        _open_stage(session, row, call, number, now=now)


def _open_stage(
    session: Session, row: ProposalRow, call: CallDefinition, number: int, *, now: datetime
) -> None:
    stage = call.thresholds.stages[number - 1]
    row.reached = number
    session.add(ReachedRow(proposal=row.id, number=number, supports=row.supports, at=now))
    why: dict[str, JSON] = {
        "number": number,
        "stage": stage.to_json(),
        "counted": row.supports,
        "thresholds": call.thresholds.digest,
        "text": stage_words(stage, row.supports),
    }
    entry = enter(session, row, why, now=now)
    if stage.due is not None:
        _owe(session, row, stage, number, now=now)
    told = StageReached(
        row.id,
        number=number,
        entry=entry.number,
        stage=stage.id,
        supports=row.supports,
        record=entry.record,
        department=row.department,
    )
    record(session, "votes", told, now=now)


def enter(
    session: Session, row: ProposalRow, why: dict[str, JSON], *, now: datetime
) -> RecordEntry:
    """Write into the proposal's record why the city has to do something, opening it if needed.

    Returns the entry, which stands where a merged record goes on.
    """
    title = heading(row)
    if not row.record:
        row.record = records.open_record(session, department=row.department, title=title, now=now)
    body: dict[str, JSON] = {
        "proposal": row.id,
        "call": row.call,
        "title": dict(title),
        "text_sha256": digest({"title": row.title, "text": row.text}),
        "href": f"/proposals/{row.id}",
        **why,
    }
    added, _ = records.add_entry(
        session, row.record, kind=KIND, subject=row.id, body=body, by="", now=now
    )
    session.flush()
    return added


def _owe(session: Session, row: ProposalRow, stage: Stage, number: int, *, now: datetime) -> None:
    """From now on nobody can hide the text, and the department's clock runs."""
    if stage.due is None:
        return
    kind, within = stage.due
    unseen = moderation.bind(session, kind=KIND, item=row.id, now=now)
    _make_up(session, row, unseen, now=now)
    dues.set_due(
        session,
        record=row.record,
        cause=cause_of(row.id, number),
        kind=kind,
        department=row.department,
        start=now,
        within=within,
        now=now,
    )


def cause_of(proposal_id: str, number: int) -> str:
    """What a due of a stage is owed for: of the first the proposal, then the proposal's stage."""
    return proposal_id if number == 1 else f"{proposal_id}.{number}"


def heading(row: ProposalRow) -> Words:
    """The title in both languages: citizens write in one."""
    return {"ko": row.title, "en": row.title}


def _tell_altered(session: Session, call_id: str, *, now: datetime) -> None:
    """Once."""
    name = ThresholdsAltered.__name__
    if list_page("votes", after=0, limit=1, subject=call_id, name=name):
        return
    log.error("call %s is not what was told when it opened; no stage is opened by it", call_id)
    told = list_page("votes", after=0, limit=1, subject=call_id, name="CallOpened")
    digest_told = str(told[0].body["digest"]) if told else ""
    record(session, "votes", ThresholdsAltered(call_id, told=digest_told), now=now)


def follow_moderation() -> int:
    """Follow what moderators decided about proposals, each decision once."""
    return read_on("votes", READER, _take, names=MODERATED)


def _take(session: Session, happened: Entry) -> None:
    """What came together before a text was hidden counts again when it is shown again.

    It collects longer by the days on which nobody could read it.  Our own copy of what was
    removed for good goes, too.
    """
    if happened.body["kind"] != KIND:
        return
    row = session.get(ProposalRow, happened.subject, with_for_update=True)
    if row is None:
        return  # what went meanwhile must not hold up what comes behind it
    row.standing = moderation.list_standings(session, kind=KIND, items=[row.id])[row.id].state
    if row.standing == REMOVED:
        row.title = row.text = row.search = ""
        row.sketch = b""
    _make_up(session, row, happened.body.get("unseen", 0), now=happened.at)
    reach(session, row, now=happened.at)


def _make_up(session: Session, row: ProposalRow, unseen: int, *, now: datetime) -> None:
    """Not for what is gone for good: its new time would only hold up the choice of a call."""
    if row.state != COLLECTING or row.standing == REMOVED or not unseen:
        return
    until = prolonged(row.until, unseen, participation.get_scope(row.id).scope.closes - SECOND)
    if until > row.until:
        row.until = until
        told = CollectingProlonged(row.id, days=unseen, until=iso(until))
        record(session, "votes", told, now=now)
