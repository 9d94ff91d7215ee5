"""Two officials for one act: the first asks, the second confirms, in time and with open eyes.

Who may do either is for the caller to check, who holds a lock on the ``subject`` and names
how it stands (``seen``): a request for a subject that has changed since is void.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.polls.errors import (
    AnotherRequestPending,
    OwnRequest,
    PendingActDiffers,
    PendingActUnknown,
    PendingActVoid,
)
from mvote.votes.polls.rules import (
    ActAsked,
    ActConfirmed,
    ActExpired,
    ActWithdrawn,
    PendingAct,
)
from mvote.votes.polls.tables import PendingActRow


def ask(
    session: Session,
    subject: str,
    act: str,
    *,
    seen: str,
    content: Mapping[str, JSON],
    official: Official,
    now: datetime,
) -> PendingAct:
    """Note that an official wants this; the identical request again is the same one.

    Raises AnotherRequestPending where the official waits for the same act with other content.
    """
    spelled = canonical_bytes(dict(content)).decode()
    mine = (PendingActRow.subject == subject, PendingActRow.act == act)
    row = session.scalar(select(PendingActRow).where(*mine, PendingActRow.by == official.id))
    if row is not None and row.seen == seen and now < row.expires_at:
        if row.content != spelled:
            raise AnotherRequestPending(pending=row.id)
        return _value(row)
    if row is not None:
        _drop(session, row, now=now)
    asked, life = now.replace(microsecond=0), installation().settings.second_official_seconds
    made = PendingActRow(id=new_id(), subject=subject, act=act, seen=seen, content=spelled)
    made.by, made.asked_at = official.id, asked
    made.expires_at = asked + timedelta(seconds=life)
    session.add(made)
    return _told(session, made, now=now)


def _told(session: Session, row: PendingActRow, *, now: datetime) -> PendingAct:
    """Tell the log of a new request."""
    made = _value(row)
    told = ActAsked(
        made.subject,
        act=made.act,
        pending=made.id,
        content=dict(made.content),
        by=made.by,
        expires=iso(made.expires),
    )
    record(session, "votes", told, now=now)
    return made


def confirm(
    session: Session,
    pending: str,
    *,
    subject: str,
    act: str,
    seen: str,
    content: Mapping[str, JSON],
    official: Official,
    now: datetime,
) -> PendingAct:
    """Use up what another official asked for; the caller does it in the same transaction.

    ``content`` may be empty, else it has to be what was asked for.  Raises
    PendingActUnknown, OwnRequest, PendingActVoid, PendingActDiffers.
    """
    row = _find(session, pending, subject=subject, act=act)
    if row.by == official.id:
        raise OwnRequest()
    if row.seen != seen or row.expires_at <= now:
        raise PendingActVoid()
    found = _value(row)
    if content and canonical_bytes(dict(content)).decode() != row.content:
        raise PendingActDiffers()
    session.delete(row)
    told = ActConfirmed(subject, act=act, pending=row.id, by=official.id, asked_by=row.by)
    record(session, "votes", told, now=now)
    return found


def withdraw(
    session: Session, pending: str, *, subject: str, official: Official, now: datetime
) -> None:
    """Take one's own request back.  Raises PendingActUnknown, also for those of others."""
    row = _find(session, pending, subject=subject)
    if row.by != official.id:
        raise PendingActUnknown()
    session.delete(row)
    told = ActWithdrawn(subject, act=row.act, pending=row.id, by=official.id)
    record(session, "votes", told, now=now)


def list_pending(
    session: Session, seen: Mapping[tuple[str, str], str], *, now: datetime
) -> Mapping[str, Sequence[PendingAct]]:
    """What waits for a second official, by subject, the first asked first.

    ``seen`` says by subject and act how things stand: what was asked before is void.
    """
    subjects = {subject for subject, _ in seen}
    query = select(PendingActRow).where(PendingActRow.subject.in_(subjects))
    query = query.where(PendingActRow.expires_at > now)
    found: dict[str, list[PendingAct]] = {subject: [] for subject in subjects}
    for row in session.scalars(query.order_by(PendingActRow.asked_at, PendingActRow.id)):
        if seen.get((row.subject, row.act)) == row.seen:
            found[row.subject].append(_value(row))
    return found


def drop_expired(now: datetime) -> int:
    """Take off the table what nobody confirmed in time; returns how many.  For the worker."""
    with reading("votes") as session:
        over = session.scalar(
            select(PendingActRow.id).where(PendingActRow.expires_at <= now).limit(1)
        )
    if over is None:
        return 0
    late = select(PendingActRow).where(PendingActRow.expires_at <= now)
    with transaction("votes") as session:
        rows = session.scalars(late.with_for_update(skip_locked=True)).all()
        for row in rows:
            _drop(session, row, now=now)
        return len(rows)


def _drop(session: Session, row: PendingActRow, *, now: datetime) -> None:
    session.delete(row)
    session.flush()
    record(session, "votes", ActExpired(row.subject, act=row.act, pending=row.id), now=now)


def _find(session: Session, pending: str, *, subject: str, act: str | None = None) -> PendingActRow:
    row = session.get(PendingActRow, pending, with_for_update=True) if is_id(pending) else None
    if row is None or row.subject != subject or act not in (None, row.act):
        raise PendingActUnknown()
    return row


def _value(row: PendingActRow) -> PendingAct:
    return PendingAct(
        row.id,
        row.subject,
        row.act,
        json.loads(row.content),
        row.by,
        row.asked_at,
        row.expires_at,
    )
