"""Promises: made, their steps added, moved and shown to be done; and telling what slipped."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.installation import city_day, installation
from mvote.votes.discussions.errors import (
    NothingToAnswer,
    PromiseUnknown,
    TooManyPromises,
)
from mvote.votes.discussions.rules import (
    EVIDENCE,
    MOVED,
    PROMISE,
    PROMISED_STEP,
    RESULT,
    SLIPPED,
    RecordEntry,
)
from mvote.votes.discussions.rules_promises import (
    Promise,
    PromiseCounts,
    PromiseStep,
    check_dates,
    check_evidence,
    check_move,
    promise_id,
    promises_of,
)
from mvote.votes.discussions.service.entering import Added
from mvote.votes.discussions.service.homes import list_at_home, lock_home, marks_of
from mvote.votes.discussions.service.reading import find_record
from mvote.votes.discussions.service.writing import lock_own, require_open, same, write
from mvote.votes.discussions.tables import PromiseStepRow, RecordRow


def make_promise(
    record_id: str,
    *,
    text: Words,
    steps: Sequence[Mapping[str, JSON]],
    poll: str | None = None,
    official: Official,
    now: datetime,
) -> Added:
    """Promise something, each step with the day by which it is done.

    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment, RecordClosed, NothingToAnswer,
    PromiseRefused, TooManyPromises.
    """
    said: dict[str, JSON] = {
        "poll": poll,
        "text": dict(text),
        "steps": [{"text": dict(one["text"]), "due": one["due"].isoformat()} for one in steps],
    }
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        name = promise_id(row.id, said)
        body = {"promise": name, **said}
        if (there := same(session, row, PROMISE, body, subject=name)) is not None:
            return there, False
        require_open(row)
        if poll is not None and (RESULT, poll) not in marks_of(session, row.id):
            raise NothingToAnswer()
        check_dates(steps, today=city_day(now))
        _require_room(session, row, promises=1, steps=len(steps))
        entry = write(
            session, row, PROMISE, body, subject=name, poll=poll or "", official=official, now=now
        )
        for number, one in enumerate(steps, start=1):
            _keep_step(session, row, name, step=number, due=one["due"], by=official)
        return entry, True


def add_promised_step(
    record_id: str, promise: str, *, text: Words, due: date, official: Official, now: datetime
) -> Added:
    """Add a step to a promise.

    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment, RecordClosed, PromiseUnknown,
    PromiseRefused, TooManyPromises.
    """
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        found = _promise(session, row, promise)
        number = len(found.steps) + 1
        body: dict[str, JSON] = {"promise": promise, "text": dict(text), "due": due.isoformat()}
        retry = same(session, row, PROMISED_STEP, body | {"step": number - 1}, subject=promise)
        if retry is not None:
            return retry, False
        require_open(row)
        check_dates([{"due": due}], today=city_day(now))
        _require_room(session, row, steps=number)
        body["step"] = number
        _keep_step(session, row, promise, step=number, due=due, by=official)
        return _write(session, row, PROMISED_STEP, body, found, by=official, now=now), True


def move_step(
    record_id: str,
    promise: str,
    step: int,
    *,
    due: date,
    text: Words,
    official: Official,
    now: datetime,
) -> Added:
    """Move the day of a step, and say why; the day first promised stays beside it.

    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment, RecordClosed, PromiseUnknown,
    PromiseRefused.
    """
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        found, one = _step(session, row, promise, step)
        body: dict[str, JSON] = {
            "promise": promise,
            "step": step,
            "due": due.isoformat(),
            "first_due": one.first_due.isoformat(),
            "text": dict(text),
        }
        if (there := same(session, row, MOVED, body, subject=promise)) is not None:
            return there, False
        require_open(row)
        check_move(one, due, today=city_day(now))
        session.get_one(PromiseStepRow, (promise, step)).due = due
        return _write(session, row, MOVED, body, found, by=official, now=now), True


def show_step(
    record_id: str,
    promise: str,
    step: int,
    *,
    text: Words,
    done: date,
    links: Sequence[str],
    official: Official,
    now: datetime,
) -> Added:
    """Show that a step was done, when, and where that can be seen; a closed record takes it too.

    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment, PromiseUnknown, PromiseRefused.
    """
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        found, one = _step(session, row, promise, step)
        body: dict[str, JSON] = {
            "promise": promise,
            "step": step,
            "text": dict(text),
            "done": done.isoformat(),
            "links": list(links),
        }
        if (there := same(session, row, EVIDENCE, body, subject=promise)) is not None:
            return there, False
        check_evidence(done, links, today=city_day(now))
        if one.done is None:
            session.get_one(PromiseStepRow, (promise, step)).done = done
        return _write(session, row, EVIDENCE, body, found, by=official, now=now), True


def list_promises(record_id: str) -> list[Promise]:
    """The promises of a record, in the order in which they were made.  Raises RecordUnknown."""
    with reading("votes") as session:
        row = find_record(session, record_id)
        return promises_of(list_at_home(session, [row.id]).get(row.id, []))


def count_promised(*, now: datetime) -> dict[str, PromiseCounts]:
    """How the promised steps of each department stand, by its code."""
    today = city_day(now)
    with reading("votes") as session:
        columns = PromiseStepRow.department, PromiseStepRow.first_due, PromiseStepRow.done
        rows = session.execute(select(*columns).order_by(PromiseStepRow.department)).all()
    found: dict[str, list[str]] = {}
    for row in rows:
        late = (row.done or today) > row.first_due
        names = ("late", "open") if row.done is None else ("done_late", "done")
        found.setdefault(row.department, []).append(names[0] if late else names[1])
    fields = PromiseCounts.__dataclass_fields__
    return {
        department: PromiseCounts(**{name: names.count(name) for name in fields})
        for department, names in found.items()
    }


def tell_slipped(*, now: datetime) -> int:
    """Write down once of every due day that passed without evidence that the step was done."""
    today = city_day(now)
    missed = (
        PromiseStepRow.due < today,
        PromiseStepRow.done.is_(None),
        or_(PromiseStepRow.told.is_(None), PromiseStepRow.told != PromiseStepRow.due),
    )
    query = select(PromiseStepRow.record, PromiseStepRow.promise, PromiseStepRow.step)
    with reading("votes") as session:
        found = session.execute(query.where(*missed)).all()
    told = 0
    for record, promise, step in found:
        with transaction("votes") as session:
            told += _tell(session, record, promise, step, today=today, now=now)
    return told


def _tell(
    session: Session, record: str, promise: str, step: int, *, today: date, now: datetime
) -> int:
    """Under the record's lock: another worker may have told, the department may have acted."""
    row = lock_home(session, record, promise)
    one = session.get_one(PromiseStepRow, (promise, step), with_for_update=True)
    if one.done is not None or one.due >= today or one.told == one.due:
        return 0
    found = _promise(session, row, promise)
    body: dict[str, JSON] = {
        "promise": promise,
        "step": step,
        "text": dict(found.steps[step - 1].text),
        "due": one.due.isoformat(),
        "first_due": one.first_due.isoformat(),
    }
    one.told = one.due
    _write(session, row, SLIPPED, body, found, now=now)
    return 1


def _write(
    session: Session,
    row: RecordRow,
    kind: str,
    body: Mapping[str, JSON],
    promise: Promise,
    *,
    by: Official | None = None,
    now: datetime,
) -> RecordEntry:
    """An entry about a promise, and about the poll for which it was made."""
    about = {"subject": promise.id, "poll": promise.poll}
    return write(session, row, kind, body, **about, official=by, now=now)


def _keep_step(
    session: Session, row: RecordRow, promise: str, *, step: int, due: date, by: Official
) -> None:
    kept = PromiseStepRow(
        promise=promise,
        step=step,
        record=row.id,
        department=by.department,
        first_due=due,
        due=due,
        done=None,
        told=None,
    )
    session.add(kept)


def _require_room(session: Session, row: RecordRow, *, promises: int = 0, steps: int) -> None:
    """Raises TooManyPromises."""
    settings = installation().settings
    made = select(func.count(PromiseStepRow.promise.distinct())).where(
        PromiseStepRow.record == row.id
    )
    too_many = promises and (session.scalar(made) or 0) >= settings.promises_per_record
    if too_many or steps > settings.steps_per_promise:
        raise TooManyPromises(most=settings.promises_per_record, steps=settings.steps_per_promise)


def _promise(session: Session, row: RecordRow, promise: str) -> Promise:
    """Raises PromiseUnknown."""
    for one in promises_of(list_at_home(session, [row.id]).get(row.id, [])):
        if one.id == promise:
            return one
    raise PromiseUnknown()


def _step(session: Session, row: RecordRow, promise: str, step: int) -> tuple[Promise, PromiseStep]:
    """Raises PromiseUnknown."""
    found = _promise(session, row, promise)
    if not 1 <= step <= len(found.steps):
        raise PromiseUnknown()
    return found, found.steps[step - 1]
