"""A department stops the clock for a while, in public, within what the city allows."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes
from mvote.core.ids import is_id
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.core.working_time import DAYS, moved_by_pause, read_within
from mvote.db import transaction
from mvote.installation import installation
from mvote.votes.dues.errors import (
    DueOfOtherDepartment,
    DueOver,
    DuePast,
    DueUnknown,
    PauseNotAhead,
    PausesUsedUp,
    PauseTooLong,
)
from mvote.votes.dues.rules import DuePaused, Pause
from mvote.votes.dues.service.city_time import city_time
from mvote.votes.dues.service.reading import pause_of
from mvote.votes.dues.tables import DuePauseRow, DueRow


def pause_due(
    due_id: str, *, until: date, reason: Words, official: Official, now: datetime
) -> tuple[Pause, bool]:
    """Stop the clock from now to the end of a day; the date moves at once, and only later.

    Gives the pause and whether it is new.  Raises DueUnknown, DueOfOtherDepartment, DueOver,
    DuePast, PauseNotAhead, PausesUsedUp, PauseTooLong.
    """
    with transaction("votes") as session:
        row = lock_own(session, due_id, official)
        query = select(DuePauseRow).where(DuePauseRow.due == row.id).order_by(DuePauseRow.number)
        before = session.scalars(query).all()
        spelled = canonical_bytes(dict(reason)).decode()
        if before and (before[-1].until, before[-1].reason) == (until, spelled):
            return pause_of(before[-1]), False
        require_open(row)
        if row.told_at is not None or now > row.due_at:
            raise DuePast()
        began = max(now.replace(microsecond=0), row.set_at, *(one.began_at for one in before))
        city = city_time(session)
        days = (until - city.day_of(began)).days
        _require_bounds(days, [one.days for one in before])
        unit = read_within(row.within).unit if row.within else DAYS
        moved = moved_by_pause(row.due_at, begins=began, until=until, unit=unit, city=city)
        pause = DuePauseRow(
            due=row.id,
            number=len(before) + 1,
            began_at=began,
            until=until,
            days=days,
            reason=spelled,
            by=row.department,
            due_before=row.due_at,
            due_after=moved,
        )
        session.add(pause)
        row.due_at = moved
        session.flush()
        told = DuePaused(
            row.record, row.id, row.department or "", until=until.isoformat(), due_at=iso(moved)
        )
        audit(session, "votes", told, now=now)
        return pause_of(pause), True


def _require_bounds(days: int, before: list[int]) -> None:
    settings = installation().settings
    if days < 1:
        raise PauseNotAhead()
    if len(before) >= settings.pauses_per_due:
        raise PausesUsedUp(most=settings.pauses_per_due)
    left = settings.pause_days - sum(before)
    if days > left:
        raise PauseTooLong(days=settings.pause_days, left=max(0, left))


def lock_own(session: Session, due_id: str, official: Official) -> DueRow:
    """A due of the official's own department.  Raises DueUnknown, DueOfOtherDepartment."""
    row = lock_due(session, due_id)
    if not official.speaks_for(row.department or ""):
        raise DueOfOtherDepartment(department=row.department or "")
    return row


def lock_due(session: Session, due_id: str) -> DueRow:
    """A due that no other transaction can now change.  Raises DueUnknown."""
    row = session.get(DueRow, due_id, with_for_update=True) if is_id(due_id) else None
    if row is None:
        raise DueUnknown()
    return row


def require_open(row: DueRow) -> None:
    """Raises DueOver."""
    if row.met_at is not None or row.lifted_at is not None:
        raise DueOver()
