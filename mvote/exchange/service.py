"""Say something to the other wing, list what was said, take what the other said."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.document import Document, DocumentMalformed, make_document, verify_document
from mvote.core.errors import Refusal, Unavailable
from mvote.core.ids import ID_LENGTH, is_id
from mvote.db import reading, serves, transaction
from mvote.exchange.errors import DocumentNotWanted, DocumentOutOfOrder, DocumentsForgotten
from mvote.exchange.tables import INBOX, LOOK, OUTBOX
from mvote.gateways.other_wing import fetch_documents
from mvote.installation import installation
from mvote.jobs import Handler
from mvote.settings import Wing

log = logging.getLogger("mvote.exchange")

OTHER: dict[Wing, Wing] = {"people": "votes", "votes": "people"}


def publish(session: Session, wing: Wing, *, kind: str, poll: str, body: JSON) -> Document:
    """Put a signed document into the wing's outbox, in the caller's transaction.

    The table lock makes numbers become visible in their order on PostgreSQL; on
    SQLite a writing transaction excludes every other anyway.
    """
    outbox = OUTBOX[wing]
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE exchange_outbox IN EXCLUSIVE MODE")
    session.flush()
    seq = (session.scalar(select(func.max(outbox.seq))) or 0) + 1
    key = installation().keys[wing]["exchange"]
    document = make_document(key.private, seq=seq, kind=kind, poll=poll, body=body)
    spelled = canonical_bytes(document.to_json()).decode()
    row = {"seq": seq, "kind": kind, "poll": poll, "document": spelled}
    session.execute(insert(outbox).values(**row))
    return document


def list_documents(wing: Wing, *, after: int, limit: int) -> Sequence[JSON]:
    """What the wing has said after number ``after``, in order, as JSON.

    Raises DocumentsForgotten.
    """
    outbox = OUTBOX[wing]
    query = select(outbox.document).where(outbox.seq > after).order_by(outbox.seq).limit(limit)
    with reading(wing) as session:
        found = [json.loads(spelled) for spelled in session.scalars(query)]
        said = after if found else session.scalar(select(func.max(outbox.seq))) or 0
    if said < after:
        raise DocumentsForgotten(taken=after, said=said)
    return found


def take_documents(wing: Wing, handlers: Sequence[Handler], *, now: datetime) -> int:
    """Fetch and take what the other wing has said; returns the number of documents taken.

    Raises OtherWingUnreachable, DocumentsForgotten; what was not taken is fetched again.
    """
    taken = 0
    while True:
        fetched = _fetch(wing, after=last_taken(wing))
        new = sum(_take(wing, said, handlers, now=now) for said in fetched)
        taken += new
        if not new:  # nothing came, or only what was taken before: that must not go on for ever
            return taken


def note_look(wing: Wing, *, reached: bool, now: datetime) -> None:
    """Keep that the worker looked for documents, and whether it could read them."""
    look = LOOK[wing]
    with transaction(wing, durable=False) as session:
        row = session.get(look, 1)
        if row is None:
            first = {"id": 1, "looked_at": now, "reached_at": now if reached else None}
            session.execute(insert(look).values(**first))
            return
        row.looked_at = now
        row.reached_at = now if reached else row.reached_at


def check_exchange(wing: Wing, now: datetime) -> tuple[dict[str, JSON], Sequence[str]]:
    """Is the worker alive, and does it get what the other wing says?  Unknown before it looked.

    Readings: seconds since it last looked and since it last could read, and how many
    documents it has taken.
    """
    settings = installation().settings
    query = select(LOOK[wing].looked_at, LOOK[wing].reached_at)
    with reading(wing) as session:
        row = session.execute(query).first()
    if row is None:
        return {"worker_seconds": None, "exchange_seconds": None, "documents_taken": 0}, []
    silent = round((now - row.looked_at).total_seconds())
    behind = round((now - row.reached_at).total_seconds()) if row.reached_at else None
    wrong = []
    if silent > settings.heartbeat_seconds:
        wrong.append(f"the worker has not been heard of for {silent} seconds")
    if behind is None or behind > settings.backlog_seconds:
        wrong.append("the documents of the other wing cannot be read")
    taken = last_taken(wing)
    readings = {"worker_seconds": silent, "exchange_seconds": behind, "documents_taken": taken}
    return readings, wrong


def last_taken(wing: Wing) -> int:
    """The number of the last document that the wing has taken."""
    with reading(wing) as session:
        return session.scalar(select(func.max(INBOX[wing].seq))) or 0


def _fetch(wing: Wing, *, after: int) -> Sequence[JSON]:
    other, made = OTHER[wing], installation()
    limit = made.settings.exchange_documents
    if serves(other):
        return list_documents(other, after=after, limit=limit)
    return fetch_documents(
        made.settings.wing_url(other),
        other,
        made.keys[wing]["exchange"].private,
        after=after,
        timeout=made.settings.exchange_seconds,
    )


def _take(wing: Wing, said: JSON, handlers: Sequence[Handler], *, now: datetime) -> bool:
    """Whether the document was new."""
    other = OTHER[wing]
    document = verify_document(said, sender=other, key=installation().public[other]["exchange"])
    inbox = INBOX[wing]
    with transaction(wing) as session:
        last = session.scalar(select(func.max(inbox.seq))) or 0
        if document.seq <= last:
            return False
        if document.seq != last + 1:
            raise DocumentOutOfOrder(expected=last + 1, seq=document.seq)
        refusal = _hand_over(session, wing, document, handlers, now=now)
        row = {"seq": document.seq, "kind": document.kind, "poll": document.poll[:ID_LENGTH]}
        session.execute(insert(inbox).values(**row, taken_at=now, refusal=refusal))
    return True


def _hand_over(
    session: Session, wing: Wing, document: Document, handlers: Sequence[Handler], *, now: datetime
) -> str | None:
    """Let the handler act; what it refuses leaves no trace but the code beside the document.

    A poll that has none of our ids would not fit into a row, and hold up all that follows.
    """
    found = [h for h in handlers if h.kind == document.kind and h.wing == wing]
    try:
        if not is_id(document.poll):
            raise DocumentMalformed(field="poll")
        if not found:
            raise DocumentNotWanted(kind=document.kind)
        with session.begin_nested():
            found[0].take(session, document, now)
    except Unavailable:
        raise
    except Refusal as refusal:
        log.warning("document %s of kind %s refused: %s", document.seq, document.kind, refusal)
        return refusal.code()
    return None
