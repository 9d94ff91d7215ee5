"""Accounts that nobody uses go by themselves, and this wing signs that they went."""

import json
from collections import Counter
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.db import reading, transaction
from mvote.installation import city_day, installation
from mvote.people.identity.service.holding import delete_account, unused_accounts
from mvote.people.privacy.rules import (
    CITIZENS,
    UnusedAccountsDeleted,
    make_statement,
    months_before,
)
from mvote.people.privacy.tables import RetentionRow
from mvote.people.rolls.service.holding import forget_on_rolls

AT_ONCE: Final = 500
"""Accounts that one round deletes, so that nobody waits for long."""


def delete_unused(*, now: datetime) -> int:
    """Delete what nobody used for ``account_months``; returns how many accounts went."""
    made = installation()
    months = made.settings.account_months
    today = city_day(now)
    month = today.replace(day=1)
    with transaction("people") as session:
        before = months_before(month, months)
        found = unused_accounts(session, before=before, month=month, most=AT_ONCE)
        if not found:
            return 0
        gone: Counter[str] = Counter()
        for account in found:
            gone.update(forget_on_rolls(session, account))
            gone.update(delete_account(session, account))
        _state(session, today, gone, months)
        happened = UnusedAccountsDeleted(CITIZENS, accounts=len(found), months=months)
        record(session, "people", happened, now=now)
    return len(found)


def _state(session: Session, day: date, gone: Counter[str], months: int) -> None:
    """One statement a day: what went later in it is added, and all is signed anew."""
    row = session.get(RetentionRow, day, with_for_update=True)
    if row is not None:
        gone = gone + Counter(json.loads(row.statement)["deleted"])
    key = installation().keys["people"]["exchange"].private
    said = make_statement(key, day=day, deleted=gone, months=months)
    session.merge(RetentionRow(day=day, statement=canonical_bytes(said).decode()))


def list_statements(*, after: date | None, limit: int) -> tuple[JSON, ...]:
    """Newest first, those before the day ``after``."""
    query = select(RetentionRow.statement).order_by(RetentionRow.day.desc()).limit(limit)
    if after is not None:
        query = query.where(RetentionRow.day < after)
    with reading("people") as session:
        return tuple(json.loads(said) for said in session.scalars(query))
