"""The ways of being let in.  ``matrix.py`` says which one each route takes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import g, request

from mvote.core.errors import Refusal
from mvote.core.official import FOR_DEPARTMENT, Official
from mvote.core.room_pass import HEADER
from mvote.core.text import LANGUAGES
from mvote.core.wing_call import HeardWords, WingNotKnown, check_call
from mvote.installation import installation
from mvote.settings import Wing
from mvote.web.errors import (
    DutyMissing,
    FreshSignInNeeded,
    IdentityNotAllowedHere,
    TokenExpired,
    TokenForOthers,
    TokenMissing,
    TokenNotValid,
    TokenRevoked,
)
from mvote.web.tokens import CITIZEN, OFFICIAL, read_token

View = TypeVar("View", bound=Callable[..., Any])

TOKEN_REFUSALS: tuple[type[Refusal], ...] = (
    TokenMissing,
    TokenExpired,
    TokenNotValid,
    TokenRevoked,
    TokenForOthers,
)

_heard = HeardWords()

TELLING = ("Authorization", "Proxy-Authorization", "Cookie", HEADER)
"""Headers in which somebody would tell who is calling."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who the identity token says is calling; ``turn`` is set for refresh tokens only."""

    account: str
    audience: str
    family: str
    proof: str
    department: str = ""
    duties: frozenset[str] = frozenset()
    turn: int = 0

    def official(self) -> Official:
        return Official(self.account, self.department, self.duties)


Reads = Literal["", "self", "people", "officials", "drafts", "texts", "ballots", "log"]
"""Beside what is public: about oneself, about citizens, about officials, polls before they are
frozen, texts that wait for a moderator, ballots as they are published, what happened."""


@dataclass(frozen=True, slots=True)
class Access:
    """One way of being let in.  ``check`` gives the caller, if there is one, or raises.

    One of ``duties`` is enough; none named, none is needed.  ``own_department``: what is acted
    on has to be of the official's department.  ``second``: the act takes two officials.
    ``reads`` says what else than public things is shown.
    """

    name: str
    check: Callable[[], Caller | None]
    scheme: str | None = None
    refusals: tuple[type[Refusal], ...] = ()
    duties: tuple[str, ...] = ()
    fresh: bool = False
    own_department: bool = False
    second: bool = False
    reads: Reads = ""

    def reading(self, what: Reads) -> "Access":
        """The same way in, to what is not public."""
        return replace(self, reads=what)


def caller() -> Caller:
    """The caller of a route that asks for a token."""
    return cast(Caller, g.caller)


def acting_official() -> Official:
    """The official who calls a route that is open to officials."""
    return caller().official()


def _caller_from(audience: str | None, *, refresh: bool = False, fresh: bool = False) -> Caller:
    claims = read_token(refresh=refresh, fresh=fresh)
    given = claims.get("aud")
    if given not in (CITIZEN, OFFICIAL):
        raise TokenNotValid()
    if audience is not None and given != audience:
        raise TokenForOthers(audience=audience)
    try:
        return Caller(
            account=str(claims["sub"]),
            audience=str(given),
            family=str(claims["fam"]),
            proof=str(claims.get("amr", [""])[0]),
            department=str(claims.get("dept", "")),
            duties=frozenset(map(str, claims.get("duties", []))),
            turn=int(claims.get("turn", 0)),
        )
    except (KeyError, TypeError, ValueError, IndexError):
        raise TokenNotValid() from None


def _nobody_asked() -> None:
    return None


def _permit_holder() -> None:
    """A ballot may not tell who sent it, so what would tell is refused rather than ignored.

    What stands behind the address is written into the logs of every proxy on the way; only
    the reader's language may stand there.
    """
    beside = set(request.args.items(multi=True)) - {("lang", one) for one in LANGUAGES}
    if beside or any(name in request.headers for name in TELLING):
        raise IdentityNotAllowedHere()


everyone = Access("everyone", _nobody_asked)
office = Access("office", _nobody_asked)
"""Pages for officials.  Their cookie is none of the interface's: a page sends whoever has none
to the sign-in, and all that it shows or does goes through the guard of another route."""
permit_holder = Access("permit-holder", _permit_holder, refusals=(IdentityNotAllowedHere,))
citizen = Access("citizen", lambda: _caller_from(CITIZEN), "identityToken", TOKEN_REFUSALS)
fresh_citizen = Access(
    "citizen",
    lambda: _caller_from(CITIZEN, fresh=True),
    "identityToken",
    (*TOKEN_REFUSALS, FreshSignInNeeded),
    fresh=True,
)
signed_in = Access("signed-in", lambda: _caller_from(None), "identityToken", TOKEN_REFUSALS)
refresher = Access(
    "refresh-token", lambda: _caller_from(None, refresh=True), "refreshToken", TOKEN_REFUSALS
)


def official(
    *duties: str, fresh: bool = False, second: bool = False, own_department: bool | None = None
) -> Access:
    """Officials, with one of the duties named, freshly signed in where the act is dangerous.

    Unless told, a duty that is for a department holds within the official's own.
    """

    def check() -> Caller:
        found = _caller_from(OFFICIAL, fresh=fresh)
        if duties and found.duties.isdisjoint(duties):
            raise DutyMissing(duty=", ".join(duties))
        return found

    refusals = TOKEN_REFUSALS
    refusals += (DutyMissing,) if duties else ()
    refusals += (FreshSignInNeeded,) if fresh else ()
    own = not set(FOR_DEPARTMENT).isdisjoint(duties) if own_department is None else own_department
    return Access("official", check, "identityToken", refusals, duties, fresh, own, second)


def other_wing(wing: Wing) -> Access:
    """The other side of the installation: ``wing`` is the one that calls."""

    def check() -> None:
        scheme, _, word = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Wing":
            raise WingNotKnown()
        made, now = installation(), datetime.now(UTC)
        life = timedelta(seconds=made.settings.exchange_word_seconds)
        query = request.query_string.decode("latin-1")
        target = f"{request.path}?{query}" if query else request.path
        _check_word(word, made.exchange_keys(wing), target=target, now=now, life=life)
        _heard.hear(word, now=now, life=life)
        g.wing_word = word

    return Access(f"{wing}-wing", check, "otherWing", (WingNotKnown,))


def _check_word(
    word: str,
    signers: Sequence[Ed25519PublicKey],
    *,
    target: str,
    now: datetime,
    life: timedelta,
) -> None:
    """Signed with any key of the other wing, which may be replacing one.  Raises WingNotKnown."""
    current, *others = signers
    for key in others:
        with suppress(WingNotKnown):
            return check_call(word, key, target=target, now=now, life=life)
    return check_call(word, current, target=target, now=now, life=life)
