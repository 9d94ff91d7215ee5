"""Say something to the other wing, list what was said, take what the other said."""

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.document import (
    Document,
    DocumentForged,
    DocumentMalformed,
    make_document,
    verify_document,
)
from mvote.core.errors import Refusal, Unavailable
from mvote.core.ids import ID_LENGTH, is_id, new_id
from mvote.core.times import iso
from mvote.db import hold_gate, reading, serves, transaction
from mvote.exchange.errors import (
    DocumentNotWanted,
    DocumentOutOfOrder,
    DocumentsForgotten,
    NumbersNotKnown,
)
from mvote.exchange.tables import INBOX, LOOK, OUTBOX
from mvote.gateways.other_wing import Line, Said, fetch_documents
from mvote.installation import installation
from mvote.jobs import Handler
from mvote.settings import Wing
from mvote.upkeep.service import continue_restored, is_to_continue

log = logging.getLogger("mvote.exchange")

MOST_FORGOTTEN = 10_000
"""More than any copy lacks; a larger number is no wing's."""

OTHER: dict[Wing, Wing] = {"people": "votes", "votes": "people"}


def publish(session: Session, wing: Wing, *, kind: str, poll: str, body: JSON) -> Document:
    """Put a signed document into the wing's outbox, in the caller's transaction.

    Raises NumbersNotKnown after a copy was put back, until the other wing has asked again:
    it would take no notice of a number that it has had.

    The table lock makes numbers become visible in their order on PostgreSQL; on
    SQLite a writing transaction excludes every other anyway.
    """
    outbox = OUTBOX[wing]
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE exchange_outbox IN EXCLUSIVE MODE")
    session.flush()
    if is_to_continue(session, wing):
        raise NumbersNotKnown(retry_after=2)
    seq = (session.scalar(select(func.max(outbox.seq))) or 0) + 1
    key = installation().keys[wing]["exchange"]
    document = make_document(key.private, seq=seq, kind=kind, poll=poll, body=body)
    spelled = canonical_bytes(document.to_json()).decode()
    row = {"seq": seq, "kind": kind, "poll": poll, "document": spelled}
    session.execute(insert(outbox).values(**row))
    return document


def list_documents(wing: Wing, *, after: int, limit: int) -> Sequence[JSON]:
    """What the wing has said after number ``after``, in order, as JSON.

    Not more than ``limit``, and fewer where together they would make a larger answer than
    the other wing reads; one always.  A database that was put back on purpose goes on behind
    what it has forgotten.  Raises DocumentsForgotten.
    """
    outbox = OUTBOX[wing]
    with reading(wing) as session:
        to_continue = is_to_continue(session, wing)
    if to_continue:
        _go_on_behind(wing, after)
    with reading(wing) as session:
        upto = _upto(session, wing, after=after, limit=limit)
        query = select(outbox.document).where(outbox.seq > after, outbox.seq <= upto)
        found = [json.loads(spelled) for spelled in session.scalars(query.order_by(outbox.seq))]
        said = after if found else session.scalar(select(func.max(outbox.seq))) or 0
    if said < after:
        raise DocumentsForgotten(taken=after, said=said)
    return found


def _go_on_behind(wing: Wing, taken: int) -> None:
    """Fill the numbers that a copy had forgotten, once after it was put back.

    What is said from now on would else get numbers that the other wing has taken already.
    """
    with transaction(wing) as session:
        said = session.scalar(select(func.max(OUTBOX[wing].seq))) or 0
        if taken - said > MOST_FORGOTTEN:
            raise DocumentsForgotten(taken=taken, said=said)
        restored = continue_restored(session, wing)
        if restored is None:  # somebody else was quicker
            return
        body = {"at": iso(restored)}
        for _ in range(said, taken):
            publish(session, wing, kind=f"{wing}-forgot", poll=new_id(), body=body)
    if said < taken:
        log.warning("%s documents that the %s wing had said are forgotten", taken - said, wing)


def _upto(session: Session, wing: Wing, *, after: int, limit: int) -> int:
    """The number up to which documents fit into one answer.  A character takes 4 bytes at most."""
    outbox = OUTBOX[wing]
    sizes = select(outbox.seq, func.length(outbox.document)).where(outbox.seq > after)
    room = installation().settings.exchange_bytes // 4
    upto = after
    for seq, size in session.execute(sizes.order_by(outbox.seq).limit(limit)):
        room -= size
        if room < 0 and upto > after:
            break
        upto = seq
    return upto


def last_said(wing: Wing) -> int:
    """The number of the last document that the wing has said."""
    with reading(wing) as session:
        return session.scalar(select(func.max(OUTBOX[wing].seq))) or 0


def take_documents(wing: Wing, handlers: Sequence[Handler], *, now: datetime) -> int:
    """Fetch and take what the other wing has said; returns the number of documents taken.

    Raises OtherWingUnreachable, OtherWingRefuses, AnswerNotTrusted, DocumentsForgotten; what
    was not taken is fetched again.
    """
    taken = 0
    while True:
        fetched = _fetch(wing, after=last_taken(wing))
        _note_said(wing, fetched.last, now=now)
        new = sum(_take(wing, said, handlers, now=now) for said in fetched.items)
        taken += new
        if not new:  # nothing came, or only what was taken before: that must not go on for ever
            return taken


def note_look(wing: Wing, *, reached: bool, now: datetime) -> None:
    """Keep that the worker looked for documents, and whether it could read them."""
    look = LOOK[wing]
    with suppress(IntegrityError), transaction(wing, durable=False) as session:
        row = session.get(look, 1)
        if row is None:
            first = {"id": 1, "looked_at": now, "reached_at": now if reached else None}
            session.execute(insert(look).values(**first))
            return
        row.looked_at = now
        row.reached_at = now if reached else row.reached_at


def note_asked(wing: Wing, *, after: int, now: datetime) -> None:
    """Keep that the other wing asked for what this one says, and how far it has taken it.

    Now and then: it asks every second.  Before the worker's first look there is no row.
    """
    often = timedelta(seconds=installation().settings.heartbeat_seconds / 4)
    look = LOOK[wing]
    with reading(wing) as session:
        row = session.execute(select(look.asked_at, look.asked_after)).first()
    if row is None or (row.asked_after == after and now - row.asked_at < often):
        return
    with transaction(wing, durable=False) as session:
        session.execute(update(look).values(asked_at=now, asked_after=after))


def _note_said(wing: Wing, last: int, *, now: datetime) -> None:
    """Keep how far the other wing has come, for those who watch what this one has not taken."""
    look = LOOK[wing]
    with reading(wing) as session:
        row = session.execute(select(look.last_said)).first()
    if row is not None and row.last_said == last:
        return
    # Of two workers that look for the first time one is first, and the other looks again.
    with suppress(IntegrityError), transaction(wing, durable=False) as session:
        if row is None:
            session.execute(insert(look).values(id=1, looked_at=now, last_said=last))
        else:
            session.execute(update(look).values(last_said=last))


def check_exchange(wing: Wing, now: datetime) -> tuple[dict[str, JSON], Sequence[str]]:
    """Is the worker alive, and does it get what the other wing says?  Unknown before it looked.

    Readings: seconds since the worker last looked, since it last could read everything, and
    since the other wing last asked (None where that is the same process, or never); how many
    documents were taken, are known and not taken, and were said and not yet asked for.
    """
    look = LOOK[wing]
    columns = (look.looked_at, look.reached_at, look.asked_at, look.asked_after, look.last_said)
    with reading(wing) as session:
        row = session.execute(select(*columns)).first()
    if row is None:
        unknown: dict[str, JSON] = {"worker_seconds": None, "exchange_seconds": None}
        return unknown | {"documents_taken": 0}, ["no worker has run yet"]
    taken, said = last_taken(wing), last_said(wing)
    heard = last_taken(OTHER[wing]) if serves(OTHER[wing]) else row.asked_after or 0
    readings: dict[str, JSON] = {
        "worker_seconds": _since(row.looked_at, now),
        "exchange_seconds": _since(row.reached_at, now),
        "asked_seconds": _since(row.asked_at, now),
        "documents_taken": taken,
        "documents_waiting": max(0, (row.last_said or 0) - taken),
        "documents_unheard": max(0, said - heard),
    }
    return readings, _complaints(wing, readings)


def _since(then: datetime | None, now: datetime) -> int | None:
    return None if then is None else round((now - then).total_seconds())


def _complaints(wing: Wing, seen: Mapping[str, JSON]) -> Sequence[str]:
    settings = installation().settings
    wrong = []
    if seen["worker_seconds"] > settings.heartbeat_seconds:
        wrong.append(f"the worker has not been heard of for {seen['worker_seconds']} seconds")
    behind, asked = seen["exchange_seconds"], seen["asked_seconds"]
    if behind is None or behind > settings.backlog_seconds:
        waiting = seen["documents_waiting"]
        wrong.append(f"the documents of the other wing cannot be read; {waiting} or more wait")
    unheard = seen["documents_unheard"]
    if serves(OTHER[wing]):
        return wrong
    if (asked is None and unheard) or (asked is not None and asked > settings.backlog_seconds):
        wrong.append(f"the other wing does not ask for documents; {unheard} wait for it")
    return wrong


def last_taken(wing: Wing) -> int:
    """The number of the last document that the wing has taken."""
    with reading(wing) as session:
        return session.scalar(select(func.max(INBOX[wing].seq))) or 0


def _fetch(wing: Wing, *, after: int) -> Said:
    other, made = OTHER[wing], installation()
    settings = made.settings
    if serves(other):
        items = list_documents(other, after=after, limit=settings.exchange_documents)
        return Said(items, last_said(other))
    key = made.keys[wing]["exchange"].private
    return fetch_documents(Line.of(settings, other, key, made.exchange_keys(other)), after=after)


def _take(wing: Wing, said: JSON, handlers: Sequence[Handler], *, now: datetime) -> bool:
    """Whether the document was new."""
    other = OTHER[wing]
    document = _verified(other, said)
    inbox = INBOX[wing]
    with transaction(wing) as session:
        hold_gate(session, f"mvote-inbox:{wing}", exclusive=True)  # else two workers take one
        last = session.scalar(select(func.max(inbox.seq))) or 0
        if document.seq <= last:
            return False
        if document.seq != last + 1:
            raise DocumentOutOfOrder(expected=last + 1, seq=document.seq)
        refusal = _hand_over(session, wing, document, handlers, now=now)
        row = {"seq": document.seq, "kind": document.kind, "poll": document.poll[:ID_LENGTH]}
        session.execute(insert(inbox).values(**row, taken_at=now, refusal=refusal))
    return True


def _verified(sender: Wing, said: JSON) -> Document:
    """Signed with any of the sender's keys.  Raises DocumentMalformed, DocumentForged."""
    current, *others = installation().exchange_keys(sender)
    for key in others:
        with suppress(DocumentForged):
            return verify_document(said, sender=sender, key=key)
    return verify_document(said, sender=sender, key=current)


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
