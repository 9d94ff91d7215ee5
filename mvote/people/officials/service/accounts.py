"""Officials as administrators, and operators on the host, add and change them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.ids import is_id, new_id
from mvote.core.official import ADMINISTRATOR
from mvote.db import hold_gate, reading, transaction
from mvote.installation import installation
from mvote.people.identity.service.hashing import hash_password
from mvote.people.identity.service.sign_ins import end_all
from mvote.people.officials.errors import (
    LastAdministrator,
    LoginTaken,
    NoSuchOfficial,
    OwnDuties,
    PasswordsNotAllowed,
)
from mvote.people.officials.rules import (
    BY_COMMAND,
    Enrolment,
    OfficialAccount,
    OfficialAdded,
    OfficialChanged,
    OfficialDisabled,
    OfficialEnabled,
    OfficialRecovered,
    check_department,
    check_login,
    check_password,
    in_order,
)
from mvote.people.officials.service.enrolling import make_link
from mvote.people.officials.tables import EnrolmentRow, OfficialRow, PasskeyRow

GATE = "officials"
"""Held by whoever changes who may what, so that no two take each other's duty at once."""

_PASSKEYS: ColumnElement[int] = (
    select(func.count())
    .where(PasskeyRow.official == OfficialRow.id)
    .correlate(OfficialRow)
    .scalar_subquery()
)


def add_official(
    login: str,
    *,
    department: str,
    duties: tuple[str, ...],
    password: str,
    by: str = BY_COMMAND,
    now: datetime,
) -> OfficialAccount:
    """Add an official who signs in by password, and may enrol no passkey before that.

    Raises LoginNotValid, LoginTaken, DepartmentNotValid, PasswordNotValid, PasswordsNotAllowed.
    """
    if installation().settings.official_passwords != "yes":
        raise PasswordsNotAllowed()
    check_password(password)
    row = _new_row(login, department, duties, hash_password(password))
    with _once(login), transaction("people") as session:
        return _add(session, row, by=by, now=now)


def invite_official(
    login: str, *, department: str, duties: tuple[str, ...], by: str = BY_COMMAND, now: datetime
) -> tuple[OfficialAccount, Enrolment]:
    """Add an official who enrols a passkey by a link.

    Raises LoginNotValid, LoginTaken, DepartmentNotValid.
    """
    row = _new_row(login, department, duties, "")
    with _once(login), transaction("people") as session:
        return _add(session, row, by=by, now=now), make_link(session, row.id, by=by, now=now)


def _new_row(login: str, department: str, duties: tuple[str, ...], hashed: str) -> OfficialRow:
    check_login(login)
    check_department(department)
    kept = " ".join(in_order(duties))
    return OfficialRow(
        id=new_id(), login=login, password=hashed, department=department, duties=kept
    )


@contextmanager
def _once(login: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise LoginTaken(login=login) from None


def _add(session: Session, row: OfficialRow, *, by: str, now: datetime) -> OfficialAccount:
    session.add(row)
    session.flush()
    duties = tuple(row.duties.split())
    happened = OfficialAdded(row.id, department=row.department, duties=duties, by=by)
    record(session, "people", happened, now=now)
    return OfficialAccount(row.id, row.login, row.department, duties)


def list_officials(*, after: str = "", limit: int | None = None) -> tuple[OfficialAccount, ...]:
    """Officials by login, those behind ``after``."""
    query = select(OfficialRow, _PASSKEYS).where(OfficialRow.login > after)
    with reading("people") as session:
        rows = session.execute(query.order_by(OfficialRow.login).limit(limit))
        return tuple(_official_of(row, passkeys) for row, passkeys in rows)


def get_official(official: str) -> OfficialAccount:
    """Raises NoSuchOfficial."""
    if not is_id(official):
        raise NoSuchOfficial()
    return _get(OfficialRow.id == official)


def get_by_login(login: str) -> OfficialAccount:
    """Raises NoSuchOfficial."""
    return _get(OfficialRow.login == login)


def _get(which: ColumnElement[bool]) -> OfficialAccount:
    with reading("people") as session:
        found = session.execute(select(OfficialRow, _PASSKEYS).where(which)).one_or_none()
        if found is None:
            raise NoSuchOfficial()
        return _official_of(*found)


def change_official(
    official: str, *, department: str, duties: tuple[str, ...], by: str, now: datetime
) -> OfficialAccount:
    """Give other duties or another department, and end every sign-in: tokens carry the old ones.

    Raises NoSuchOfficial, OwnDuties, LastAdministrator, DepartmentNotValid.
    """
    check_department(department)
    kept = in_order(duties)
    with transaction("people") as session:
        row = _take(session, official, by=by)
        if ADMINISTRATOR not in kept:
            _require_another(session, row)
        row.department, row.duties = department, " ".join(kept)
        end_all(session, official)
        happened = OfficialChanged(official, department=department, duties=kept, by=by)
        record(session, "people", happened, now=now)
    return get_official(official)


def disable_official(official: str, *, by: str, now: datetime) -> OfficialAccount:
    """End every sign-in and let none begin; what the official did stays theirs.

    Raises NoSuchOfficial, OwnDuties, LastAdministrator.
    """
    with transaction("people") as session:
        row = _take(session, official, by=by)
        _require_another(session, row)
        row.disabled = True
        session.execute(delete(EnrolmentRow).where(EnrolmentRow.official == official))
        end_all(session, official)
        record(session, "people", OfficialDisabled(official, by=by), now=now)
    return get_official(official)


def enable_official(official: str, *, by: str, now: datetime) -> OfficialAccount:
    """Let a disabled official sign in again.  Raises NoSuchOfficial, OwnDuties."""
    with transaction("people") as session:
        _take(session, official, by=by).disabled = False
        record(session, "people", OfficialEnabled(official, by=by), now=now)
    return get_official(official)


def recover_official(login: str, *, now: datetime) -> Enrolment:
    """On the host, for one who can prove nothing any more: a new link, and all else is void.

    Passkeys and password that were lost may have been found by somebody, and a login at the
    staff's provider may have been bound by somebody, so they serve no more; every sign-in
    ends, and one who was disabled is enabled.  Raises NoSuchOfficial.
    """
    official = get_by_login(login).id
    with transaction("people") as session:
        row = _take(session, official, by=BY_COMMAND)
        row.disabled, row.password, row.oidc_mac = False, "", None
        session.execute(delete(PasskeyRow).where(PasskeyRow.official == official))
        end_all(session, official)
        record(session, "people", OfficialRecovered(official, by=BY_COMMAND), now=now)
        return make_link(session, official, by=BY_COMMAND, now=now)


def _take(session: Session, official: str, *, by: str) -> OfficialRow:
    """The official, whom nobody else changes meanwhile.  Raises NoSuchOfficial, OwnDuties."""
    if not is_id(official):
        raise NoSuchOfficial()
    hold_gate(session, GATE, exclusive=True)
    row = session.get(OfficialRow, official, with_for_update=True, populate_existing=True)
    if row is None:
        raise NoSuchOfficial()
    if official == by:
        raise OwnDuties()
    return row


def _require_another(session: Session, row: OfficialRow) -> None:
    """Raises LastAdministrator where there is no other one who can sign in."""
    if row.disabled or ADMINISTRATOR not in row.duties.split():
        return
    others = session.scalars(
        select(OfficialRow.duties).where(OfficialRow.id != row.id, OfficialRow.disabled.is_(False))
    )
    if not any(ADMINISTRATOR in duties.split() for duties in others):
        raise LastAdministrator()


def _official_of(row: OfficialRow, passkeys: int) -> OfficialAccount:
    duties = tuple(row.duties.split())
    return OfficialAccount(row.id, row.login, row.department, duties, row.disabled, passkeys)
