"""Officials as the operator adds and lists them."""

from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mvote.audit.service import record
from mvote.core.ids import new_id
from mvote.core.official import DEPARTMENT, DUTIES
from mvote.db import reading, transaction
from mvote.people.officials.errors import (
    DepartmentNotValid,
    LoginNotValid,
    LoginTaken,
    PasswordNotValid,
)
from mvote.people.officials.rules import (
    LEAST_PASSWORD,
    LOGIN,
    MOST_PASSWORD,
    OfficialAccount,
    OfficialAdded,
)
from mvote.people.officials.tables import OfficialRow

HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """Argon2id."""
    return HASHER.hash(password)


def add_official(
    login: str, *, department: str, duties: tuple[str, ...], password: str, now: datetime
) -> OfficialAccount:
    """Add an official.  Raises LoginNotValid, LoginTaken, DepartmentNotValid, PasswordNotValid."""
    _check_words(login, department, password)
    kept = tuple(duty for duty in DUTIES if duty in duties)
    made = OfficialAccount(new_id(), login, department, kept)
    row = OfficialRow(
        id=made.id,
        login=login,
        password=hash_password(password),
        department=department,
        duties=" ".join(kept),
    )
    try:
        with transaction("people") as session:
            session.add(row)
            happened = OfficialAdded(made.id, department=department, duties=kept)
            record(session, "people", happened, now=now)
    except IntegrityError:
        raise LoginTaken(login=login) from None
    return made


def _check_words(login: str, department: str, password: str) -> None:
    if not LOGIN.fullmatch(login):
        raise LoginNotValid()
    if not DEPARTMENT.fullmatch(department):
        raise DepartmentNotValid(department=department[:80])
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise PasswordNotValid(least=LEAST_PASSWORD, most=MOST_PASSWORD)


def list_officials() -> tuple[OfficialAccount, ...]:
    """All officials by login."""
    with reading("people") as session:
        rows = session.scalars(select(OfficialRow).order_by(OfficialRow.login))
        return tuple(official_of(row) for row in rows)


def official_of(row: OfficialRow) -> OfficialAccount:
    return OfficialAccount(row.id, row.login, row.department, tuple(row.duties.split()))
