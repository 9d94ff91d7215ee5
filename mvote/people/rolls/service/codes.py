"""Printed codes: made in counted batches, exchanged once for a sign-in, revoked."""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, case, delete, func, insert, select, union, update
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.errors import Refusal
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.rules import BY_CODE, SignIn, entry_mac
from mvote.people.identity.service.accounts import add_key, sign_in_with_key
from mvote.people.identity.service.limits import seconds_over
from mvote.people.rolls.errors import (
    BatchNameTaken,
    CodeBatchUnknown,
    FileRefused,
    ListNameNotValid,
    PrintedCodeRevoked,
    PrintedCodeUnknown,
    PrintedCodeUsed,
)
from mvote.people.rolls.rules import LIST_NAME
from mvote.people.rolls.rules_codes import (
    FRAGMENT,
    MOST_SERIAL,
    NEW,
    REVOKED,
    USED,
    CodeBatch,
    CodesPrinted,
    CodesRevoked,
    PrintedCode,
    UnknownCodesFlooded,
    new_printed_code,
    printed_code_mac,
    read_code,
    spell_code,
)
from mvote.people.rolls.rules_files import read_list
from mvote.people.rolls.service.scratch import ROWS_AT_ONCE, ReadRow, kept_apart
from mvote.people.rolls.tables import (
    CodeBatchRow,
    ListedEntryRow,
    ListedRow,
    PrintedCodeRow,
    RegisterRow,
)

log = logging.getLogger("mvote.codes")

HOUR: Final = 3600
ENTRY_BYTES: Final = 32
CODES = cast(Table, PrintedCodeRow.__table__)
LISTED_ENTRIES = cast(Table, ListedEntryRow.__table__)

Write = Callable[[PrintedCode], None]
_Part = list[tuple[bytes, str]]
"""Entries, each with the city's own id or nothing."""


def print_codes(name: str, *, count: int, write: Write, now: datetime) -> int:
    """Make codes that are roll entries of their own, on the list of the batch's name.

    Each goes to ``write`` and is kept nowhere else.  Who gets one must not be reached by
    number in the same poll: nobody knows that the two are one person.  Returns how many.
    Raises ListNameNotValid, BatchNameTaken.
    """

    def parts() -> Iterator[_Part]:
        for start in range(0, count, ROWS_AT_ONCE):
            size = min(ROWS_AT_ONCE, count - start)
            yield [(secrets.token_bytes(ENTRY_BYTES), "") for _ in range(size)]

    return _make_batch(name, parts(), bound=False, write=write, now=now)


def print_codes_for(
    name: str, lines: Iterable[str], *, write: Write, now: datetime, on_list: str | None = None
) -> int:
    """Make a code for every entry of a file with a column ``entry``; see ``print_codes``.

    Raises ListNameNotValid, BatchNameTaken, FileRefused where an entry stands twice, is not on
    the roll, or not on the list named.
    """
    with kept_apart(_entries_of(lines)) as scratch:

        def parts() -> Iterator[_Part]:
            for part in scratch.parts():
                _require_known(part, on_list)
                yield [(row.entry or b"", row.said or "") for row in part]

        return _make_batch(name, parts(), bound=True, write=write, now=now)


def _entries_of(lines: Iterable[str]) -> Iterator[ReadRow]:
    made = installation()
    pepper = made.keys["people"].pepper
    for line, who, is_entry in read_list(lines, region=made.settings.phone_region):
        if not is_entry:
            raise FileRefused(line=line, reason="the file needs a column named entry")
        yield ReadRow(line, entry_mac(pepper, who), None, said=who)


def _require_known(part: list[ReadRow], on_list: str | None) -> None:
    given = [row.entry for row in part]
    listed = select(ListedEntryRow.entry).where(ListedEntryRow.entry.in_(given))
    registered = select(RegisterRow.entry).where(RegisterRow.entry.in_(given))
    known = listed.where(ListedEntryRow.list == on_list) if on_list else union(listed, registered)
    with reading("people") as session:
        found = set(session.scalars(known))
    if lines := [row.line for row in part if row.entry not in found]:
        where = f"on the list {on_list}" if on_list else "in the register or on a list"
        raise FileRefused(line=min(lines), reason=f"this entry is not {where}")


def _make_batch(
    name: str, parts: Iterator[_Part], *, bound: bool, write: Write, now: datetime
) -> int:
    if not LIST_NAME.fullmatch(name):
        raise ListNameNotValid()
    made, serial = installation(), 0
    pepper, url = made.keys["people"].pepper, made.settings.public_url
    with transaction("people") as session:
        _require_free(session, name)
        session.add(CodeBatchRow(name=name, bound=bound))
        session.flush()
        for part in parts:
            rows: list[dict[str, Any]] = []
            for entry, said in part:
                serial, raw = serial + 1, new_printed_code()
                spelled = spell_code(raw)
                write(PrintedCode(serial, spelled, f"{url}/{FRAGMENT}{spelled}", said))
                mac = printed_code_mac(pepper, raw)
                row = {"mac": mac, "serial": serial, "entry": entry}
                rows.append({**row, "batch": name, "state": NEW})
            session.execute(insert(CODES), rows)
            if not bound:
                listed = [{"list": name, "entry": row["entry"]} for row in rows]
                session.execute(insert(LISTED_ENTRIES), listed)
        record(session, "people", CodesPrinted(name, codes=serial, bound=bound), now=now)
    return serial


def _require_free(session: Session, name: str) -> None:
    held = (
        select(CodeBatchRow.name).where(CodeBatchRow.name == name),
        select(ListedRow.list).where(ListedRow.list == name).limit(1),
        select(ListedEntryRow.list).where(ListedEntryRow.list == name).limit(1),
    )
    if any(session.execute(query).first() for query in held):
        raise BatchNameTaken(name=name)


def is_batch_list(name: str) -> bool:
    """Whether a list holds the entries that the codes of a batch made."""
    query = select(CodeBatchRow.name).where(CodeBatchRow.name == name, ~CodeBatchRow.bound)
    with reading("people") as session:
        return session.execute(query).first() is not None


def list_batches() -> tuple[CodeBatch, ...]:
    """Every batch with its counts, by name."""
    states = [func.sum(case((PrintedCodeRow.state == one, 1), else_=0)) for one in (USED, REVOKED)]
    query = (
        select(CodeBatchRow.name, CodeBatchRow.bound, func.count(PrintedCodeRow.mac), *states)
        .outerjoin(PrintedCodeRow, PrintedCodeRow.batch == CodeBatchRow.name)
        .group_by(CodeBatchRow.name, CodeBatchRow.bound)
        .order_by(CodeBatchRow.name)
    )
    with reading("people") as session:
        return tuple(
            CodeBatch(name, bound, printed, int(used or 0), int(revoked or 0))
            for name, bound, printed, used, revoked in session.execute(query)
        )


def get_code_state(batch: str, serial: int) -> str:
    """What became of one code: new, used or revoked.  Raises CodeBatchUnknown."""
    _check_name(batch, serial)
    query = select(PrintedCodeRow.state).where(
        PrintedCodeRow.batch == batch, PrintedCodeRow.serial == serial
    )
    with reading("people") as session:
        state = session.scalar(query)
    if state is None:
        raise CodeBatchUnknown()
    return state


def _check_name(batch: str, serial: int | None) -> None:
    """What cannot be one is not asked of the database.  Raises CodeBatchUnknown."""
    if not LIST_NAME.fullmatch(batch) or (serial or 0) > MOST_SERIAL:
        raise CodeBatchUnknown()


def revoke_codes(
    batch: str, *, serial: int | None = None, official: str = "", now: datetime
) -> int:
    """Make the codes of a batch void that were not used, or the one with a serial number.

    A used code stays used: what it proved is proved, and a poll may only count its permit
    apart.  The entries of codes that were entries of their own leave their list.  Returns how
    many were made void.  Raises CodeBatchUnknown.
    """
    _check_name(batch, serial)
    which = PrintedCodeRow.batch == batch
    if serial is not None:
        which &= PrintedCodeRow.serial == serial
    with transaction("people") as session:
        if session.execute(select(PrintedCodeRow.mac).where(which).limit(1)).first() is None:
            raise CodeBatchUnknown()
        bound = session.scalar(select(CodeBatchRow.bound).where(CodeBatchRow.name == batch))
        gone = which & (PrintedCodeRow.state == NEW)
        if not bound:
            entries = select(PrintedCodeRow.entry).where(gone)
            on_list = ListedEntryRow.list == batch, ListedEntryRow.entry.in_(entries)
            session.execute(delete(ListedEntryRow).where(*on_list))
        revoked = update(CODES).where(gone).values(state=REVOKED).returning(CODES.c.serial)
        count = len(session.execute(revoked).all())
        used = which & (PrintedCodeRow.state == USED) & ~PrintedCodeRow.doubted
        doubted = update(CODES).where(used).values(doubted=True).returning(CODES.c.serial)
        late = len(session.execute(doubted).all())
        if count or late:
            happened = CodesRevoked(batch, codes=count, official=official, used=late)
            record(session, "people", happened, now=now)
    return count


def list_revoked_entries(session: Session) -> Sequence[bytes]:
    """The entries of codes that were revoked after their use, in the order of the digests."""
    query = select(PrintedCodeRow.entry).where(PrintedCodeRow.doubted).distinct()
    return sorted(bytes(entry) for entry in session.scalars(query))


def sign_in_with_printed_code(text: str, *, now: datetime) -> SignIn:
    """Exchange a code, once, for a sign-in of its roll entry.

    Raises PrintedCodeUnknown, PrintedCodeUsed, PrintedCodeRevoked.
    """
    return _exchange(
        text,
        lambda session, entry: sign_in_with_key(session, "entry", entry, proof=BY_CODE, now=now),
        now=now,
    )


def add_printed_code(text: str, *, account: str, family: str, now: datetime) -> SignIn:
    """Exchange a code, once, for another roll key of the account that is signed in.

    Raises what ``sign_in_with_printed_code`` does, OtherKeyHeld, StrongerSignInNeeded,
    AccountGone: then the code can still be used.
    """
    return _exchange(
        text,
        lambda session, entry: add_key(
            session, account, "entry", entry, proof=BY_CODE, family=family
        ),
        now=now,
    )


def _exchange(text: str, use: Callable[[Session, bytes], SignIn], *, now: datetime) -> SignIn:
    raw = read_code(text)
    if raw is None:
        raise PrintedCodeUnknown()
    mac = printed_code_mac(installation().keys["people"].pepper, raw)
    fresh = CODES.c.mac == mac, CODES.c.state == NEW
    with transaction("people") as session:
        spent = update(CODES).where(*fresh).values(state=USED).returning(CODES.c.entry)
        entry = session.scalar(spent)
        if entry is not None:
            return use(session, bytes(entry))
        refusal = _why_not(session.scalar(select(CODES.c.state).where(CODES.c.mac == mac)))
        if refusal is PrintedCodeUnknown:
            _count_unknown(session, now=now)
    raise refusal()


def _why_not(state: str | None) -> type[Refusal]:
    if state is None:
        return PrintedCodeUnknown
    return PrintedCodeUsed if state == USED else PrintedCodeRevoked


def _count_unknown(session: Session, *, now: datetime) -> None:
    """Nobody is slowed down by it: an address may be everybody's, and a code cannot be guessed."""
    most = installation().settings.unknown_codes_per_hour
    if seconds_over(session, "unknown-code", b"", most=most, seconds=HOUR, now=now) is None:
        return
    if seconds_over(session, "unknown-alarm", b"", most=1, seconds=HOUR, now=now) is None:
        log.warning("more than %s unknown printed codes were entered within an hour", most)
        record(session, "people", UnknownCodesFlooded("codes", most=most), now=now)
