"""What a scope comes to on this side, and what an act that was taken says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.scope import Scope

OPENING, OPEN, CLOSED = "opening", "open", "closed"
STATES: Final = (OPENING, OPEN, CLOSED)


@dataclass(frozen=True, slots=True)
class KnownScope:
    """``issuer`` are the keys that sign its permits, the newest last; none while it is opening.

    There is more than one only where a copy was put back that had forgotten the first.
    """

    scope: Scope
    state: str
    issuer: tuple[Mapping[str, JSON], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """An act that counts.  ``holder`` is one citizen's pseudonym in this scope, 64 hex digits.

    Where the same act was taken before, ``new`` is False.
    """

    holder: str
    seq: int
    body: Mapping[str, JSON]
    new: bool


@dataclass(frozen=True, slots=True)
class ScopeOpened(Happening):
    kind: str
    sh: str


@dataclass(frozen=True, slots=True)
class ScopeIssuerKept(Happening):
    """From here on acts are taken."""

    kid: str


@dataclass(frozen=True, slots=True)
class ScopeClosed(Happening):
    """``holders`` is how many acted in it at all."""

    holders: int
