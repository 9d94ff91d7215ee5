"""Is the process up, and can it serve?  For those who watch over it; not part of the interface."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from shutil import disk_usage

from flask import Blueprint, Flask, Response, current_app, jsonify

from mvote.core.canonical import JSON
from mvote.core.errors import Unavailable
from mvote.db import (
    DatabaseFault,
    all_wings,
    check_revision,
    database_now,
    engine,
    newest_revision,
    reading,
)
from mvote.installation import installation
from mvote.settings import Wing
from mvote.web.guard import guarded

log = logging.getLogger("mvote.web")

health = Blueprint("health", __name__)

Check = Callable[[Wing, datetime], tuple[dict[str, JSON], Sequence[str]]]
"""What is to be seen of a wing at a time: readings by name, and sentences about what is wrong."""


STEP = 100_000_000
"""Free space is told in steps of so many bytes: every ballot takes some of it when it comes."""


class NotReady(Unavailable):
    words = {
        "ko": "아직 준비되지 않았습니다. 사용할 수 없는 저장소: {databases}",
        "en": "Not ready. These databases cannot be used: {databases}",
    }


def install_health(app: Flask, *checks: Check) -> None:
    """Serve /healthz and /readyz; ``checks`` look at what only higher parts know of."""
    app.extensions["mvote-checks"] = (check_clock, *checks)
    app.register_blueprint(health)


@health.get("/healthz")
@guarded
def show_health() -> Response:
    """The process is up and answers."""
    return _not_kept(Response("up\n", content_type="text/plain; charset=utf-8"))


@health.get("/readyz")
@guarded
def show_readiness() -> Response:
    """Whether ballots can be taken, and what an operator should look at.

    A database that is missing, away or at another revision is 503.  A silent worker, an
    other wing that cannot be reached, a wrong clock or a full disk are warnings: taking the
    server out of service would only make them worse.
    """
    faults: dict[str, str] = {}
    for wing in all_wings():
        try:
            check_revision(wing, engine(wing))
        except DatabaseFault as fault:
            faults[wing] = str(fault)
    if faults:
        log.warning("not ready: %s", "; ".join(faults.values()))
        raise NotReady(databases=", ".join(faults), retry_after=2)
    return _not_kept(jsonify(look(datetime.now(UTC))))


def look(now: datetime) -> dict[str, JSON]:
    """Readings of every wing, and warnings in English.  Raises DatabaseUnavailable.

    Every database was found to be at the newest revision before.
    """
    wings: dict[str, JSON] = {}
    warnings: list[str] = []
    for wing in all_wings():
        seen: dict[str, JSON] = {"revision": newest_revision(wing)}
        for check in current_app.extensions["mvote-checks"]:
            readings, wrong = check(wing, now)
            seen |= readings
            warnings += [f"{wing}: {sentence}" for sentence in wrong]
        wings[wing] = seen
    settings = installation().settings
    free = disk_usage(settings.home if settings.home.exists() else ".").free // STEP * STEP
    if free < settings.free_disk_bytes:
        warnings.append(f"{free} bytes are free where MVOTE_HOME lies")
    return {"ready": True, "warnings": warnings, "wings": wings, "free_disk_bytes": free}


def check_clock(wing: Wing, now: datetime) -> tuple[dict[str, JSON], Sequence[str]]:
    """This clock against the database's, which decides when a poll is over."""
    with reading(wing) as session:
        off = round((database_now(session) - now).total_seconds())
    most = installation().settings.clock_off_seconds
    wrong = [f"the database's clock is {off} seconds off this one"] if abs(off) > most else []
    return {"clock_off_seconds": off}, wrong


def _not_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
