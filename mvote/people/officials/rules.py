"""Officials as the operator sees them, logins and passwords, happenings."""

import re
from dataclasses import dataclass
from typing import Final

from mvote.audit.rules import Happening
from mvote.people.identity.rules import keyed

BY_PASSWORD: Final = "password"
LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
LEAST_PASSWORD, MOST_PASSWORD = 10, 200


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """An official as the operator sees them; ``id`` is what identity tokens carry."""

    id: str
    login: str
    department: str
    duties: tuple[str, ...]


def login_mac(pepper: bytes, login: str) -> bytes:
    """Stands for a login, known or not, where tries are counted."""
    return keyed(pepper, b"login" + login.encode())


@dataclass(frozen=True, slots=True)
class SignInLocked(Happening):
    """An alarm: too many wrong passwords for the official who is the subject."""


@dataclass(frozen=True, slots=True)
class OfficialAdded(Happening):
    """The subject is the official's account."""

    department: str
    duties: tuple[str, ...]
