"""Two machines, each with one wing: its own home, database, keys, and the other's address."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from mvote.app import create_app
from mvote.db import engines
from mvote.keys import open_keys
from mvote.settings import Settings, Wing
from tests.databases import DatabaseUrls
from tests.servers import Serve, Server, free_port

OTHER: dict[Wing, Wing] = {"people": "votes", "votes": "people"}


@dataclass
class Hosts:
    """Two machines: each has a home of its own and knows the other's address and public keys."""

    people: Settings
    votes: Settings
    ports: dict[Wing, int]

    def of(self, wing: Wing) -> Settings:
        return self.people if wing == "people" else self.votes

    def start(self, serve: Serve, wing: Wing) -> Server:
        return serve(self.of(wing), "--side", wing, port=self.ports[wing])

    @contextmanager
    def inside(self, wing: Wing) -> Iterator[Flask]:
        """What the operator of one side does at its machine."""
        app = create_app(wing, self.of(wing))
        with app.app_context():
            yield app
            for made in engines.engines.values():
                made.dispose()


def make_hosts(database_urls: DatabaseUrls, folder: Path) -> Hosts:
    """Both with their keys made and the other's public keys in their home."""
    ports: dict[Wing, int] = {"people": free_port(), "votes": free_port()}
    made = {}
    for wing, other in OTHER.items():
        home = folder / f"{wing}-host"
        home.mkdir()
        made[wing] = replace(
            Settings(home=home, worker_seconds=0.25, sms_gateway=f"file:{home / 'sms.jsonl'}"),
            exchange_pause_seconds=1,
            official_passwords="yes",
            public_url=f"http://127.0.0.1:{ports['votes']}",
            people_public_url=f"http://127.0.0.1:{ports['people']}",
            **{
                f"{wing}_database_url": getattr(database_urls, wing),
                f"{other}_public_keys": home / f"{other}.json",
                f"{other}_url": f"http://127.0.0.1:{ports[other]}",
            },
        )
    for wing, other in OTHER.items():
        open_keys(made[wing], wing)
        shutil.copy(made[wing].keys(wing) / "public.json", made[other].public_keys(wing))
    return Hosts(made["people"], made["votes"], ports)
