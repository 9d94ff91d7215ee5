"""Prove a number, sign in, stay signed in, sign out."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.errors import Refusal
from mvote.gateways.sms import SmsNotSent
from mvote.installation import installation
from mvote.people.identity.errors import (
    AccountGone,
    CodeWrong,
    NumberNotValid,
    PhoneCheckExpired,
    PhoneCheckSpent,
    PhoneCheckUnknown,
    RefreshReused,
    SignInRefused,
    SmsBudgetUsedUp,
    TooBusyToSignIn,
    TooManyCodes,
    TooManySignIns,
)
from mvote.people.identity.rules import SignIn
from mvote.people.identity.schemas import (
    AccessOut,
    CodeIn,
    MeOut,
    PasswordIn,
    PhoneCheckIn,
    PhoneCheckOut,
    SignInIn,
    TokensOut,
)
from mvote.people.identity.service.officials import confirm_password, sign_in_official
from mvote.people.identity.service.phone_checks import request_phone_check, sign_in_with_code
from mvote.people.identity.service.registers import find_register_facts
from mvote.people.identity.service.sign_ins import end_sign_in, refresh_sign_in
from mvote.web.access import caller
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses
from mvote.web.tokens import CITIZEN, OFFICIAL, make_access, make_refresh

routes = Routes(
    "identity", __name__, url_prefix="/api/v1", description="Proving who you are, and tokens"
)

AUDIENCES = {"citizen": CITIZEN, "official": OFFICIAL}
KINDS = {audience: kind for kind, audience in AUDIENCES.items()}
PASSWORD_REFUSALS: tuple[type[Refusal], ...] = (
    SignInRefused,
    TooManySignIns,
    TooBusyToSignIn,
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
    return _tokens(made, fresh=True)


@routes.post("/officials/tokens")
@guarded
@refuses(*PASSWORD_REFUSALS)
@routes.arguments(SignInIn)
@routes.response(201, TokensOut)
def sign_in_as_official(asked: dict[str, Any]) -> dict[str, Any]:
    """Sign in as an official."""
    now = datetime.now(UTC)
    return _tokens(
        sign_in_official(asked["login"], password=asked["password"], now=now), fresh=True
    )


@routes.post("/tokens/refresh")
@guarded
@refuses(RefreshReused, AccountGone)
@routes.response(201, TokensOut)
def refresh_tokens() -> dict[str, Any]:
    """Trade a refresh token for new tokens; it serves once."""
    calling = caller()
    made = refresh_sign_in(calling.family, turn=calling.turn, now=datetime.now(UTC))
    return _tokens(made, fresh=False)


@routes.post("/tokens/fresh")
@guarded
@refuses(*PASSWORD_REFUSALS, AccountGone)
@routes.arguments(PasswordIn)
@routes.response(201, AccessOut)
def confirm_sign_in(asked: dict[str, Any]) -> dict[str, Any]:
    """Give the password again for what needs a fresh sign-in."""
    calling, now = caller(), datetime.now(UTC)
    made = confirm_password(
        calling.account, family=calling.family, password=asked["password"], now=now
    )
    return _access(made, fresh=True)


@routes.delete("/tokens")
@guarded
@routes.response(204)
def sign_out() -> None:
    """End this sign-in: all its tokens are void at once."""
    end_sign_in(caller().family)


@routes.get("/me")
@guarded
@routes.response(200, MeOut)
def get_me() -> dict[str, Any]:
    """What the token says, and what the register holds."""
    calling = caller()
    kind = KINDS[calling.audience]
    told: dict[str, Any] = {"account": calling.account, "kind": kind, "proof": calling.proof}
    if kind == "official":
        duties = sorted(calling.duties)
        return told | {"department": calling.department, "duties": duties}
    return told | {"register": find_register_facts(calling.account)}


def _access(made: SignIn, *, fresh: bool) -> dict[str, Any]:
    access = make_access(
        made.account,
        audience=AUDIENCES[made.kind],
        family=made.family,
        proof=made.proof,
        fresh=fresh,
        department=made.department,
        duties=made.duties,
    )
    return {"access": access, "expires_in": installation().settings.access_seconds}


def _tokens(made: SignIn, *, fresh: bool) -> dict[str, Any]:
    refresh = make_refresh(
        made.account, audience=AUDIENCES[made.kind], family=made.family, turn=made.turn
    )
    return {**_access(made, fresh=fresh), "refresh": refresh}
