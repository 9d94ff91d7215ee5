"""A poll that is open and the means to cast ballots in it: over HTTP, and from other processes."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from mvote.core.secrecy.levels import takes_blind
from mvote.db import engine
from mvote.installation import installation
from mvote.settings import Settings
from mvote.votes.polls import service as polls
from tests.forks import Fork, forks
from tests.makers import make_ballot
from tests.votes import carrying
from tests.votes.ballots.caster import cast_ballots

Answer = tuple[int, dict[str, Any]]
RUN_SECONDS = 240


@dataclass(frozen=True)
class Booth:
    """One open poll of an app."""

    app: Flask
    poll: str

    @classmethod
    def open(cls, app: Flask, **changes: Any) -> "Booth":
        with app.app_context():
            poll = carrying.freeze(**changes)
            carrying.open_poll(poll)
        return cls(app, poll)

    @property
    def path(self) -> str:
        return f"/api/v1/polls/{self.poll}/ballots"

    def ballot(self, voter: str = "somebody", **given: Any) -> dict[str, Any]:
        with self.app.app_context():
            definition = polls.definition_of(self.poll)
            if takes_blind(definition.level):
                answers = given.pop("answers", {"q1": ["yes"]})
                return carrying.secret_ballot(self.poll, answers, voter=voter, **given)
            issuer = installation().keys["people"]["issuer"].private
        return make_ballot(
            self.poll, definition.hash, issuer, voter=voter, level=definition.level, **given
        )

    def cast(self, ballot: Any, **given: Any) -> TestResponse:
        """Send a ballot, as JSON or as the bytes given."""
        raw = ballot if isinstance(ballot, bytes) else json.dumps(ballot).encode()
        return self.app.test_client(use_cookies=False).post(
            self.path, data=raw, content_type="application/json", **given
        )

    def cast_at_once(self, ballots: Sequence[Any]) -> list[Answer]:
        """Each from a thread of its own."""
        with ThreadPoolExecutor(len(ballots)) as pool:
            answers = list(pool.map(self.cast, ballots))
        return [(answer.status_code, answer.get_json()) for answer in answers]

    def count(self, table: str) -> int:
        with self.app.app_context(), engine("votes").connect() as connection:
            query = text(f"SELECT count(*) FROM {table} WHERE poll = :poll")
            return int(connection.execute(query, {"poll": self.poll}).scalar_one())

    def stored(self) -> int:
        """Ballots in the inbox and on the board."""
        with self.app.app_context(), engine("votes").connect() as connection:
            query = "SELECT count(*) FROM board_entries WHERE poll = :poll AND kind = 'ballot'"
            moved = connection.execute(text(query), {"poll": self.poll}).scalar_one()
        return self.count("ballot_inbox") + int(moved)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Nobody else can write ballots meanwhile."""
        with self.app.app_context():
            connection = engine("votes").raw_connection()
        cursor = connection.cursor()
        try:
            if engine_name(self.app) == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            else:
                cursor.execute("LOCK TABLE ballot_inbox IN SHARE MODE")
            yield
        finally:
            connection.rollback()
            cursor.close()
            connection.close()


def engine_name(app: Flask) -> str:
    with app.app_context():
        return engine("votes").dialect.name


class Caster:
    """A process with an app of its own on the same database; ``caster`` says what work is."""

    def __init__(
        self, settings: Settings, work: dict[str, Any], together: Barrier | None = None
    ) -> None:
        self._told = Path(tempfile.mkdtemp(dir=settings.home), "told")
        self._together = together or forks().Barrier(1)  # it lives as long as somebody holds it
        self._fork = Fork(cast_ballots, settings, work, self._together, self._told)

    def is_running(self) -> bool:
        return self._fork.is_running()

    def wait(self) -> int | None:
        """Its exit code."""
        return self._fork.wait(RUN_SECONDS)

    def answers(self) -> list[list[Answer]]:
        """For every ballot one answer for each time it was sent."""
        assert self.wait() == 0
        read: list[list[Answer]] = json.loads(self._told.read_text())
        return read


def cast_in_processes(settings: Settings, work: Sequence[dict[str, Any]]) -> list[Caster]:
    """Processes that begin to cast at the same moment."""
    together = forks().Barrier(len(work), timeout=RUN_SECONDS)
    return [Caster(settings, part, together) for part in work]
