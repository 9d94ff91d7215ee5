"""Signing in by password, and proving it again."""

from datetime import datetime

from sqlalchemy import select

from mvote.audit.service import record
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.errors import AccountGone
from mvote.people.identity.rules import SignIn
from mvote.people.identity.service.hashing import hash_of_no_password, is_password
from mvote.people.identity.service.limits import forget, forget_older, seconds_over
from mvote.people.officials.errors import (
    PasswordsNotAllowed,
    SignInRefused,
    TooManySignIns,
)
from mvote.people.officials.rules import BY_PASSWORD, SignInLocked, login_mac
from mvote.people.officials.service.signing_in import proved_again, sign_in_as
from mvote.people.officials.tables import OfficialRow

QUARTER = 900
LIMIT = "sign-in"

# Checked for a login that nobody has, so that the answer takes as long.
_NOBODY = hash_of_no_password()


def sign_in_official(login: str, *, password: str, now: datetime) -> SignIn:
    """Sign in by password; a login that nobody has is answered alike.

    Raises SignInRefused, TooManySignIns, PasswordsNotAllowed, AccountDisabled.
    """
    _require_allowed()
    official = _check_password(login, password, now=now)
    with transaction("people") as session:
        return sign_in_as(session, official, proof=BY_PASSWORD, now=now)


def confirm_password(account: str, *, family: str, password: str, now: datetime) -> SignIn:
    """Prove again, within a sign-in, who is calling.

    Raises SignInRefused, TooManySignIns, PasswordsNotAllowed, AccountGone, AccountDisabled.
    """
    _require_allowed()
    with reading("people") as session:
        row = session.get(OfficialRow, account)
        login = row.login if row else None
    if login is None:
        raise AccountGone()
    official = _check_password(login, password, now=now)
    with transaction("people") as session:
        return proved_again(session, official, family=family, proof=BY_PASSWORD)


def _require_allowed() -> None:
    if installation().settings.official_passwords != "yes":
        raise PasswordsNotAllowed()


def _check_password(login: str, password: str, *, now: datetime) -> str:
    """Whose it is.  Every try is counted before a password is looked at; a right one begins anew.

    An official without a password is answered as a login that nobody has.
    """
    key = login_mac(installation().keys["people"].pepper, login)
    row = _count_try(login, key, now=now)
    right = is_password((row.password if row else "") or _NOBODY, password)
    if not right or row is None:
        raise SignInRefused()
    with transaction("people") as session:
        forget(session, LIMIT, key)
    return row.id


def forget_tries(*, now: datetime) -> int:
    """Anybody may try any login, and each is counted: no longer than it matters.  How many went."""
    return forget_older(LIMIT, seconds=QUARTER, now=now)


def _count_try(login: str, key: bytes, *, now: datetime) -> OfficialRow | None:
    most = installation().settings.sign_in_tries
    with transaction("people") as session:
        row = session.scalar(select(OfficialRow).where(OfficialRow.login == login))
        wait = seconds_over(session, LIMIT, key, most=most, seconds=QUARTER, now=now)
        if wait is not None and row is not None:
            alarm = seconds_over(session, "locked", key, most=1, seconds=QUARTER, now=now)
            if alarm is None:
                record(session, "people", SignInLocked(row.id), now=now)
    if wait is not None:
        raise TooManySignIns(retry_after=wait)
    return row
