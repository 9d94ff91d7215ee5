"""Is the process up, and can it serve?  For those who watch over it; not part of the interface."""

import logging

from flask import Blueprint, Response

from mvote.core.errors import Unavailable
from mvote.db import DatabaseFault, all_wings, check_revision, engine
from mvote.web.access import everyone, open_to

log = logging.getLogger("mvote.web")

health = Blueprint("health", __name__)


class NotReady(Unavailable):
    words = {
        "ko": "아직 준비되지 않았습니다. 사용할 수 없는 저장소: {databases}",
        "en": "Not ready. These databases cannot be used: {databases}",
    }


@health.get("/healthz")
@open_to(everyone)
def show_health() -> Response:
    """The process is up and answers."""
    return _words("up\n")


@health.get("/readyz")
@open_to(everyone)
def show_readiness() -> Response:
    """Every database is there and at this program's revision; the log says what is not."""
    faults: dict[str, str] = {}
    for wing in all_wings():
        try:
            check_revision(wing, engine(wing))
        except DatabaseFault as fault:
            faults[wing] = str(fault)
    if faults:
        log.warning("not ready: %s", "; ".join(faults.values()))
        raise NotReady(databases=", ".join(faults), retry_after=2)
    return _words("ready\n")


def _words(said: str) -> Response:
    response = Response(said, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
