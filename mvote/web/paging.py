"""Lists by cursor: ``?after=&limit=`` in, ``items`` and ``next`` out."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import marshmallow as ma

from mvote.core.issuing import CODE
from mvote.core.times import iso, parse_iso
from mvote.installation import installation
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Body

Item = TypeVar("Item")

CURSOR_CHARACTERS = 80


class CursorIn(Body):
    """Where to go on, and how many items to give at most."""

    after = ma.fields.String(
        load_default="",
        validate=[
            ma.validate.Length(max=CURSOR_CHARACTERS),
            ma.validate.Regexp(r"^[0-9A-Za-z:._-]*\Z"),
        ],
    )
    limit = ma.fields.Integer(load_default=20, strict=False, validate=ma.validate.Range(1, 1000))


def spell_place(at: datetime, name: str) -> str:
    """The cursor of a list that is ordered by time and id."""
    return f"{iso(at)}.{name}"


def read_place(after: str) -> tuple[datetime, str] | None:
    """Where such a list goes on; None at its beginning.  Raises CursorNotValid."""
    if not after:
        return None
    at, _, name = after.partition(".")
    if not CODE.fullmatch(name):  # a NUL, for one, is more than PostgreSQL takes
        raise CursorNotValid()
    try:
        return parse_iso(at), name
    except ValueError:
        raise CursorNotValid() from None


def page_of(
    listing: Callable[..., Sequence[Item]], cursor: Callable[[Item], str], asked: dict[str, Any]
) -> dict[str, Any]:
    """Call ``listing`` for one item more than shown, to know whether there is a next page."""
    limit = min(asked["limit"], installation().settings.page_items)
    found = list(listing(after=asked["after"], limit=limit + 1))
    more = len(found) > limit
    items = found[:limit]
    return {"items": items, "next": cursor(items[-1]) if more and items else None}
