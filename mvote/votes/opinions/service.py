"""Take the texts of closed polls over, show what is published, decide what is."""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.rules import Entry
from mvote.audit.service import read_on, record
from mvote.core.canonical import canonical_bytes
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.phases import PUBLISHED as POLL_PUBLISHED
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.ballots import service as ballots
from mvote.votes.ballots.rules import SharedReason, plain_reason
from mvote.votes.opinions.errors import (
    OpinionsNotPublished,
    OpinionUnknown,
    PoolOfOtherDepartment,
)
from mvote.votes.opinions.rules import (
    BESIDE,
    HIDDEN,
    PUBLISHED,
    WAITING,
    Opinion,
    OpinionHidden,
    OpinionPublished,
    OpinionsTaken,
    read_key,
)
from mvote.votes.opinions.tables import OpinionRow, SharedReasonRow
from mvote.votes.polls import service as polls

READER = "opinions"


def follow_polls() -> int:
    """Take the texts of every poll that has closed, once; returns how many polls were looked at."""
    done = read_on("votes", READER, _take, names=("PollClosed",))
    if done:
        ballots.forget_arrivals(texts=True)
    return done


def _take(session: Session, happened: Entry) -> None:
    """Rows are written in the order of ids made here, which have nothing to do with any ballot."""
    _keep_shared(session, happened.subject)
    taken = ballots.take_texts(session, happened.subject)
    ids = sorted(new_id() for _ in taken)
    for name, one in zip(ids, taken, strict=True):
        question, kind = read_key(one.key)
        row = OpinionRow(
            id=name,
            poll=happened.subject,
            question=question,
            kind=kind,
            text=one.text,
            state=WAITING,
            reason=None,
        )
        session.add(row)
    session.flush()
    if taken:
        taken_over = OpinionsTaken(happened.subject, n=len(taken))
        record(session, "votes", taken_over, now=happened.at)


def _keep_shared(session: Session, poll: str) -> None:
    """Before nobody can tell any more which option a reason was for."""
    fewest = installation().settings.reason_voters
    for one in ballots.shared_reasons(session, poll, fewest=fewest):
        row = SharedReasonRow(
            poll=poll,
            question=one.question,
            option=one.option,
            digest=hashlib.sha256(one.text.encode()).hexdigest(),
            text=one.text,
            voters=one.n,
        )
        session.add(row)


def list_shared_reasons(session: Session, poll_id: str) -> list[SharedReason]:
    """Reasons that many voters of an option gave and moderators have published.

    ``text`` is one of the published texts, letter by letter.
    """
    query = select(SharedReasonRow).where(SharedReasonRow.poll == poll_id)
    rows = session.scalars(query.order_by(SharedReasonRow.question, SharedReasonRow.digest)).all()
    if not rows:
        return []
    shown = select(OpinionRow.question, OpinionRow.text).where(
        OpinionRow.poll == poll_id, OpinionRow.state == PUBLISHED, OpinionRow.kind == BESIDE
    )
    spelled: dict[tuple[str, str], str] = {}
    for question, said in session.execute(shown):
        about = question, plain_reason(said)
        spelled[about] = min(spelled.get(about, said), said)
    return [
        SharedReason(row.question, row.option, spelled[row.question, row.text], row.voters)
        for row in rows
        if (row.question, row.text) in spelled
    ]


def list_unread_reasons(session: Session, poll_id: str) -> list[SharedReason]:
    """Reasons that many voters of an option gave and no moderator has read yet, in plain form."""
    query = select(SharedReasonRow).where(SharedReasonRow.poll == poll_id)
    rows = session.scalars(query.order_by(SharedReasonRow.question, SharedReasonRow.digest)).all()
    if not rows:
        return []
    said = select(OpinionRow.question, OpinionRow.text, OpinionRow.state).where(
        OpinionRow.poll == poll_id, OpinionRow.kind == BESIDE
    )
    read: set[tuple[str, str]] = set()
    waiting: set[tuple[str, str]] = set()
    for question, text, state in session.execute(said):
        (waiting if state == WAITING else read).add((question, plain_reason(text)))
    return [
        SharedReason(row.question, row.option, row.text, row.voters)
        for row in rows
        if (row.question, row.text) in waiting - read
    ]


def find_shown_reasons(
    session: Session, named: Collection[tuple[str, str]]
) -> set[tuple[str, str, str]]:
    """Poll, question and text of the reasons that may be read, of texts named by their polls."""
    query = select(OpinionRow.poll, OpinionRow.question, OpinionRow.text).where(
        OpinionRow.poll.in_({poll for poll, _ in named}),
        OpinionRow.text.in_({text for _, text in named}),
        OpinionRow.state == PUBLISHED,
        OpinionRow.kind == BESIDE,
    )
    return {(row.poll, row.question, row.text) for row in session.execute(query)}


def list_published(poll_id: str, *, after: str = "", limit: int) -> Sequence[Opinion]:
    """What everyone may read of a published poll, by id.

    Raises PollUnknown, OpinionsNotPublished.
    """
    if polls.get_public_poll(poll_id).state != POLL_PUBLISHED:
        raise OpinionsNotPublished()
    return _list(poll_id, PUBLISHED, after, limit)


def list_pool(
    poll_id: str, *, state: str | None, official: Official, after: str = "", limit: int
) -> Sequence[Opinion]:
    """Opinions in a state, or all, for a moderator.  Raises PollUnknown, PoolOfOtherDepartment."""
    _require_own(polls.get_public_poll(poll_id).department, official)
    return _list(poll_id, state, after, limit)


def publish_opinion(opinion_id: str, *, official: Official, now: datetime) -> Opinion:
    """Show an opinion.  Raises OpinionUnknown, PoolOfOtherDepartment."""
    with transaction("votes") as session:
        row = _lock_own(session, opinion_id, official)
        if row.state != PUBLISHED:
            row.state, row.reason = PUBLISHED, None
            shown = OpinionPublished(row.poll, opinion=row.id, by=official.id)
            record(session, "votes", shown, now=now)
        return _to_opinion(row)


def hide_opinion(opinion_id: str, *, reason: Words, official: Official, now: datetime) -> Opinion:
    """Keep an opinion from being shown, and say why.

    Raises OpinionUnknown, PoolOfOtherDepartment.
    """
    spelled = canonical_bytes(dict(reason)).decode()
    with transaction("votes") as session:
        row = _lock_own(session, opinion_id, official)
        if (row.state, row.reason) != (HIDDEN, spelled):
            row.state, row.reason = HIDDEN, spelled
            hidden = OpinionHidden(row.poll, opinion=row.id, by=official.id, reason=reason)
            record(session, "votes", hidden, now=now)
        return _to_opinion(row)


def _list(poll_id: str, state: str | None, after: str, limit: int) -> Sequence[Opinion]:
    query = select(OpinionRow).where(OpinionRow.poll == poll_id, OpinionRow.id > after)
    if state is not None:
        query = query.where(OpinionRow.state == state)
    with reading("votes") as session:
        rows = session.scalars(query.order_by(OpinionRow.id).limit(limit))
        return [_to_opinion(row) for row in rows]


def _lock_own(session: Session, opinion_id: str, official: Official) -> OpinionRow:
    row = session.get(OpinionRow, opinion_id, with_for_update=True) if is_id(opinion_id) else None
    if row is None:
        raise OpinionUnknown()
    _require_own(polls.get_poll(row.poll).department, official)
    return row


def _require_own(department: str, official: Official) -> None:
    if not official.speaks_for(department):
        raise PoolOfOtherDepartment(department=department)


def _to_opinion(row: OpinionRow) -> Opinion:
    reason = None if row.reason is None else json.loads(row.reason)
    return Opinion(row.id, row.poll, row.question, row.kind, row.text, row.state, reason)
