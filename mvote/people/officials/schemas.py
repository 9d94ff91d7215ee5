"""Officials on the wire."""

import marshmallow as ma

from mvote.people.officials.rules import MOST_PASSWORD
from mvote.web.fields import Body


def _password() -> ma.fields.String:
    return ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_PASSWORD))


class SignInIn(Body):
    login = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    password = _password()


class PasswordIn(Body):
    password = _password()
