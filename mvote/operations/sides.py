"""The sides of an installation of one's own: one process for both wings, or a host for each."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from mvote.client.api import Api
from mvote.keys import open_keys
from mvote.operations import database
from mvote.operations.city import City, serving
from mvote.settings import WINGS, Settings, Side, Wing, wings_of

OTHER: dict[Wing, Wing] = {"people": "votes", "votes": "people"}

PAUSE_SECONDS = 1
"""The host that starts first is soon joined by the other: it is not to wait longer."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The settings of each wing's process; the same ones twice where one process has both."""

    people: Settings
    votes: Settings

    @property
    def apart(self) -> bool:
        return self.people is not self.votes

    def all(self) -> tuple[tuple[Side, Settings], ...]:
        if self.apart:
            return ("people", self.people), ("votes", self.votes)
        return (("both", self.people),)

    def set_up(self) -> None:
        """Databases, and on two hosts the keys of each and the public ones of the other."""
        for side, settings in self.all():
            settings.home.mkdir(parents=True, exist_ok=True)
            database.upgrade(settings, wings_of(side))
        if not self.apart:
            return
        by_wing: tuple[tuple[Wing, Settings, Settings], ...] = (
            ("people", self.people, self.votes),
            ("votes", self.votes, self.people),
        )
        for wing, here, there in by_wing:
            open_keys(here, wing)
            shutil.copy(here.keys(wing) / "public.json", there.public_keys(wing))


@dataclass(frozen=True, slots=True)
class Running:
    """What answers for each wing; the same city twice where one process has both."""

    people: City
    votes: City

    def apis(self, *, connections: int) -> tuple[Api, Api]:
        """The people wing's and the votes wing's, with connections of their own if apart."""
        people = self.people.api(connections=connections)
        if self.people is self.votes:
            return people, people
        return people, self.votes.api(connections=connections)


def on_two_hosts(settings: Settings, *, ports: tuple[int, int]) -> Sides:
    """Homes of their own below the given one, and to each only what is its own.

    ``ports`` are those of the people and of the votes side.
    """
    by_wing = dict(zip(WINGS, ports, strict=True))
    made = {}
    for wing, other in OTHER.items():
        home = settings.home / f"{wing}-host"
        own: dict[str, Any] = {
            f.name: f.default for f in fields(Settings) if f.metadata["only"] == other
        }
        if wing == "votes":
            own["sms_gateway"] = Settings().sms_gateway
        own["exchange_pause_seconds"] = PAUSE_SECONDS
        own[f"{other}_url"] = f"http://127.0.0.1:{by_wing[other]}"
        own[f"{other}_public_keys"] = home / f"{other}-public.json"
        made[wing] = replace(settings, home=home, **own)
    return Sides(made["people"], made["votes"])


@contextmanager
def running(sides: Sides, *, ports: tuple[int, int], log: Path) -> Iterator[Running]:
    """A server with its worker for each side, until the block ends.  Raises CityFault."""
    with ExitStack() as stack:
        cities = [
            stack.enter_context(serving(settings, port=port, log=log, side=side))
            for (side, settings), port in zip(sides.all(), ports, strict=False)
        ]
        yield Running(cities[0], cities[-1])
