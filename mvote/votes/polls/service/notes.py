"""Notes on a frozen poll: what went wrong and what is put right, in public and for good.

The frozen definition never changes; a note that was wrong is corrected by another one.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import canonical_bytes
from mvote.core.official import Official
from mvote.core.phases import CLOSING, FROZEN, OPEN, SUSPENDED
from mvote.core.poll import PollNotFrozen
from mvote.core.poll_notes import POLL, QUARANTINE, ROLL, Moved, RollChange
from mvote.core.quarantine import Release
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.polls.errors import NoteUnknown, TooManyNotes
from mvote.votes.polls.rules import Note, PollNoted
from mvote.votes.polls.service.deciding import lock_own, require_decider
from mvote.votes.polls.service.turns import lock_row
from mvote.votes.polls.tables import PollNoteRow, PollRow

ON_BOARD = (FROZEN, OPEN, SUSPENDED, CLOSING)
"""States in which the last entry does not stand on the board yet."""


def write_note(
    poll_id: str, *, text: Words, corrects: int | None, official: Official, now: datetime
) -> Note:
    """Say something about a poll, in any state from freezing on.

    Raises PollUnknown, NotYourDepartment, ApproverNeeded, OwnPoll, PollNotFrozen,
    NoteUnknown, TooManyNotes.
    """
    with transaction("votes") as session:
        row = lock_own(session, poll_id, official)
        require_decider(session, row, official)
        return add_note(
            session, row, about=POLL, text=text, corrects=corrects, by=official.id, now=now
        )


def note_roll_change(
    session: Session, poll_id: str, *, change: RollChange, text: Words, now: datetime
) -> Note:
    """What the people wing tells of a correction to the roll.  Raises PollUnknown, PollNotFrozen.

    However many there are: a recount needs every one.
    """
    row = lock_row(session, poll_id)
    return add_note(session, row, about=ROLL, text=text, by="people", roll=change, now=now)


def note_release(
    session: Session, poll_id: str, *, release: Release, text: Words, now: datetime
) -> Note:
    """What the people wing tells of a decision about permits that are counted apart.

    However many there are: a recount needs every one.  Raises PollUnknown, PollNotFrozen.
    """
    row = lock_row(session, poll_id)
    return add_note(
        session, row, about=QUARANTINE, text=text, by="people", release=release, now=now
    )


def list_notes(poll_id: str) -> Sequence[Note]:
    """The notes on a poll in their order; none where there is no such poll."""
    query = select(PollNoteRow).where(PollNoteRow.poll == poll_id).order_by(PollNoteRow.number)
    with reading("votes") as session:
        return [_note(row) for row in session.scalars(query)]


def add_note(
    session: Session,
    row: PollRow,
    *,
    about: str,
    text: Words,
    by: str,
    now: datetime,
    corrects: int | None = None,
    outage: Moved | None = None,
    roll: RollChange | None = None,
    release: Release | None = None,
) -> Note:
    """Write a note on a poll whose row the caller has locked.

    Raises PollNotFrozen, NoteUnknown, TooManyNotes.
    """
    if row.ph is None:
        raise PollNotFrozen()
    last = select(func.max(PollNoteRow.number)).where(PollNoteRow.poll == row.id)
    number = (session.scalar(last) or 0) + 1
    most = installation().settings.notes_per_poll
    if number > most and about == POLL:
        raise TooManyNotes(most=most)
    if corrects is not None and not 1 <= corrects < number:
        raise NoteUnknown()
    told, changed, decided = (one.to_json() if one else None for one in (outage, roll, release))
    made = PollNoteRow(
        poll=row.id,
        number=number,
        about=about,
        text_ko=text["ko"],
        text_en=text["en"],
        corrects=corrects,
        outage=canonical_bytes(told).decode() if told else None,
        roll=canonical_bytes(changed).decode() if changed else None,
        quarantine=canonical_bytes(decided).decode() if decided else None,
        noted_at=now.replace(microsecond=0),
    )
    session.add(made)
    happening = PollNoted(
        row.id,
        number=number,
        about=about,
        by=by,
        text=dict(text),
        corrects=corrects,
        outage=told,
        on_board=row.state in ON_BOARD,
        roll=changed,
        quarantine=decided,
    )
    record(session, "votes", happening, now=now)
    return _note(made)


def _note(row: PollNoteRow) -> Note:
    return Note(
        row.number,
        row.about,
        {"ko": row.text_ko, "en": row.text_en},
        row.corrects,
        json.loads(row.outage) if row.outage else None,
        row.noted_at,
        json.loads(row.roll) if row.roll else None,
        json.loads(row.quarantine) if row.quarantine else None,
    )
