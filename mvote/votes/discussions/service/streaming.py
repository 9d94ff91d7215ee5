"""All records, entries and promised steps, in pieces: for figures and for open data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, tuple_

from mvote.db import reading
from mvote.votes.discussions.rules import RecordEntry
from mvote.votes.discussions.service.rows import entry_of
from mvote.votes.discussions.tables import PromiseStepRow, RecordEntryRow, RecordRow

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class PromisedStep:
    """``record`` is where the promise goes on now."""

    promise: str
    step: int
    record: str
    department: str
    first_due: date
    due: date
    done: date | None


def stream_entries(kinds: Sequence[str]) -> Iterator[RecordEntry]:
    """Entries of some kinds, by record and number; no transaction stays open between pieces."""
    place = tuple_(RecordEntryRow.record, RecordEntryRow.number)
    query = select(RecordEntryRow).where(RecordEntryRow.kind.in_(kinds))
    query = query.order_by(RecordEntryRow.record, RecordEntryRow.number).limit(AT_ONCE)
    after: tuple[str, int] | None = None
    while True:
        with reading("votes") as session:
            rows = session.scalars(query.where(place > after) if after else query).all()
            found = [entry_of(row) for row in rows]
        yield from found
        if len(found) < AT_ONCE:
            return
        after = (found[-1].record, found[-1].number)


def stream_steps() -> Iterator[PromisedStep]:
    """Every step that was ever promised, by promise."""
    place = tuple_(PromiseStepRow.promise, PromiseStepRow.step)
    query = select(PromiseStepRow).order_by(PromiseStepRow.promise, PromiseStepRow.step)
    after: tuple[str, int] | None = None
    while True:
        with reading("votes") as session:
            chosen = query.where(place > after) if after else query
            rows = session.scalars(chosen.limit(AT_ONCE)).all()
            found = [_step_of(row) for row in rows]
        yield from found
        if len(found) < AT_ONCE:
            return
        after = (found[-1].promise, found[-1].step)


def _step_of(row: PromiseStepRow) -> PromisedStep:
    dates = row.first_due, row.due, row.done
    return PromisedStep(row.promise, row.step, row.record, row.department, *dates)


def departments_of_records() -> dict[str, str]:
    """The department of every record, by its id."""
    with reading("votes") as session:
        found = session.execute(select(RecordRow.id, RecordRow.department))
        return {row.id: row.department for row in found}
