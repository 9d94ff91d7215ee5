"""A server in a process of its own that is killed by SIGKILL at a named moment, and started again.

The moments are laid around mvote's own code by the process that runs it; mvote knows none of
them.  A moment is armed by a file, so that the server, once started again, lives through it.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request
from sqlalchemy import event
from werkzeug.serving import make_server

from mvote.app import create_app
from mvote.core.secrecy.blind_signing import BlindSigner
from mvote.db import engine
from mvote.settings import Settings, Wing
from mvote.votes.ballots.service import batches, closing
from mvote.votes.results import jobs as results_jobs
from mvote.worker import Worker
from tests.forks import forks
from tests.operations.test_serve import await_that
from tests.servers import free_port

ARMED: Final = "armed"
DEATH_SECONDS: Final = 300
REQUESTS: Final = {
    "permit": ("POST", "/permits"),
    "ballot": ("POST", "/ballots"),
    "checkpoint": ("GET", "/board/checkpoint"),
    "leaves": ("GET", "/board/leaves"),
}
COMMITS: Final[dict[str, tuple[Wing, str, str]]] = {
    "permit written": ("people", "INSERT INTO issued ", ""),
    "ballot written": ("votes", "INSERT INTO ballot_inbox", ""),
    "batch written": ("votes", "FROM ballot_inbox WHERE poll = ", ""),
    "issued list written": ("people", "INSERT INTO exchange_outbox", "issued-list"),
    "last entry written": ("votes", "INSERT INTO board_entries", "'close'"),
    "result written": ("votes", "INSERT INTO results", ""),
}
"""By moment: the wing, a part of the statement and of its values; the commit has not come."""


class _Reaper:
    """Kills this process at the moment that is armed."""

    def __init__(self, armed: Path) -> None:
        self._armed = armed

    def come(self, moment: str) -> None:
        if self._armed.exists() and self._armed.read_text() == moment:
            self._armed.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    def lay(self, app: Flask) -> None:
        """Around requests, commits, and what follows a commit."""
        app.before_request(lambda: self.come(f"{_asked()} arrived"))
        app.after_request(self._answer)
        for moment, (wing, statement, values) in COMMITS.items():
            with app.app_context():
                self._before_commit(wing, moment, statement, values)
        self._before(BlindSigner, "sign", "permit committed")
        self._before(batches, "publish_newest", "batch committed")
        self._before(closing, "publish_newest", "last entry committed")
        self._before(results_jobs, "get_bundle", "result committed")

    def _answer(self, answer: Response) -> Response:
        self.come(f"{_asked()} answered")
        return answer

    def _before(self, place: Any, name: str, moment: str) -> None:
        original: Callable[..., Any] = getattr(place, name)

        def instead(*given: Any, **named: Any) -> Any:
            self.come(moment)
            return original(*given, **named)

        setattr(place, name, instead)

    def _before_commit(self, wing: Wing, moment: str, part: str, values: str) -> None:
        def notice(
            connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, _many: bool
        ) -> None:
            if part in statement and values in repr(given) and "DELETE" not in statement:
                connection.info[moment] = True

        def commit(connection: Any) -> None:
            if connection.info.pop(moment, False):
                self.come(moment)

        made = engine(wing)
        event.listen(made, "after_cursor_execute", notice)
        event.listen(made, "commit", commit)
        event.listen(made, "rollback", lambda connection: connection.info.pop(moment, None))


def _asked() -> str:
    for name, (method, path) in REQUESTS.items():
        if request.method == method and path in request.path:
            return name
    return "something else"


def _run(settings: Settings, port: int) -> None:
    """Both wings and the worker, until killed."""
    logging.disable()
    app = create_app("both", settings)
    _Reaper(settings.home / ARMED).lay(app)
    threading.Thread(target=Worker(app).run, daemon=True).start()
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


class MortalServer:
    """Both wings and the worker in one process.  ``lives`` counts how often it was started."""

    def __init__(self, settings: Settings) -> None:
        self._armed = settings.home / ARMED
        self._settings, self._port = settings, free_port()
        self._processes = forks()
        self.url = f"http://127.0.0.1:{self._port}"
        self.lives = 0
        self.start()

    def start(self) -> None:
        """Come (back) to life at the same address; it answers when this returns, or has died."""
        self._process = self._processes.Process(target=_run, args=(self._settings, self._port))
        self._process.start()
        self.lives += 1
        await_that(lambda: self._answers() or not self._process.is_alive())

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port)):
            return True
        return False

    def arm(self, moment: str) -> None:
        self._armed.write_text(moment)

    def await_death(self) -> None:
        """Wait until it was killed at the moment that is armed."""
        self._process.join(DEATH_SECONDS)
        assert not self._armed.exists(), f"{self._armed.read_text()} did not come"
        assert self._process.exitcode == -signal.SIGKILL

    def end(self) -> None:
        self._process.kill()
        self._process.join()
