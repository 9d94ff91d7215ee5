"""Identity on the wire."""

import marshmallow as ma

from mvote.core.text import LANGUAGES
from mvote.people.identity.rules import CODE_DIGITS, MOST_NUMBER
from mvote.web.fields import Body


class PhoneCheckIn(Body):
    number = ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, MOST_NUMBER),
        metadata={"description": "As dialled in the city's country, or with + and country code."},
    )
    language = ma.fields.String(
        load_default=LANGUAGES[0],
        validate=ma.validate.OneOf(LANGUAGES),
        metadata={"description": "The language of the SMS."},
    )


class PhoneCheckOut(ma.Schema):
    check = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "Seconds."})
    resend_in = ma.fields.Integer(
        required=True,
        metadata={"description": "Seconds after which a phone offers to ask for another code."},
    )


class CodeIn(Body):
    code = ma.fields.String(
        required=True, validate=ma.validate.Regexp(rf"^[0-9]{{{CODE_DIGITS}}}\Z")
    )
