"""Rolls on the wire."""

import marshmallow as ma

from mvote.core.eligibility.gender import GENDERS
from mvote.people.rolls.rules_codes import MOST_SERIAL, MOST_TYPED, NEW, REVOKED, USED
from mvote.people.rolls.rules_counts import STATES
from mvote.people.rolls.rules_files import MOST_ENTRY
from mvote.people.rolls.rules_rooms import MOST_ROOM_PASSWORD, MOST_ROOM_WORDS
from mvote.web.fields import Body, Words


class RegisterFactsOut(ma.Schema):
    """What the city's register holds of the number.  Null: nothing is held."""

    district = ma.fields.String(required=True, allow_none=True)
    birth_band = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "First of the five years in which the person was born."},
    )
    gender = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf(tuple(GENDERS))
    )


class MeOut(ma.Schema):
    """What the token says, and for citizens what the register holds."""

    account = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(("citizen", "official")))
    proof = ma.fields.String(required=True, metadata={"description": "How it was proved: sms …"})
    department = ma.fields.String(metadata={"description": "Officials only."})
    duties = ma.fields.List(ma.fields.String(), metadata={"description": "Officials only."})
    register = ma.fields.Nested(
        RegisterFactsOut,
        allow_none=True,
        metadata={"description": "Citizens only; null where the register has no such number."},
    )


class RoomOut(ma.Schema):
    """A private room."""

    number = ma.fields.String(required=True, metadata={"description": "Eight digits."})
    words = Words(required=True)
    department = ma.fields.String(required=True)
    closed = ma.fields.Boolean(required=True)


class RoomsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(RoomOut), required=True)


class RoomPasswordIn(Body):
    password = ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_ROOM_PASSWORD))


class RoomIn(RoomPasswordIn):
    words = Words(
        required=True,
        most=MOST_ROOM_WORDS,
        metadata={"description": "What officials call the room; citizens are not told."},
    )


class RoomPassOut(ma.Schema):
    """To be sent in the header Room-Pass, for reading and for the permit, never with a ballot."""

    room_pass = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "Seconds."})


class AudienceCountIn(Body):
    audience = ma.fields.Raw(required=True, metadata={"type": "object"})


class AudienceCountOut(ma.Schema):
    """Never exact: rounded to tens, and changed only when many people came or went."""

    state = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(STATES),
        metadata={"description": "few: fewer than about 20; unknown: nobody can know."},
    )
    count = ma.fields.Integer(required=True, allow_none=True)


class CodeBatchOut(ma.Schema):
    """Printed codes made together."""

    batch = ma.fields.String(required=True)
    bound = ma.fields.Boolean(
        required=True,
        metadata={"description": "To entries of the roll; else each code is an entry of its own."},
    )
    printed = ma.fields.Integer(required=True)
    used = ma.fields.Integer(required=True)
    revoked = ma.fields.Integer(required=True)
    left = ma.fields.Integer(required=True)


class CodeBatchesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(CodeBatchOut), required=True)


class CodeStateOut(ma.Schema):
    state = ma.fields.String(required=True, validate=ma.validate.OneOf((NEW, USED, REVOKED)))


class RevokeIn(Body):
    serial = ma.fields.Integer(
        load_default=None,
        validate=ma.validate.Range(1, MOST_SERIAL),
        metadata={"description": "Of one code; absent, every code of the batch that is left."},
    )


class RevokedOut(ma.Schema):
    revoked = ma.fields.Integer(required=True)


class PrintedCodeIn(Body):
    code = ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, MOST_TYPED),
        metadata={"description": "As printed; hyphens, blanks and small letters do not matter."},
    )


class DeskRequestOut(ma.Schema):
    number = ma.fields.String(
        required=True, metadata={"description": "Eight digits, to show at the counter."}
    )
    secret = ma.fields.String(required=True, metadata={"description": "Stays on the phone."})
    expires_in = ma.fields.Integer(required=True, metadata={"description": "Seconds."})


class DeskConfirmationIn(Body):
    entry = ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, MOST_ENTRY),
        metadata={"description": "The city's own id of the person."},
    )


class DeskSecretIn(Body):
    secret = ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_TYPED))
