"""Threshold sets: those that came with the program, and those that a city adds for good."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.official import Official
from mvote.db import hold_gate, reading, transaction
from mvote.installation import installation
from mvote.votes.proposals.errors import ThresholdSetKnown, ThresholdsRefused
from mvote.votes.proposals.rules import ThresholdSet, ThresholdSetAdded
from mvote.votes.proposals.rules_thresholds import SHIPPED, read_thresholds
from mvote.votes.proposals.tables import ThresholdSetRow


def list_thresholds() -> Sequence[ThresholdSet]:
    """Those that came with the program, then the city's by their name."""
    with reading("votes") as session:
        rows = session.scalars(select(ThresholdSetRow).order_by(ThresholdSetRow.name))
        return [*SHIPPED.values(), *map(_to_set, rows)]


def find_thresholds(session: Session, name: str) -> ThresholdSet | None:
    if name in SHIPPED:
        return SHIPPED[name]
    row = session.get(ThresholdSetRow, name)
    return _to_set(row) if row else None


def add_thresholds(
    content: JSON, *, official: Official, now: datetime
) -> tuple[ThresholdSet, bool]:
    """Keep a set of the city's own, which never changes from then on.

    Raises ThresholdsRefused, ThresholdSetKnown.
    """
    settings = installation().settings
    made = read_thresholds(content, most_stages=settings.threshold_stages)
    with transaction("votes") as session:
        hold_gate(session, "mvote-threshold-sets", exclusive=True)
        known = find_thresholds(session, made.name)
        if known is not None and known.digest != made.digest:
            raise ThresholdSetKnown(name=made.name)
        if known is not None:
            return known, False
        kept = session.scalar(select(func.count()).select_from(ThresholdSetRow)) or 0
        if kept >= settings.threshold_sets:
            raise ThresholdsRefused({"name": ["there are too many sets already"]})
        spelled = canonical_bytes(made.to_json()).decode()
        session.add(ThresholdSetRow(name=made.name, definition=spelled))
        told = ThresholdSetAdded(made.name, digest=made.digest, by=official.id)
        record(session, "votes", told, now=now)
        return made, True


def _to_set(row: ThresholdSetRow) -> ThresholdSet:
    return ThresholdSet.from_json(json.loads(row.definition))
