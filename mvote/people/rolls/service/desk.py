"""The ID desk: an official who sees a person's card lets the phone in the person's hand know.

The phone shows a short number and keeps a secret.  The official enters the number and the
city's own id of the person, and learns neither account nor poll; the phone trades the secret
for a sign-in of that roll entry.
"""

import re
import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Final, cast

from sqlalchemy import CursorResult, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import b64u
from mvote.core.errors import Refusal
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.errors import StrongerSignInNeeded
from mvote.people.identity.rules import BY_DESK, BY_SMS, SignIn, entry_mac
from mvote.people.identity.service.accounts import get_roll_keys, give_key, sign_in_with_key
from mvote.people.identity.service.limits import seconds_over, take_back
from mvote.people.identity.service.sign_ins import open_sign_in
from mvote.people.rolls.errors import (
    DeskNotConfirmed,
    DeskRequestTaken,
    DeskRequestUnknown,
    EntryUnknown,
    TooManyDeskConfirmations,
    TooManyDeskRequests,
    TooManyDeskTries,
)
from mvote.people.rolls.rules_codes import DESK_DIGITS, EntryConfirmedAtDesk, desk_secret_mac
from mvote.people.rolls.tables import DeskRequestRow, ListedEntryRow, RegisterRow

HOUR: Final = 3600
SECRET_BYTES: Final = 32
TRIES: Final = 5
NUMBER: Final = re.compile(rf"[0-9]{{{DESK_DIGITS}}}")
REQUESTS = cast(Table, DeskRequestRow.__table__)


def request_desk(*, now: datetime) -> tuple[str, str]:
    """The number to show at a counter, and the secret to keep.  Raises TooManyDeskRequests."""
    return _request(None, None, now=now)


def request_desk_for(account: str, *, proof: str, now: datetime) -> tuple[str, str]:
    """The same for an account, signed in to by ``proof``.

    Raises TooManyDeskRequests, StrongerSignInNeeded where the way to the counter would be in
    vain, AccountGone.
    """
    with reading("people") as session:
        keys = get_roll_keys(session, account)
    if keys.entry is None and not keys.are_shown_by(proof):
        raise StrongerSignInNeeded()
    return _request(account, proof, now=now)


def _request(account: str | None, proof: str | None, *, now: datetime) -> tuple[str, str]:
    settings, pepper = installation().settings, installation().keys["people"].pepper
    per_account = settings.desk_requests_per_account_hour
    most = settings.desk_requests_per_hour if account is None else per_account
    secret = b64u(secrets.token_bytes(SECRET_BYTES))
    with transaction("people", durable=False) as session:
        key = (account or "").encode()
        wait = seconds_over(session, "desk-request", key, most=most, seconds=HOUR, now=now)
        if wait is not None:
            raise TooManyDeskRequests(retry_after=wait)
        session.execute(delete(REQUESTS).where(REQUESTS.c.expires_at <= now))
        number = _keep(
            session,
            {
                "secret_mac": desk_secret_mac(pepper, secret),
                "account": account,
                "proof": proof,
                "expires_at": now + timedelta(seconds=settings.desk_seconds),
            },
        )
    return number, secret


def _keep(session: Session, row: dict[str, object]) -> str:
    """Under a number that no other phone shows."""
    for left in reversed(range(TRIES)):
        number = f"{secrets.randbelow(10**DESK_DIGITS):0{DESK_DIGITS}d}"
        try:
            with session.begin_nested():
                session.execute(insert(REQUESTS), {**row, "number": number})
        except IntegrityError:
            if not left:
                raise
            continue
        return number
    raise AssertionError


def confirm_at_desk(number: str, *, entry: str, official: str, now: datetime) -> None:
    """Confirm that the person with the phone is this entry of the roll.

    Wrong numbers and ids are counted for each official, so that nobody tries out who stands on
    the roll, and right ones too: without anybody at the counter an official could be the whole
    city in an hour.  Raises DeskRequestUnknown, DeskRequestTaken, EntryUnknown,
    TooManyDeskTries, TooManyDeskConfirmations.
    """
    made = installation()
    key, limit = official.encode(), partial(seconds_over, seconds=HOUR, now=now)
    most, people = made.settings.desk_tries, made.settings.desk_confirmations_per_hour
    mac = entry_mac(made.keys["people"].pepper, entry)
    with transaction("people") as session:
        if (wait := limit(session, "desk-try", key, most=most)) is not None:
            raise TooManyDeskTries(retry_after=wait)
        if (wait := limit(session, "desk-confirmed", key, most=people)) is not None:
            raise TooManyDeskConfirmations(retry_after=wait)
        refusal = _confirm(session, number, mac, now=now)
        if refusal is None:
            take_back(session, "desk-try", key)
            record(session, "people", EntryConfirmedAtDesk(official), now=now)
        else:
            take_back(session, "desk-confirmed", key)
    if refusal is not None:
        raise refusal()


def _confirm(session: Session, number: str, mac: bytes, *, now: datetime) -> type[Refusal] | None:
    """A refusal is given back, not raised: the counted try has to be committed."""
    known = NUMBER.fullmatch(number)
    row = session.get(DeskRequestRow, number, with_for_update=True) if known else None
    if row is None or row.expires_at <= now:
        return DeskRequestUnknown
    if row.entry not in (None, mac):
        return DeskRequestTaken
    if not _is_on_roll(session, mac):
        return EntryUnknown
    row.entry = mac
    row.expires_at = now + timedelta(seconds=installation().settings.desk_seconds)
    return None


def _is_on_roll(session: Session, mac: bytes) -> bool:
    registered = select(RegisterRow.entry).where(RegisterRow.entry == mac)
    listed = select(ListedEntryRow.entry).where(ListedEntryRow.entry == mac).limit(1)
    return any(session.execute(query).first() for query in (registered, listed))


def sign_in_at_desk(number: str, *, secret: str, now: datetime) -> SignIn:
    """Trade the secret, once, for a sign-in of the entry that was confirmed.

    It becomes a key of the account that asked, where one did.  Raises DeskNotConfirmed,
    DeskRequestUnknown, OtherKeyHeld, StrongerSignInNeeded, AccountGone.
    """
    if not NUMBER.fullmatch(number):
        raise DeskRequestUnknown()
    mac = desk_secret_mac(installation().keys["people"].pepper, secret)
    waiting = (
        REQUESTS.c.number == number,
        REQUESTS.c.secret_mac == mac,
        REQUESTS.c.expires_at > now,
    )
    confirmed = delete(REQUESTS).where(*waiting, REQUESTS.c.entry.is_not(None))
    with transaction("people") as session:
        row = session.execute(
            confirmed.returning(REQUESTS.c.entry, REQUESTS.c.account, REQUESTS.c.proof)
        ).one_or_none()
        if row is not None:
            return _sign_in(session, bytes(row.entry), row.account, row.proof, now=now)
    with reading("people") as session:
        known = session.execute(select(REQUESTS.c.number).where(*waiting)).first()
    raise DeskNotConfirmed() if known else DeskRequestUnknown()


def _sign_in(
    session: Session, entry: bytes, account: str | None, by: str | None, *, now: datetime
) -> SignIn:
    if account is None:
        return sign_in_with_key(session, "entry", entry, proof=BY_DESK, now=now)
    give_key(session, account, "entry", entry, proof=BY_DESK, by=by or BY_SMS)
    return open_sign_in(session, account, kind="citizen", proof=BY_DESK, now=now)


def forget_requests(*, now: datetime) -> int:
    """Drop requests whose time is over.  Returns how many."""
    old = REQUESTS.c.expires_at <= now
    with reading("people") as session:
        if session.execute(select(REQUESTS.c.number).where(old).limit(1)).first() is None:
            return 0
    with transaction("people") as session:
        gone = session.execute(delete(REQUESTS).where(old))
        return cast("CursorResult[object]", gone).rowcount
