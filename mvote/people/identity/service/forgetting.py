"""Drop what time has made void: codes, sign-ins, counts."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from mvote.db import reading, transaction
from mvote.people.identity.tables import FamilyRow, LimitRow, OidcLoginRow, PhoneCheckRow

# For a while the answer to an old code is "expired" rather than "unknown".
CODES_KEPT = timedelta(hours=1)
COUNTS_KEPT = timedelta(days=2)


def forget_expired(*, now: datetime) -> int:
    """Returns how many rows went.  Looks before it writes, so as not to hold up others."""
    void: tuple[tuple[type[Any], ColumnElement[bool]], ...] = (
        (PhoneCheckRow, PhoneCheckRow.expires_at < now - CODES_KEPT),
        (OidcLoginRow, OidcLoginRow.expires_at < now),
        (FamilyRow, FamilyRow.expires_at < now),
        (LimitRow, LimitRow.started_at < now - COUNTS_KEPT),
    )
    with reading("people") as session:
        found = [(table, old) for table, old in void if _any(session, table, old)]
    if not found:
        return 0
    with transaction("people") as session:
        gone = [session.connection().execute(delete(table).where(old)) for table, old in found]
        return sum(result.rowcount for result in gone)


def _any(session: Session, table: type[Any], old: ColumnElement[bool]) -> bool:
    return session.execute(select(1).select_from(table).where(old).limit(1)).first() is not None
