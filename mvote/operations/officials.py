"""What an operator adds to an installation of one's own: departments, officials, a register."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from mvote.client.api import Api
from mvote.client.official import OfficialClient
from mvote.core.ids import new_id
from mvote.core.text import Words
from mvote.db import engines
from mvote.headless import create_headless_app
from mvote.people.officials.service import accounts as officials
from mvote.people.rolls.service import registers
from mvote.settings import Settings, Side
from mvote.votes.polls import service as polls

SHORT = 6
PASSWORD_BYTES = 15
COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Desk:
    """An official's login and generated password."""

    login: str
    password: str
    department: str

    def sign_in(self, people: Api, votes: Api) -> OfficialClient:
        """At both wings, which may be behind one address."""
        official = OfficialClient(people, votes, login=self.login, password=self.password)
        official.sign_in()
        return official


@contextmanager
def as_operator(settings: Settings, side: Side = "both") -> Iterator[None]:
    """In an app of this process, as the commands of ``mvote`` work; no connection outlives it."""
    with create_headless_app(side, settings).app_context():
        try:
            yield
        finally:
            for engine in engines.engines.values():
                engine.dispose()


def unused(name: str) -> str:
    """A name that nothing in a database used before has."""
    return f"{name}-{new_id()[:SHORT]}"


def add_departments(departments: Mapping[str, Words]) -> None:
    """Those that are not there yet."""
    known = {department.code for department in polls.list_departments()}
    for code, name in departments.items():
        if code not in known:
            polls.add_department(code, name=name, by=COMMAND, now=datetime.now(UTC))


def add_official(login: str, *duties: str, department: str) -> Desk:
    """With a password made for it."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    officials.add_official(
        login, department=department, duties=duties, password=password, now=datetime.now(UTC)
    )
    return Desk(login, password, department)


def add_register(lines: Iterable[str]) -> None:
    """Raises FileRefused."""
    registers.import_register(lines, replace=False, now=datetime.now(UTC))
