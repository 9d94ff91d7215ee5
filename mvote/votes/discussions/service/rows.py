"""Rows as values."""

import json

from mvote.votes.discussions.rules import Head, RecordEntry
from mvote.votes.discussions.tables import RecordEntryRow, RecordRow


def head_of(row: RecordRow) -> Head:
    return Head(row.id, row.department, json.loads(row.title), row.opened_at)


def entry_of(row: RecordEntryRow) -> RecordEntry:
    return RecordEntry(
        record=row.record,
        number=row.number,
        kind=row.kind,
        poll=row.poll,
        version=row.version,
        at=row.at,
        by=row.by,
        body=json.loads(row.body),
        previous=row.previous,
        digest=row.digest,
    )
