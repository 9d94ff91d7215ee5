"""Signing in by passkey, proving it again, and the passkeys that an official keeps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.ids import is_id, new_id
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.rules import SignIn
from mvote.people.identity.service.sign_ins import end_all
from mvote.people.officials.errors import (
    NoSuchPasskey,
    PasskeyCopied,
    PasskeyKnown,
    PasskeyRefused,
    TooManyPasskeys,
)
from mvote.people.officials.rules import (
    BY_PASSKEY,
    Passkey,
    PasskeyAdded,
    PasskeyCopyFound,
    PasskeyRemoved,
)
from mvote.people.officials.service.ceremonies import (
    Purpose,
    Registered,
    authentication_options,
    check_authentication,
    check_registration,
    credential_of,
    registration_options,
    spend,
)
from mvote.people.officials.service.signing_in import get_active, proved_again, sign_in_as
from mvote.people.officials.tables import PasskeyRow

ANYBODY = ""


def begin_sign_in(*, now: datetime) -> dict[str, Any]:
    """What the browser is to ask any passkey for: nothing says who is signing in."""
    return authentication_options(ANYBODY, purpose="sign-in", now=now)


def sign_in_with_passkey(answer: Mapping[str, Any], *, now: datetime) -> SignIn:
    """Raises PasskeyRefused, PasskeyCopied, AccountDisabled."""
    with transaction("people") as session:
        used = _use(session, answer, ANYBODY, purpose="sign-in", now=now)
        if used is not None:
            return sign_in_as(session, used.official, proof=BY_PASSKEY, device=used.label, now=now)
    raise PasskeyCopied()


def begin_confirming(official: str, *, now: datetime) -> dict[str, Any]:
    """What the browser is to ask one of the official's own passkeys for."""
    with reading("people") as session:
        known = known_credentials(session, official)
    return authentication_options(official, purpose="fresh", known=known, now=now)


def confirm_with_passkey(
    official: str, *, family: str, answer: Mapping[str, Any], now: datetime
) -> SignIn:
    """Prove again, within a sign-in, who is calling.

    Raises PasskeyRefused, PasskeyCopied, AccountGone, AccountDisabled.
    """
    with transaction("people") as session:
        used = _use(session, answer, official, purpose="fresh", now=now)
        if used is not None:
            return proved_again(session, official, family=family, proof=BY_PASSKEY)
    raise PasskeyCopied()


def _use(
    session: Session, answer: Mapping[str, Any], official: str, *, purpose: Purpose, now: datetime
) -> PasskeyRow | None:
    """The passkey that answers, its count moved on.

    None: it counted backwards, so it has a copy.  It is out of use then, and every sign-in of
    its official has ended, for nobody can tell which of the two is the thief's.
    """
    row = session.scalar(
        select(PasskeyRow).where(PasskeyRow.credential == credential_of(answer)).with_for_update()
    )
    if row is None or official not in (ANYBODY, row.official):
        raise PasskeyRefused()
    count, challenge = check_authentication(
        answer, official, purpose=purpose, public_key=row.public_key, now=now
    )
    spend(session, challenge)
    if (count or row.sign_count) and count <= row.sign_count:
        session.delete(row)
        end_all(session, row.official)
        record(session, "people", PasskeyCopyFound(row.official, passkey=row.id), now=now)
        return None
    row.sign_count, row.used = count, now.date()
    return row


def list_passkeys(official: str) -> tuple[Passkey, ...]:
    """The official's own, in the order in which they were added."""
    with reading("people") as session:
        rows = session.scalars(
            select(PasskeyRow)
            .where(PasskeyRow.official == official)
            .order_by(PasskeyRow.added, PasskeyRow.id)
        )
        return tuple(Passkey(row.id, row.label, row.added, row.used) for row in rows)


def begin_adding(official: str, *, now: datetime) -> dict[str, Any]:
    """What the browser is to ask another authenticator for.  Raises AccountGone."""
    with reading("people") as session:
        row = get_active(session, official)
        known = known_credentials(session, official)
        return registration_options(official, row.login, purpose="add", known=known, now=now)


def add_passkey(official: str, *, answer: Mapping[str, Any], label: str, now: datetime) -> Passkey:
    """Raises PasskeyRefused, PasskeyKnown, TooManyPasskeys, AccountGone, AccountDisabled."""
    made, challenge = check_registration(answer, official, purpose="add", now=now)
    with transaction("people") as session:
        get_active(session, official)
        spend(session, challenge)
        return keep_passkey(session, official, made, label=label, now=now)


def remove_passkey(official: str, passkey: str, *, family: str, now: datetime) -> None:
    """Forget a passkey and end every other sign-in, for it may have begun some of them.

    Raises NoSuchPasskey.
    """
    if not is_id(passkey):
        raise NoSuchPasskey()
    mine = (PasskeyRow.id == passkey, PasskeyRow.official == official)
    with transaction("people") as session:
        gone = session.execute(delete(PasskeyRow).where(*mine).returning(PasskeyRow.id)).first()
        if gone is None:
            raise NoSuchPasskey()
        end_all(session, official, but=family)
        record(session, "people", PasskeyRemoved(official, passkey=passkey), now=now)


def known_credentials(session: Session, official: str) -> Sequence[bytes]:
    return session.scalars(
        select(PasskeyRow.credential).where(PasskeyRow.official == official)
    ).all()


def keep_passkey(
    session: Session, official: str, made: Registered, *, label: str, now: datetime
) -> Passkey:
    """In the caller's transaction, which holds the official.

    Raises PasskeyKnown, TooManyPasskeys.
    """
    most = installation().settings.passkeys_per_official
    mine = select(func.count()).where(PasskeyRow.official == official)
    if session.scalars(mine).one() >= most:
        raise TooManyPasskeys(most=most)
    row = PasskeyRow(
        id=new_id(),
        official=official,
        credential=made.credential,
        public_key=made.public_key,
        sign_count=made.sign_count,
        label=label,
        added=now.date(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise PasskeyKnown() from None
    record(session, "people", PasskeyAdded(official, passkey=row.id), now=now)
    return Passkey(row.id, label, row.added, None)
