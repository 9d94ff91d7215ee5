"""Identity on the wire."""

import marshmallow as ma

from mvote.core.text import LANGUAGES
from mvote.people.identity.rules import (
    CODE_DIGITS,
    MOST_NUMBER,
    MOST_OIDC_CODE,
    MOST_OIDC_WORD,
)
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
    consent = ma.fields.Integer(
        load_default=None,
        strict=True,
        validate=ma.validate.Range(min=1),
        metadata={"description": "The version of the text “identification” that was agreed to."},
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


class OidcCodeIn(Body):
    secret = ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_OIDC_WORD))
    code = ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, MOST_OIDC_WORD),
        metadata={"description": "What stood behind the # when the browser came back."},
    )


class OidcReturnIn(ma.Schema):
    """What a provider adds to the address; RFC 6749 §4.1.2 and RFC 9207."""

    class Meta:
        unknown = ma.EXCLUDE

    state = ma.fields.String(load_default="")
    code = ma.fields.String(load_default=None, validate=ma.validate.Length(max=MOST_OIDC_CODE))
    error = ma.fields.String(load_default=None)
    iss = ma.fields.String(load_default=None)
