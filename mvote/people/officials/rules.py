"""Officials as the operator sees them, logins and passwords, enrolment, happenings."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from mvote.audit.rules import Happening
from mvote.core.official import DEPARTMENT, DUTIES
from mvote.people.identity.rules import keyed
from mvote.people.officials.errors import DepartmentNotValid, LoginNotValid, PasswordNotValid

BY_PASSWORD: Final = "password"
BY_PASSKEY: Final = "passkey"
BY_COMMAND: Final = "command"
"""Stands in the log where not an official but an operator on the host did something."""
LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
LEAST_PASSWORD, MOST_PASSWORD = 10, 200
SECRET_BYTES: Final = 32
MOST_LABEL: Final = 80


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """An official as administrators see them; ``id`` is what identity tokens carry."""

    id: str
    login: str
    department: str
    duties: tuple[str, ...]
    disabled: bool = False
    passkeys: int = 0


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its official sees it: the days on which it was added and used last."""

    id: str
    label: str
    added: date
    used: date | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A link that lets its holder enrol one passkey; it is kept nowhere as it stands here."""

    link: str
    expires_at: datetime


def check_login(login: str) -> None:
    """Raises LoginNotValid."""
    if not LOGIN.fullmatch(login):
        raise LoginNotValid()


def check_department(department: str) -> None:
    """Raises DepartmentNotValid."""
    if not DEPARTMENT.fullmatch(department):
        raise DepartmentNotValid(department=department[:80])


def check_password(password: str) -> None:
    """Raises PasswordNotValid."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise PasswordNotValid(least=LEAST_PASSWORD, most=MOST_PASSWORD)


def in_order(duties: tuple[str, ...]) -> tuple[str, ...]:
    """Each duty once, in the order in which mvote lists them."""
    return tuple(duty for duty in DUTIES if duty in duties)


def login_mac(pepper: bytes, login: str) -> bytes:
    """Stands for a login, known or not, where tries are counted."""
    return keyed(pepper, b"login" + login.encode())


def enrolment_mac(pepper: bytes, secret: str) -> bytes:
    """What is kept in place of the secret in an enrolment link."""
    return keyed(pepper, b"enrolment" + secret.encode())


def link_with(url: str, secret: str) -> str:
    """The secret stands behind ``#``, which browsers send to no server."""
    return f"{url}/officials/enrol#{secret}"


@dataclass(frozen=True, slots=True)
class SignInLocked(Happening):
    """An alarm: too many wrong passwords for the official who is the subject."""


@dataclass(frozen=True, slots=True)
class PasskeyCopyFound(Happening):
    """An alarm: an authenticator counted backwards, so two hold the key of the subject.

    The passkey is out of use and every sign-in of the official has ended.
    """

    passkey: str


@dataclass(frozen=True, slots=True)
class OfficialAdded(Happening):
    """The subject is the official's account; ``by`` an administrator's, or ``command``."""

    department: str
    duties: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class OfficialChanged(Happening):
    """Department and duties as they are from now on."""

    department: str
    duties: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class OfficialDisabled(Happening):
    """The official was disabled: every sign-in has ended and none can begin."""

    by: str


@dataclass(frozen=True, slots=True)
class OfficialEnabled(Happening):
    by: str


@dataclass(frozen=True, slots=True)
class OfficialRecovered(Happening):
    """On the host: passkeys and password are void, a new enrolment link was made."""

    by: str


@dataclass(frozen=True, slots=True)
class EnrolmentLinkMade(Happening):
    by: str


@dataclass(frozen=True, slots=True)
class PasskeyAdded(Happening):
    passkey: str


@dataclass(frozen=True, slots=True)
class PasskeyRemoved(Happening):
    passkey: str


@dataclass(frozen=True, slots=True)
class SignInsEnded(Happening):
    """``by`` may be the official's own account."""

    sign_ins: int
    by: str
