"""Drop what time has made void: links, and challenges that were answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from mvote.db import reading, transaction
from mvote.people.officials.tables import EnrolmentRow, SpentChallengeRow

KEPT: tuple[type[Any], ...] = (EnrolmentRow, SpentChallengeRow)


def forget_expired(*, now: datetime) -> int:
    """Returns how many rows went.  Looks before it writes, so as not to hold up others."""
    with reading("people") as session:
        old = [
            table
            for table in KEPT
            if session.execute(select(1).where(table.expires_at < now).limit(1)).first()
        ]
    if not old:
        return 0
    with transaction("people") as session:
        gone = [
            session.connection().execute(delete(table).where(table.expires_at < now))
            for table in old
        ]
        return sum(result.rowcount for result in gone)
