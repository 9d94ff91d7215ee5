"""Officials on the wire."""

import marshmallow as ma

from mvote.core.official import DUTIES
from mvote.people.officials.rules import LOGIN, MOST_LABEL, MOST_PASSWORD
from mvote.web.fields import Body, Day, Id, Time

MOST_ANSWER = 20_000
MOST_SECRET = 100


def _password(*, required: bool) -> ma.fields.String:
    return ma.fields.String(required=required, validate=ma.validate.Length(1, MOST_PASSWORD))


class PasskeyAnswerIn(Body):
    """What ``navigator.credentials`` gave, as its ``toJSON`` spells it (W3C Web Authentication)."""

    class Meta:
        unknown = ma.INCLUDE

    rawId = ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_ANSWER))
    response = ma.fields.Dict(keys=ma.fields.String(), required=True)


def _answer(*, required: bool = True) -> ma.fields.Nested:
    return ma.fields.Nested(PasskeyAnswerIn, required=required)


def _label() -> ma.fields.String:
    return ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, MOST_LABEL),
        metadata={"description": "What the official calls the device."},
    )


class SignInIn(Body):
    login = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    password = _password(required=True)


class PasskeySignInIn(Body):
    passkey = _answer()


class CameBackIn(Body):
    """A sign-in at the provider that came back: where it began, and what it brought."""

    login = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    secret = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    code = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))


class ProofIn(Body):
    """A password, a passkey or a sign-in at the provider, and one only."""

    password = _password(required=False)
    passkey = _answer(required=False)
    oidc = ma.fields.Nested(CameBackIn)

    @ma.validates_schema
    def check_one(self, data: dict[str, object], **_: object) -> None:
        if len(data.keys() & {"password", "passkey", "oidc"}) != 1:
            raise ma.ValidationError("a password, a passkey or oidc is needed, and one only")


class SecretIn(Body):
    secret = ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, MOST_SECRET),
        metadata={"description": "What stands behind # in the enrolment link."},
    )


class OidcEnrolmentIn(SecretIn):
    """``secret`` is that of the link."""

    oidc = ma.fields.Nested(CameBackIn, required=True)


class EnrolmentIn(SecretIn):
    passkey = _answer()
    label = _label()


class NewPasskeyIn(Body):
    passkey = _answer()
    label = _label()


class CeremonyOut(ma.Schema):
    publicKey = ma.fields.Dict(
        required=True,
        metadata={
            "description": "For PublicKeyCredential.parseCreationOptionsFromJSON or"
            " parseRequestOptionsFromJSON in the browser."
        },
    )


class PasskeyOut(ma.Schema):
    id = Id(required=True)
    label = ma.fields.String(required=True)
    added = Day(required=True)
    used = Day(required=True, allow_none=True, metadata={"description": "The last day of its use."})


class PasskeysOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(PasskeyOut), required=True)


class SessionOut(ma.Schema):
    id = Id(required=True)
    started = Day(required=True, allow_none=True)
    proof = ma.fields.String(required=True)
    device = ma.fields.String(
        required=True, metadata={"description": "The label of the passkey; may be empty."}
    )
    current = ma.fields.Boolean(
        required=True, metadata={"description": "Whether it is the one that asks."}
    )


class SessionsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(SessionOut), required=True)


class DutiesIn(Body):
    department = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    duties = ma.fields.List(
        ma.fields.String(validate=ma.validate.OneOf(DUTIES)),
        required=True,
        validate=ma.validate.Length(0, len(DUTIES)),
    )


class NewOfficialIn(DutiesIn):
    login = ma.fields.String(required=True, validate=ma.validate.Regexp(rf"^{LOGIN.pattern}\Z"))


class OfficialOut(ma.Schema):
    id = Id(required=True, metadata={"description": "What identity tokens and logs carry."})
    login = ma.fields.String(required=True)
    department = ma.fields.String(required=True)
    duties = ma.fields.List(ma.fields.String(), required=True)
    disabled = ma.fields.Boolean(required=True)
    passkeys = ma.fields.Integer(required=True, metadata={"description": "How many."})


class OfficialsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(OfficialOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class LinkOut(ma.Schema):
    link = ma.fields.String(
        required=True,
        metadata={"description": "Shown only now; lets its holder enrol one passkey."},
    )
    expires_at = Time(required=True)


class InvitedOut(ma.Schema):
    official = ma.fields.Nested(OfficialOut, required=True)
    enrolment = ma.fields.Nested(LinkOut, required=True)
