"""Read a board: how many voted, its entries by their hashes, and the proofs for them.

No address here takes a whole leaf: a phone that looks for its own asks for many.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import Response

from mvote.core.canonical import b64u, canonical_bytes
from mvote.core.phases import PollUnknown
from mvote.votes.ballots import service
from mvote.votes.ballots.errors import (
    BoardBehindCheckpoint,
    BoardNotReady,
    PrefixMalformed,
    PrefixTooLong,
    PrefixTooShort,
    TreeSizeUnknown,
)
from mvote.votes.ballots.rules import Line
from mvote.votes.ballots.schemas import (
    BoardOut,
    ConsistencyOut,
    LeavesOut,
    SizesIn,
    TurnoutOut,
)
from mvote.web.caching import conditional
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of
from mvote.web.problems import refuses

POSITION_DIGITS = 15
CHECKPOINT_SECONDS = 2
KEPT_ANSWERS = 16
CHECKPOINT_TYPE = "text/plain; charset=utf-8"
CHECKPOINT_SCHEMA = {"type": "string", "description": "C2SP tlog-checkpoint, signed by the board"}

routes = Routes("boards", __name__, url_prefix="/api/v1", description="Boards")


@routes.get("/polls/<string:poll_id>/turnout")
@guarded
@refuses(PollUnknown)
@routes.response(200, TurnoutOut)
def get_turnout(poll_id: str) -> Any:
    """How many voted, in steps.

    Counts the batches on the board, so it does not tell when one person voted; the exact
    number comes with the result.
    """
    return service.turnout(poll_id)


@routes.get("/polls/<string:poll_id>/board")
@guarded
@refuses(PollUnknown, CursorNotValid, BoardBehindCheckpoint)
@routes.arguments(CursorIn, location="query")
@routes.response(200, BoardOut)
def list_board(asked: dict[str, Any], poll_id: str) -> dict[str, Any]:
    """The entries of a poll's board, by their hashes."""

    def listing(*, after: str, limit: int) -> Sequence[Line]:
        return service.list_board(poll_id, after=_position(after), limit=limit)

    page = page_of(listing, lambda line: str(line.position), asked)
    items = [{"position": e.position, "kind": e.kind, "leaf": b64u(e.leaf)} for e in page["items"]]
    return {"items": items, "next": page["next"]}


@routes.get("/polls/<string:poll_id>/board/checkpoint")
@guarded
@refuses(PollUnknown, BoardNotReady, BoardBehindCheckpoint)
@routes.response(200, CHECKPOINT_SCHEMA, content_type="text/plain")
def get_checkpoint(poll_id: str) -> Response:
    """The newest signed checkpoint of a board."""
    return checkpoint_response(poll_id)


@routes.get("/polls/<string:poll_id>/board/leaves")
@guarded
@refuses(PollUnknown, BoardNotReady, BoardBehindCheckpoint, PrefixTooLong, PrefixTooShort)
@routes.response(200, LeavesOut)
def get_all_leaves(poll_id: str) -> Response:
    """All leaves of a small board with their proofs; a larger one is asked by a prefix."""
    return _leaves(poll_id, "")


@routes.get("/polls/<string:poll_id>/board/leaves/<string:prefix>")
@guarded
@refuses(PollUnknown, BoardNotReady, BoardBehindCheckpoint)
@refuses(PrefixMalformed, PrefixTooLong, PrefixTooShort)
@routes.response(200, LeavesOut)
def get_leaves(poll_id: str, prefix: str) -> Response:
    """Leaves that begin like a prefix, with proofs for the newest checkpoint.

    Among them a phone finds its own and tells nobody which one it is.  Send as many
    hexadecimal digits of it as keep 256 leaves (a setting) together: the largest d with
    size / 16^d >= 256; with 0 digits ask without a prefix.  Where fewer than 256 begin so, the
    server takes the last bits of the prefix away until there are enough.
    """
    return _leaves(poll_id, prefix)


@routes.get("/polls/<string:poll_id>/board/consistency")
@guarded
@refuses(PollUnknown, BoardNotReady, BoardBehindCheckpoint, TreeSizeUnknown)
@routes.arguments(SizesIn, location="query")
@routes.response(200, ConsistencyOut)
def get_consistency(asked: dict[str, Any], poll_id: str) -> dict[str, Any]:
    """Proof that a later board only extends an earlier one (RFC 9162 section 2.1.4)."""
    first, second = asked["first"], asked["second"]
    proof = service.prove_consistency(poll_id, first=first, second=second)
    return {"first": first, "second": second, "proof": [b64u(one) for one in proof]}


def checkpoint_response(poll_id: str) -> Response:
    """A checkpoint with the headers that C2SP tlog-tiles asks for."""
    content = service.get_checkpoint(poll_id).encode()
    return conditional(content, content_type=CHECKPOINT_TYPE, max_age=CHECKPOINT_SECONDS)


def _leaves(poll_id: str, prefix: str) -> Response:
    checkpoint = service.list_leaves(poll_id, prefix=prefix).tree.checkpoint
    content = _spell_leaves(poll_id, prefix, checkpoint)
    return conditional(content, content_type="application/json", max_age=CHECKPOINT_SECONDS)


@lru_cache(maxsize=KEPT_ANSWERS)
def _spell_leaves(poll_id: str, prefix: str, _checkpoint: str) -> bytes:
    """Spelled once for each checkpoint: it is megabytes, and anyone may ask again and again."""
    found = service.list_leaves(poll_id, prefix=prefix)
    told = {
        "size": found.tree.size,
        "checkpoint": found.tree.checkpoint,
        "prefix": prefix,
        "leaves": [
            {
                "position": one.position,
                "leaf": b64u(one.leaf),
                "proof": [b64u(node) for node in one.proof],
            }
            for one in found.places
        ],
    }
    return canonical_bytes(told)


def _position(after: str) -> int:
    """The position that a cursor names; an empty one stands before the first entry."""
    if not after:
        return -1
    if not after.isdecimal() or len(after) > POSITION_DIGITS:
        raise CursorNotValid()
    return int(after)
