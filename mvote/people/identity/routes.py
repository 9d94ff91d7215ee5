"""Prove a number, stay signed in, sign out."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import redirect
from werkzeug import Response

from mvote.core.fields import FieldsRefused
from mvote.gateways.oidc import ProviderUnreachable
from mvote.gateways.sms import SmsNotSent
from mvote.installation import installation
from mvote.people.identity.errors import (
    AccountGone,
    CodeWrong,
    ConsentNeeded,
    ConsentOutdated,
    NumberNotValid,
    OidcLoginUnknown,
    OidcNotOffered,
    OtherKeyHeld,
    PhoneCheckExpired,
    PhoneCheckSpent,
    PhoneCheckUnknown,
    RefreshReused,
    SmsBudgetUsedUp,
    StrongerSignInNeeded,
    TooManyCodes,
    TooManyOidcLogins,
)
from mvote.people.identity.schemas import (
    CodeIn,
    OidcCodeIn,
    OidcReturnIn,
    PhoneCheckIn,
    PhoneCheckOut,
)
from mvote.people.identity.service.oidc_logins import (
    Begun,
    add_subject,
    come_back,
    find_kind,
    sign_in_with_oidc,
)
from mvote.people.identity.service.oidc_logins import begin_oidc_login as begin_sign_in
from mvote.people.identity.service.phone_checks import (
    add_number,
    request_phone_check,
    sign_in_with_code,
)
from mvote.people.identity.service.sign_ins import end_sign_in, refresh_sign_in
from mvote.web.access import caller
from mvote.web.fields import AccessOut, OidcLoginOut, Routes, TokensOut
from mvote.web.guard import guarded
from mvote.web.problems import refuses
from mvote.web.tokens import access_of, tokens_of

routes = Routes(
    "identity", __name__, url_prefix="/api/v1", description="Proving who you are, and tokens"
)


@routes.post("/phone-checks")
@guarded
@refuses(NumberNotValid, TooManyCodes, SmsBudgetUsedUp, SmsNotSent)
@refuses(ConsentNeeded, ConsentOutdated)
@routes.arguments(PhoneCheckIn)
@routes.response(201, PhoneCheckOut)
def check_phone(asked: dict[str, Any]) -> dict[str, Any]:
    """Send a code by SMS to a mobile number."""
    settings = installation().settings
    check = request_phone_check(**asked, now=datetime.now(UTC))
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


@routes.post("/me/phone-checks/<string:check>/tokens")
@guarded
@refuses(CodeWrong, PhoneCheckSpent, PhoneCheckExpired, PhoneCheckUnknown)
@refuses(OtherKeyHeld, StrongerSignInNeeded, AccountGone)
@routes.arguments(CodeIn)
@routes.response(201, AccessOut)
def add_my_number(asked: dict[str, Any], check: str) -> dict[str, Any]:
    """Add the number to the account one is signed in to; whoever held it loses it."""
    calling = caller()
    made = add_number(
        check,
        code=asked["code"],
        account=calling.account,
        family=calling.family,
        now=datetime.now(UTC),
    )
    return access_of(made, fresh=True)


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


@routes.post("/oidc/logins")
@guarded
@refuses(OidcNotOffered, ProviderUnreachable, TooManyOidcLogins)
@routes.response(201, OidcLoginOut)
def begin_oidc_login() -> dict[str, Any]:
    """Begin a citizen's sign-in at the city's OpenID Connect provider."""
    return _told(begin_sign_in("citizen", now=datetime.now(UTC)))


@routes.post("/oidc/logins/<string:login>/tokens")
@guarded
@refuses(OidcLoginUnknown)
@routes.arguments(OidcCodeIn)
@routes.response(201, TokensOut)
def finish_oidc_login(asked: dict[str, Any], login: str) -> dict[str, Any]:
    """Trade the secret of the beginning and the code of the return for a citizen's tokens."""
    made = sign_in_with_oidc(login, **asked, now=datetime.now(UTC))
    return tokens_of(made, fresh=True)


@routes.post("/me/oidc-logins/<string:login>/tokens")
@guarded
@refuses(OidcLoginUnknown, OtherKeyHeld, StrongerSignInNeeded, AccountGone)
@routes.arguments(OidcCodeIn)
@routes.response(201, AccessOut)
def add_my_subject(asked: dict[str, Any], login: str) -> dict[str, Any]:
    """Add a sign-in at the provider to the account one is signed in to."""
    calling, now = caller(), datetime.now(UTC)
    made = add_subject(login, **asked, account=calling.account, family=calling.family, now=now)
    return access_of(made, fresh=True)


@routes.get("/oidc/callback")
@guarded
@refuses(FieldsRefused)
@routes.arguments(OidcReturnIn, location="query")
@routes.response(
    303, description="To the app or the office; the code stands behind the # of the address."
)
def return_from_provider(asked: dict[str, Any]) -> Response:
    """Where a provider sends the browser back to: on to the app, officials to the office."""
    kind = find_kind(asked["state"])
    said = come_back(
        asked["state"],
        code=None if asked["error"] else asked["code"],
        issuer=asked["iss"],
        now=datetime.now(UTC),
    )
    settings = installation().settings
    office = settings.officials_url or settings.people_public_url or settings.public_url
    page = f"{office}/office/returned" if kind == "official" else f"{settings.public_url}/"
    return redirect(f"{page}#{urlencode(said)}", 303)


def _told(begun: Begun) -> dict[str, Any]:
    return {**asdict(begun), "expires_in": installation().settings.oidc_login_seconds}
