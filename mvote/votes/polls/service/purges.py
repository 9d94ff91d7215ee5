"""The people wing's word that the link between citizens and permits is gone, kept for all."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.document import Document, is_signed_by
from mvote.core.secrecy.keys import public_jwk
from mvote.db import reading
from mvote.installation import installation
from mvote.votes.polls.errors import PurgeNotStated
from mvote.votes.polls.rules import PurgeStatementTaken
from mvote.votes.polls.service.turns import lock_row
from mvote.votes.polls.tables import PurgeStatementRow


def take_purge_statement(session: Session, document: Document, *, now: datetime) -> None:
    """Keep the document as it was signed, with the key; the first one stays.

    Raises PollUnknown.
    """
    row = lock_row(session, document.poll)
    if session.get(PurgeStatementRow, row.id) is not None:
        return
    known = installation().exchange_keys("people")
    key = public_jwk(next((key for key in known if is_signed_by(document, key)), known[0]))
    kept = PurgeStatementRow(
        poll=row.id, document=_spell(document.to_json()), key=_spell(dict(key))
    )
    session.add(kept)
    happened = PurgeStatementTaken(row.id, permits=document.body["permits"], at=document.body["at"])
    record(session, "votes", happened, now=now)


def get_purge_statement(poll_id: str) -> dict[str, JSON]:
    """The signed ``document`` and the ``key`` to check it with.  Raises PurgeNotStated."""
    with reading("votes") as session:
        row = session.get(PurgeStatementRow, poll_id)
        if row is None:
            raise PurgeNotStated()
        return {"document": json.loads(row.document), "key": json.loads(row.key)}


def _spell(value: JSON) -> str:
    return canonical_bytes(value).decode()
