"""Who may read of a poll: everyone, but of a private one whoever was let into its room.

A room pass names no account and is checked with the people wing's public key, so nobody's
identity reaches the votes wing.  An official of the poll's department needs none.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol, cast

import marshmallow as ma
from flask import Flask, Response, current_app, g, request

from mvote.core.room_pass import HEADER, RoomPassNeeded, RoomPassNotValid, read_passes
from mvote.installation import installation
from mvote.keys import all_of
from mvote.web.access import TOKEN_REFUSALS, Access, Caller, official

MOST_HEADER = 1000
"""Characters of the header with room passes."""


class RoomPassIn(ma.Schema):
    """The header with which a citizen shows that they were let into private rooms."""

    room_pass = ma.fields.String(
        data_key=HEADER,
        load_default="",
        validate=ma.validate.Length(max=MOST_HEADER),
        metadata={"description": "Room passes, parted by commas."},
    )


class PrivatePoll(Protocol):
    @property
    def department(self) -> str: ...

    def is_open_to(self, rooms: frozenset[str]) -> bool: ...


FindPrivate = Callable[[str], PrivatePoll | None]


def install_readers(app: Flask, find_private: FindPrivate) -> None:
    """``find_private`` gives a poll that is private, and None for all others and unknown ones."""
    app.extensions["mvote-private"] = find_private
    app.after_request(_keep_private)


def require_reader(poll_id: str) -> Caller | None:
    """The official who reads, if it is one.  Raises RoomPassNeeded, RoomPassNotValid, Token…"""
    find_private = cast(FindPrivate, current_app.extensions["mvote-private"])
    poll = find_private(poll_id)
    if poll is None:
        return None
    g.private_poll = True
    issuers = all_of(installation().public["people"], "issuer")
    header = request.headers.get(HEADER, "")
    if poll.is_open_to(read_passes(header, issuers=issuers, now=datetime.now(UTC))):
        return None
    if "Authorization" in request.headers:
        calling = official().check()
        if calling is not None and calling.department == poll.department:
            return calling
    raise RoomPassNeeded()


def _keep_private(response: Response) -> Response:
    """What somebody in the room was shown is kept by nobody on the way."""
    if g.get("private_poll"):
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.update([HEADER, "Authorization"])
    return response


reader = Access(
    "everyone",
    lambda: require_reader(str((request.view_args or {}).get("poll_id", ""))),
    refusals=(RoomPassNeeded, RoomPassNotValid, *TOKEN_REFUSALS),
)
"""Everyone, but in a private poll only whoever shows a pass."""
