"""The schedule of polls, and what the people wing says about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, digest
from mvote.core.document import Document, DocumentMalformed
from mvote.core.poll_notes import MOST_TEXT, read_roll_change
from mvote.core.quarantine import read_counts, read_release
from mvote.core.secrecy.exact import SHA256_HEX, Fault, record
from mvote.core.text import words_fault
from mvote.core.times import parse_iso
from mvote.jobs import Handler, Job
from mvote.votes.polls import service
from mvote.votes.polls.rules import Apart

MOST_ISSUED = 2**31 - 1


def take_issuer(session: Session, document: Document, now: datetime) -> None:
    """Freeze the poll with the keys and the roll that the people wing names for it."""
    body = document.body
    service.freeze_poll(session, document.poll, issuer=body["issuer"], roll=body["roll"], now=now)


def take_issued_list(session: Session, document: Document, now: datetime) -> None:
    """Keep how many permits there are, and their hashes where they are told.

    Raises DocumentMalformed.
    """
    issued, sha256 = document.body["issued"], document.body["sha256"]
    if type(issued) is not int or not 0 <= issued <= MOST_ISSUED:
        raise DocumentMalformed(field="issued")
    if not isinstance(sha256, str) or not SHA256_HEX.fullmatch(sha256):
        raise DocumentMalformed(field="sha256")
    hashes = _read_hashes(document.body, issued=issued, sha256=sha256)
    apart = _read_apart(document.body)
    service.take_issued_list(
        session, document.poll, issued=issued, sha256=sha256, hashes=hashes, apart=apart, now=now
    )


def _read_apart(body: Mapping[str, JSON]) -> Apart | None:
    """How many permits are counted apart, and which pseudonyms.  Raises DocumentMalformed."""
    if "quarantine" not in body:
        return None
    try:
        told = record(body["quarantine"], "quarantine", {"counts"}, {"marks"})
        marks = told.get("marks", [])
        if not isinstance(marks, list) or not all(isinstance(one, str) for one in marks):
            raise Fault("marks")
        return Apart(read_counts(told["counts"]), sorted(marks))
    except Fault as fault:
        raise DocumentMalformed(field=fault.field) from None


def _read_hashes(body: Mapping[str, JSON], *, issued: int, sha256: str) -> Sequence[str] | None:
    """As many as were issued, each once, in order, and what the digest is of.

    Raises DocumentMalformed.
    """
    hashes = body.get("hashes")
    if hashes is None:
        return None
    if not isinstance(hashes, list) or len(hashes) != issued:
        raise DocumentMalformed(field="hashes")
    if not all(isinstance(one, str) and SHA256_HEX.fullmatch(one) for one in hashes):
        raise DocumentMalformed(field="hashes")
    if any(one >= other for one, other in pairwise(hashes)) or digest(hashes) != sha256:
        raise DocumentMalformed(field="hashes")
    return hashes


def take_purge_statement(session: Session, document: Document, now: datetime) -> None:
    """Keep the statement that the link is erased.  Raises DocumentMalformed, PollUnknown."""
    for field in ("permits", "peppers"):
        if type(document.body[field]) is not int or document.body[field] < 0:
            raise DocumentMalformed(field=field)
    for field in ("at", "last_backup"):
        if not _is_time(document.body[field], or_none=field == "last_backup"):
            raise DocumentMalformed(field=field)
    service.take_purge_statement(session, document, now=now)


def _is_time(value: JSON, *, or_none: bool) -> bool:
    try:
        parse_iso(value)
    except ValueError:
        return False
    except TypeError:
        return or_none and value is None
    return True


def take_roll_note(session: Session, document: Document, now: datetime) -> None:
    """Note a correction to the roll.  Raises DocumentMalformed, PollUnknown, PollNotFrozen."""
    body = dict(document.body)
    text = body.pop("text")
    if words_fault(text, most=MOST_TEXT, lines=True):
        raise DocumentMalformed(field="text")
    try:
        change = read_roll_change(body)
    except Fault as fault:
        raise DocumentMalformed(field=fault.field) from None
    service.note_roll_change(session, document.poll, change=change, text=text, now=now)


def take_quarantine_note(session: Session, document: Document, now: datetime) -> None:
    """Note a decision about permits that are counted apart.

    Raises DocumentMalformed, PollUnknown, PollNotFrozen.
    """
    body = dict(document.body)
    text = body.pop("text")
    if words_fault(text, most=MOST_TEXT, lines=True):
        raise DocumentMalformed(field="text")
    try:
        release = read_release(body)
    except Fault as fault:
        raise DocumentMalformed(field=fault.field) from None
    service.note_release(session, document.poll, release=release, text=text, now=now)


def take_permits_locked(session: Session, document: Document, now: datetime) -> None:
    """The people wing was put back from a copy.  Raises PollUnknown."""
    service.hold_poll(session, document.poll, now=now)


JOBS = (
    Job("suspend polls that were put back from a copy", "votes", service.suspend_restored),
    Job("open polls by schedule", "votes", service.open_due),
    Job("close polls by schedule", "votes", service.close_due),
    Job("cancel polls that nobody opened", "votes", service.cancel_unopened),
    Job("drop requests that nobody confirmed", "votes", service.drop_expired, patient=True),
)
HANDLERS = (
    Handler("issuer", "votes", take_issuer),
    Handler("issued-list", "votes", take_issued_list),
    Handler("purge-statement", "votes", take_purge_statement),
    Handler("roll-note", "votes", take_roll_note),
    Handler("quarantine-note", "votes", take_quarantine_note),
    Handler("permits-locked", "votes", take_permits_locked),
)
