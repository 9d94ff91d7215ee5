"""A file of indicators is taken whole, or not at all."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import canonical_bytes
from mvote.core.ids import new_id
from mvote.core.text import Words
from mvote.db import hold_gate, transaction
from mvote.installation import installation
from mvote.votes.dues.service import owner_names
from mvote.votes.indicators.errors import IndicatorsRefused
from mvote.votes.indicators.rules import Import, IndicatorsImported, indicator_id
from mvote.votes.indicators.rules_files import Row, read_indicators
from mvote.votes.indicators.service.scopes import open_current
from mvote.votes.indicators.tables import (
    IndicatorImportRow,
    IndicatorRow,
    IndicatorValueRow,
)


def import_indicators(raw: bytes, *, now: datetime) -> tuple[Import, bool]:
    """Keep what a file tells, and let citizens question it; the same file again changes nothing.

    Gives the import and whether it is new.  Raises IndicatorsRefused.
    """
    rows = read_indicators(raw, most=installation().settings.indicator_bytes)
    known = owner_names()
    for line, row in enumerate(rows, start=2):
        if row.department not in known:
            reason = f"there is no department {row.department}"
            raise IndicatorsRefused(line=line, reason=reason)
    digest = hashlib.sha256(raw).hexdigest()
    with transaction("votes") as session:
        hold_gate(session, "mvote-indicators", exclusive=True)
        same = select(IndicatorImportRow).where(IndicatorImportRow.digest == digest)
        if (there := session.scalars(same).first()) is not None:
            return import_of(there), False
        made = IndicatorImportRow(
            id=new_id(), digest=digest, at=now.replace(microsecond=0), values=len(rows), new=0
        )
        session.add(made)
        session.flush()
        made.new = _keep(session, rows, made.id)
        open_current(session, now=now)
        told = IndicatorsImported(made.id, digest=digest, values=len(rows), new=made.new)
        record(session, "votes", told, now=now)
        return import_of(made), True


def import_of(row: IndicatorImportRow) -> Import:
    return Import(row.id, row.digest, row.at, row.values, row.new)


def _keep(session: Session, rows: Sequence[Row], import_id: str) -> int:
    """How many values say something new."""
    new = 0
    for row in rows:
        name = indicator_id(row.department, row.name["ko"])
        known = session.get(IndicatorRow, name)
        if known is None:
            known = IndicatorRow(id=name, department=row.department, name="", unit="")
            session.add(known)
        known.name, known.unit = _spelled(row.name), _spelled(row.unit)
        session.flush()
        new += _keep_value(session, name, row, import_id)
    return new


def _keep_value(session: Session, indicator: str, row: Row, import_id: str) -> bool:
    newest = select(func.max(IndicatorValueRow.version)).where(
        IndicatorValueRow.indicator == indicator, IndicatorValueRow.period == row.period
    )
    version = session.scalar(newest) or 0
    said = (row.value, row.target, row.source)
    if version:
        last = session.get_one(IndicatorValueRow, (indicator, row.period, version))
        if (last.value, last.target, last.source) == said:
            return False
    facts = dict(zip(("value", "target", "source"), said, strict=True))
    session.add(
        IndicatorValueRow(
            indicator=indicator,
            period=row.period,
            version=version + 1,
            import_id=import_id,
            **facts,
        )
    )
    return True


def _spelled(words: Words) -> str:
    return canonical_bytes(dict(words)).decode()
