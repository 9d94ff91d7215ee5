"""The only place where an entry is written: under the record's lock, chained to the one before."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.issuing import CODE
from mvote.votes.discussions.errors import RecordUnknown
from mvote.votes.discussions.rules import RecordEntry, entry_digest
from mvote.votes.discussions.service.rows import entry_of
from mvote.votes.discussions.tables import RecordEntryRow, RecordRow


def lock_record(session: Session, record_id: str) -> RecordRow:
    """The record, which no other transaction can now write into.  Raises RecordUnknown."""
    known = CODE.fullmatch(record_id)
    row = session.get(RecordRow, record_id, with_for_update=True) if known else None
    if row is None:
        raise RecordUnknown()
    return row


def append(
    session: Session,
    row: RecordRow,
    kind: str,
    body: Mapping[str, JSON],
    *,
    poll: str = "",
    by: str = "",
    at: datetime,
) -> RecordEntry:
    """Write the next entry of a locked record."""
    spelled = canonical_bytes(dict(body)).decode()
    loose = RecordEntry(
        record=row.id,
        number=row.entries + 1,
        kind=kind,
        poll=poll,
        version=_versions(session, row.id, kind, poll) + 1,
        at=at.replace(microsecond=0),
        by=by,
        body=json.loads(spelled),
        previous=row.chain,
        digest="",
    )
    entry = replace(loose, digest=entry_digest(loose))
    columns = asdict(entry) | {"body": spelled}
    del columns["withheld"]  # this is nothing of what is written
    session.add(RecordEntryRow(**columns))
    row.entries, row.chain = entry.number, entry.digest
    session.flush()
    return entry


def find_last(session: Session, record_id: str, kind: str, poll: str) -> RecordEntry | None:
    """The newest entry of this kind about this poll."""
    query = (
        select(RecordEntryRow)
        .where(
            RecordEntryRow.record == record_id,
            RecordEntryRow.kind == kind,
            RecordEntryRow.poll == poll,
        )
        .order_by(RecordEntryRow.version.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    return entry_of(found) if found else None


def _versions(session: Session, record_id: str, kind: str, poll: str) -> int:
    query = select(func.max(RecordEntryRow.version)).where(
        RecordEntryRow.record == record_id,
        RecordEntryRow.kind == kind,
        RecordEntryRow.poll == poll,
    )
    return session.scalar(query) or 0
