"""Acts of officials on the wire: reasons, requests that wait for a second official, outages."""

from typing import Any

import marshmallow as ma

from mvote.installation import installation
from mvote.votes.polls.rules import ACTS_OF_TWO
from mvote.votes.polls.schemas.definition import one_of
from mvote.web.fields import Body, Id, Time, Words

MOST_REASON = 1_000


class ReasonIn(Body):
    reason = Words(required=True, most=MOST_REASON, lines=True)


class ConfirmingIn(Body):
    """``pending`` names the request of another official that is confirmed."""

    pending = Id()


class ClosingIn(ConfirmingIn):
    reason = Words(most=MOST_REASON, lines=True)


class CancellingIn(ClosingIn):
    """``reason`` may be missing beside ``pending`` only, and is the one asked for."""

    @ma.validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        _needs(data, "reason")


class OutageIn(ClosingIn):
    """From when to when nobody could vote.  All but ``pending`` may be missing beside it."""

    begin = Time()
    end = Time()

    @ma.validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        _needs(data, "begin", "end", "reason")


def _needs(data: dict[str, Any], *names: str) -> None:
    """All of these, or none of them beside ``pending``.  Raises ValidationError."""
    missing = [name for name in names if name not in data]
    if missing and ("pending" not in data or len(missing) < len(names)):
        raise ma.ValidationError({name: ["Missing data for required field."] for name in missing})


class PendingActOut(ma.Schema):
    """What one official asked for, ``by`` account id; void from ``expires`` on.

    ``content`` is what it was asked with; a second official confirms it by sending the same
    act with ``pending``, this ``id``.
    """

    id = Id(required=True)
    act = one_of(ACTS_OF_TWO)
    content = ma.fields.Dict(required=True)
    by = ma.fields.String(required=True)
    asked = Time(required=True)
    expires = Time(required=True)


class PendingActsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(PendingActOut), required=True)


class NoteIn(Body):
    """``corrects`` is the number of an earlier note that this one puts right."""

    text = Words(required=True, most=lambda: installation().settings.note_characters, lines=True)
    corrects = ma.fields.Integer(
        load_default=None, strict=True, allow_none=True, validate=ma.validate.Range(1, 2**31 - 1)
    )
