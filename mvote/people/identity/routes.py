"""Prove a number, stay signed in, sign out."""

from datetime import UTC, datetime
from typing import Any

from mvote.gateways.sms import SmsNotSent
from mvote.installation import installation
from mvote.people.identity.errors import (
    CodeWrong,
    NumberNotValid,
    PhoneCheckExpired,
    PhoneCheckSpent,
    PhoneCheckUnknown,
    RefreshReused,
    SmsBudgetUsedUp,
    TooManyCodes,
)
from mvote.people.identity.schemas import (
    CodeIn,
    PhoneCheckIn,
    PhoneCheckOut,
)
from mvote.people.identity.service.phone_checks import request_phone_check, sign_in_with_code
from mvote.people.identity.service.sign_ins import end_sign_in, refresh_sign_in
from mvote.web.access import caller
from mvote.web.fields import Routes, TokensOut
from mvote.web.guard import guarded
from mvote.web.problems import refuses
from mvote.web.tokens import tokens_of

routes = Routes(
    "identity", __name__, url_prefix="/api/v1", description="Proving who you are, and tokens"
)


@routes.post("/phone-checks")
@guarded
@refuses(NumberNotValid, TooManyCodes, SmsBudgetUsedUp, SmsNotSent)
@routes.arguments(PhoneCheckIn)
@routes.response(201, PhoneCheckOut)
def check_phone(asked: dict[str, Any]) -> dict[str, Any]:
    """Send a code by SMS to a mobile number."""
    settings = installation().settings
    check = request_phone_check(asked["number"], language=asked["language"], now=datetime.now(UTC))
    return {
        "check": check,
        "expires_in": settings.code_seconds,
        "resend_in": settings.code_resend_seconds,
    }


@routes.post("/phone-checks/<string:check>/tokens")
@guarded
@refuses(CodeWrong, PhoneCheckSpent, PhoneCheckExpired, PhoneCheckUnknown)
@routes.arguments(CodeIn)
@routes.response(201, TokensOut)
def enter_code(asked: dict[str, Any], check: str) -> dict[str, Any]:
    """Trade the code for a citizen's tokens."""
    made = sign_in_with_code(check, code=asked["code"], now=datetime.now(UTC))
    return tokens_of(made, fresh=True)


@routes.post("/tokens/refresh")
@guarded
@refuses(RefreshReused)
@routes.response(201, TokensOut)
def refresh_tokens() -> dict[str, Any]:
    """Trade a refresh token for new tokens; it serves once."""
    calling = caller()
    made = refresh_sign_in(calling.family, turn=calling.turn, now=datetime.now(UTC))
    return tokens_of(made, fresh=False)


@routes.delete("/tokens")
@guarded
@routes.response(204)
def sign_out() -> None:
    """End this sign-in: all its tokens are void at once."""
    end_sign_in(caller().family)
