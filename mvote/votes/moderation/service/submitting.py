"""A text comes in, is bound by an answer that is owed, or is withdrawn by its author."""

import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mvote.installation import city_day, installation
from mvote.votes.moderation.errors import (
    NotTheAuthor,
    TextRemovedForGood,
    TextUnknown,
    TextWithdrawn,
)
from mvote.votes.moderation.rules import (
    PUBLISHED,
    REMOVED,
    WAITING,
    WITHDRAWN,
    check_kind,
    text_digest,
)
from mvote.votes.moderation.tables import ModeratedRow, ReportRow
from mvote.votes.participation.service.scopes import take_gate

SALT_BYTES = 16


def submit(
    session: Session,
    *,
    kind: str,
    item: str,
    text: str,
    author: str,
    department: str,
    now: datetime,
    record: str = "",
    scope: str = "",
) -> str:
    """Take a text that a citizen wrote; returns its state, ``published`` or ``waiting``.

    ``text`` is all that a moderator has to read (a title above it, parted by a blank line).
    ``author`` is the holder of the signed act, ``scope`` the scope it was given for: unless
    told, the record, or the item itself.  Reports and appeals are signed for the same scope.
    Texts never change: submitting one again gives its present state.
    """
    check_kind(kind)
    row = session.get(ModeratedRow, (kind, item), with_for_update=True)
    if row is not None:
        return row.state
    waits = installation().settings.moderate_first == "yes"
    salt = secrets.token_hex(SALT_BYTES)
    row = ModeratedRow(
        kind=kind,
        id=item,
        record=record,
        scope=scope or record or item,
        author=author,
        department=department,
        state=WAITING if waits else PUBLISHED,
        since=city_day(now),
        text=text,
        salt=salt,
        digest=text_digest(salt, text),
        seen=not waits,
        reports=0,
        kept=False,
        final=False,
        bound=False,
        hidden_by="",
        appeal_state="",
        appeal="",
        due=None,
        told=False,
    )
    session.add(row)
    session.flush()
    return row.state


def bind(session: Session, *, kind: str, item: str, now: datetime) -> int:
    """From now on the city owes an answer to this text, so nobody can hide it.

    One that everyone could read and that reports let wait is shown again: else a few reports
    before and a queue that nobody reads would hide it as well.  Returns for how many whole
    days it waited so.  Raises TextUnknown.
    """
    row = lock_text(session, kind, item)
    row.bound = True
    if row.state != WAITING or not row.seen:
        return 0
    waited = city_day(now) - row.since
    row.state, row.since = PUBLISHED, city_day(now)
    return waited.days


def withdraw(session: Session, *, kind: str, item: str, author: str, now: datetime) -> None:
    """Its author takes a text back: it is blanked, and its place stays.

    Raises TextUnknown, NotTheAuthor, TextRemovedForGood.
    """
    row = lock_text(session, kind, item)
    if row.author != author:
        raise NotTheAuthor()
    if row.state == REMOVED:
        raise TextRemovedForGood()
    if row.state != WITHDRAWN:
        row.state, row.since = WITHDRAWN, city_day(now)
        blank(session, row)


def blank(session: Session, row: ModeratedRow) -> None:
    """Leave nothing of a text, nor of what was said about it, which may quote it."""
    row.text = row.salt = row.appeal = row.appeal_state = ""
    row.due, row.reports = None, 0
    about = ReportRow.kind == row.kind, ReportRow.item == row.id
    session.execute(delete(ReportRow).where(*about))


def lock_text(session: Session, kind: str, item: str, *, alive: bool = False) -> ModeratedRow:
    """The row of a text, which no other transaction can now change.

    The gate of its scope comes first: who holds it alone writes the rows anew.
    Raises TextUnknown, NeverModerated; where it has to be ``alive`` also TextRemovedForGood,
    TextWithdrawn.
    """
    check_kind(kind)
    scope = find_scope(session, kind, item)
    if scope is None:
        raise TextUnknown()
    take_gate(session, scope, exclusive=False)
    query = select(ModeratedRow).where(ModeratedRow.kind == kind, ModeratedRow.id == item)
    row = session.scalars(query.with_for_update()).one()
    if alive and row.state == REMOVED:
        raise TextRemovedForGood()
    if alive and row.state == WITHDRAWN:
        raise TextWithdrawn()
    return row


def find_scope(session: Session, kind: str, item: str) -> str | None:
    """The scope in which a text was written; None where there is no such text."""
    if not (item.isascii() and item.isprintable()):  # a NUL is more than PostgreSQL takes
        return None
    query = select(ModeratedRow.scope).where(ModeratedRow.kind == kind, ModeratedRow.id == item)
    return session.scalars(query).first()
