"""Identity on the wire."""

import marshmallow as ma

from mvote.core.eligibility.gender import GENDERS
from mvote.core.text import LANGUAGES
from mvote.people.identity.rules import CODE_DIGITS, MOST_NUMBER, MOST_PASSWORD
from mvote.web.fields import Body


def _password() -> ma.fields.String:
    return ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_PASSWORD))


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


class SignInIn(Body):
    login = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    password = _password()


class PasswordIn(Body):
    password = _password()


class AccessOut(ma.Schema):
    access = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(
        required=True, metadata={"description": "Seconds that the access token lives."}
    )


class TokensOut(AccessOut):
    """The refresh token serves once; a second use ends the sign-in."""

    refresh = ma.fields.String(required=True)


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
