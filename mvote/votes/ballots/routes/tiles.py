"""A board as the static files of C2SP tlog-tiles, so that existing tools read it.

The prefix is the poll's public address, which is the origin of its checkpoints too.
"""

import re

from flask import Blueprint, Response

from mvote.votes.ballots import service
from mvote.votes.ballots.errors import TileNotThere
from mvote.votes.ballots.routes.boards import checkpoint_response
from mvote.web.caching import conditional
from mvote.web.guard import guarded
from mvote.web.problems import refuses

IMMUTABLE_SECONDS = 365 * 86400
TILE_TYPE = "application/octet-stream"
_NUMBER = re.compile(r"((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_LEVEL = re.compile(r"0|[1-9][0-9]?")
HIGHEST_LEVEL = 63
FULL = 256

tiles = Blueprint("tiles", __name__, url_prefix="/polls")


@tiles.get("/<string:poll_id>/checkpoint")
@guarded
def get_tlog_checkpoint(poll_id: str) -> Response:
    """The newest checkpoint."""
    return checkpoint_response(poll_id)


@tiles.get("/<string:poll_id>/tile/entries/<path:place>")
@guarded
@refuses(TileNotThere)
def get_tlog_entries(poll_id: str, place: str) -> Response:
    """Up to 256 entries, each behind its length in two bytes; after the close."""
    number, width = _read_place(place)
    return _static(service.get_entries(poll_id, number=number, width=width))


@tiles.get("/<string:poll_id>/tile/<string:level>/<path:place>")
@guarded
@refuses(TileNotThere)
def get_tlog_tile(poll_id: str, level: str, place: str) -> Response:
    """Up to 256 hashes of one level of the tree."""
    number, width = _read_place(place)
    if not _LEVEL.fullmatch(level) or int(level) > HIGHEST_LEVEL:
        raise TileNotThere()
    return _static(service.get_tile(poll_id, level=int(level), number=number, width=width))


def _read_place(place: str) -> tuple[int, int]:
    """The number and the width that a path names: ``x001/x234/067.p/8`` is 1234067 and 8.

    Raises TileNotThere, also where a number is not spelled in its one way.
    """
    found = _NUMBER.fullmatch(place)
    if found is None:
        raise TileNotThere()
    before, last, width = found.groups()
    groups = [*(group[1:] for group in before.split("/") if group), last]
    if (len(groups) > 1 and groups[0] == "000") or len(groups) > 6:
        raise TileNotThere()
    wide = FULL if width is None else int(width)
    if wide > FULL or (width is not None and wide == FULL):
        raise TileNotThere()
    return int("".join(groups)), wide


def _static(content: bytes) -> Response:
    response = conditional(content, content_type=TILE_TYPE)
    response.headers["Cache-Control"] = f"public, max-age={IMMUTABLE_SECONDS}, immutable"
    return response
