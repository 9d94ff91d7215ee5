"""How many an audience holds: asked for a poll by anyone signed in, for a draft by officials."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.eligibility import check_audience, is_targeted, lists_named
from mvote.db import hold_gate, reading, transaction
from mvote.installation import installation
from mvote.people.identity.service.limits import seconds_over
from mvote.people.rolls.errors import TooManyCounts
from mvote.people.rolls.rules_counts import (
    UNKNOWN,
    AudienceCount,
    Cells,
    as_told,
    asking_mac,
    count_in,
    distance,
    draw,
    draw_slack,
)
from mvote.people.rolls.service.voters import count_facts
from mvote.people.rolls.tables import AudienceCountRow

LIMIT = "audience-count"
HOUR = 3600


def count_for_draft(audience: JSON, *, official: str, now: datetime) -> AudienceCount:
    """Raises AudienceRefused, TooManyCounts."""
    check_audience(audience)
    made = installation()
    key = asking_mac(made.keys["people"].pepper, official)
    most = made.settings.audience_counts_per_hour
    with transaction("people", durable=False) as session:
        wait = seconds_over(session, LIMIT, key, most=most, seconds=HOUR, now=now)
    if wait is not None:
        raise TooManyCounts(retry_after=wait)
    return tell_count(audience, now=now)


def tell_count(
    audience: Mapping[str, JSON], *, now: datetime, roll_key: str = "number"
) -> AudienceCount:
    """How many a checked audience holds, as ``rules_counts`` allows to say it.

    ``roll_key`` is ``number`` or ``entry``: who has none is not counted.  The register is
    looked at once in a while, whoever asks.
    """
    if not is_targeted(audience):
        return AudienceCount(UNKNOWN, None)
    spelled = canonical_bytes(dict(audience))
    digest = hashlib.sha256(roll_key.encode() + b"\0" + spelled).digest()
    fresh = now - timedelta(seconds=installation().settings.audience_count_seconds)
    with reading("people") as session:
        row = session.get(AudienceCountRow, digest)
        if row is not None and row.told_at > fresh:
            return as_told(row.told)
    with transaction("people", durable=False) as session:
        hold_gate(session, "mvote-audience-counts", exclusive=True)
        row = session.get(AudienceCountRow, digest, populate_existing=True)
        if row is None or row.told_at <= fresh:
            row = row or AudienceCountRow(
                digest=digest, audience=spelled.decode(), roll_key=roll_key
            )
            _look(session, row, now=now)
        return as_told(row.told)


def _look(session: Session, row: AudienceCountRow, *, now: datetime) -> None:
    """Look at the register, and say something else only where enough people differ."""
    audience = json.loads(row.audience)
    others = [one for one in _drawn(session, row.roll_key) if one.digest != row.digest]
    cells = _cells(session, row.roll_key, [audience, *(json.loads(one.audience) for one in others)])
    number, row.told_at = count_in(cells, audience), now
    if row in session and row.like is None and abs(number - row.counted) < row.slack:
        return
    near = _nearest(cells, audience, others)
    row.counted, row.slack = number, draw_slack()
    row.like = near.digest if near else None
    row.told = near.told if near else draw(number)
    session.add(row)
    session.flush()
    _forget_oldest(session)


def _drawn(session: Session, roll_key: str) -> Sequence[AudienceCountRow]:
    """What was said of its own; a number that was only shared leads no further."""
    query = select(AudienceCountRow).where(AudienceCountRow.roll_key == roll_key)
    return session.scalars(query.where(AudienceCountRow.like.is_(None))).all()


def _cells(session: Session, roll_key: str, audiences: Sequence[Mapping[str, JSON]]) -> Cells:
    lists = sorted({name for audience in audiences for name in lists_named(audience)})
    return tuple(count_facts(session, lists=lists, roll_key=roll_key))


def _nearest(
    cells: Cells, audience: Mapping[str, JSON], others: Sequence[AudienceCountRow]
) -> AudienceCountRow | None:
    apart = [(distance(cells, audience, json.loads(one.audience)), one) for one in others]
    near = [(far, one) for far, one in apart if far < one.slack]
    return min(near, key=lambda found: (found[0], found[1].digest))[1] if near else None


def _forget_oldest(session: Session) -> None:
    most = installation().settings.audience_counts_kept
    kept = select(AudienceCountRow.digest).order_by(AudienceCountRow.told_at.desc())
    old = session.scalars(kept.offset(most)).all()
    session.execute(delete(AudienceCountRow).where(AudienceCountRow.digest.in_(old)))
