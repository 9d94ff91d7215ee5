"""Officials sign in, and prove again who they are before a dangerous act."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.errors import Refusal
from mvote.people.identity.errors import AccountGone
from mvote.people.officials.errors import SignInRefused, TooBusyToSignIn, TooManySignIns
from mvote.people.officials.schemas import PasswordIn, SignInIn
from mvote.people.officials.service.passwords import confirm_password, sign_in_official
from mvote.web.access import caller
from mvote.web.fields import AccessOut, Routes, TokensOut
from mvote.web.guard import guarded
from mvote.web.problems import refuses
from mvote.web.tokens import access_of, tokens_of

routes = Routes(
    "officials", __name__, url_prefix="/api/v1", description="Officials and their signing in"
)

PASSWORD_REFUSALS: tuple[type[Refusal], ...] = (
    SignInRefused,
    TooManySignIns,
    TooBusyToSignIn,
)


@routes.post("/officials/tokens")
@guarded
@refuses(*PASSWORD_REFUSALS)
@routes.arguments(SignInIn)
@routes.response(201, TokensOut)
def sign_in_as_official(asked: dict[str, Any]) -> dict[str, Any]:
    """Sign in as an official."""
    now = datetime.now(UTC)
    return tokens_of(
        sign_in_official(asked["login"], password=asked["password"], now=now), fresh=True
    )


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
    return access_of(made, fresh=True)
