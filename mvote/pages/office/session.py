"""Who is signed in at the office: the identity token in a cookie that no other path is sent.

Only the office's pages take the cookie.  The interface and the path of ballots take none,
and get none, for it is bound to ``/office``.  Forms carry a token of their own besides, and
the browser has to say that they were sent from this very site.
"""

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
from flask import Response, g, request
from flask_jwt_extended import decode_token
from flask_jwt_extended.exceptions import JWTExtendedException

from mvote.core.official import Official
from mvote.installation import installation
from mvote.pages.office.inside import call
from mvote.people.identity.service.sign_ins import renewing
from mvote.settings import Settings
from mvote.web.openapi import PREFIX
from mvote.web.tokens import OFFICIAL

ACCESS: Final = "mvote-office"
REFRESH: Final = "mvote-office-refresh"
FORM: Final = "mvote-office-form"
LOGIN: Final = "mvote-office-login"
PATH: Final = "/office"
FORM_BYTES: Final = 32
RENEWED_SECONDS: Final = 20
"""How long a renewal is remembered for what a browser sent at the same moment."""
LOCAL: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Session:
    """``access`` is the identity token, ``claims`` what it says, ``form`` stands in forms."""

    access: str
    refresh: str
    form: str
    claims: Mapping[str, Any]

    @property
    def department(self) -> str:
        return str(self.claims.get("dept", ""))

    @property
    def duties(self) -> frozenset[str]:
        return frozenset(map(str, self.claims.get("duties", [])))

    @property
    def official(self) -> Official:
        return Official(str(self.claims["sub"]), self.department, self.duties)

    def is_fresh(self, now: datetime) -> bool:
        """Whether it serves for what needs a fresh sign-in."""
        until = self.claims.get("fresh", False)
        return until is True or (not isinstance(until, bool) and until > now.timestamp())

    def lasts(self, now: datetime) -> float:
        """Seconds."""
        return float(self.claims["exp"]) - now.timestamp()


# -- where the office is ------------------------------------------------------------------


def people_here() -> bool:
    return "people" in installation().wings


def votes_here() -> bool:
    return "votes" in installation().wings


def people_url(settings: Settings) -> str:
    """Where officials sign in, without a slash."""
    return settings.officials_url or settings.people_public_url or settings.public_url


def own_url(settings: Settings) -> str:
    return people_url(settings) if people_here() else settings.public_url


def is_apart() -> bool:
    """Whether the other wing runs somewhere else."""
    return len(installation().wings) == 1


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


# -- cookies ------------------------------------------------------------------------------


def _secure() -> bool:
    """Everywhere but on a machine's own plain http."""
    parts = urlsplit(own_url(installation().settings))
    return parts.scheme == "https" or (parts.hostname or "") not in LOCAL


def cookie_name(name: str) -> str:
    """Browsers keep cookies apart by host and not by port, so either side has names of its own."""
    own = f"{name}-{installation().wings[0]}" if is_apart() else name
    return f"__Secure-{own}" if _secure() else own


def set_cookie(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """For the office's own pages, unreadable by scripts, never sent along from elsewhere."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=seconds,
        path=PATH,
        httponly=True,
        secure=_secure(),
        samesite="Strict",
    )


def drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(
        cookie_name(name), path=PATH, httponly=True, secure=_secure(), samesite="Strict"
    )


def read_cookie(name: str) -> str:
    return request.cookies.get(cookie_name(name), "")


def find_session(now: datetime) -> Session | None:
    """Who is signed in, if anybody; a token that is half used up is renewed where it can be."""
    if "office_session" not in g:
        g.office_session = _find(now)
    found: Session | None = g.office_session
    return found


def _find(now: datetime) -> Session | None:
    refresh, form = read_cookie(REFRESH), read_cookie(FORM)
    claims = read_claims(read_cookie(ACCESS))
    kept = Session(read_cookie(ACCESS), refresh, form, claims) if claims and form else None
    half = installation().settings.access_seconds / 2
    if kept is not None and kept.lasts(now) > half:
        return kept
    renewed = _renew(refresh) if refresh and form and people_here() else None
    if renewed is None:
        return kept
    return keep_tokens(renewed)


def read_claims(token: str) -> Mapping[str, Any] | None:
    """What an official's token says; None where it is none that holds."""
    claims = _decoded(token) if token else None
    if claims is None:
        return None
    of_official = claims.get("aud") == OFFICIAL and claims.get("type") == "access"
    return claims if of_official and "exp" in claims else None


def _decoded(token: str) -> Mapping[str, Any] | None:
    """What a token of this city says; None where it is none that holds."""
    try:
        claims: Mapping[str, Any] = decode_token(token)
    except (jwt.InvalidTokenError, JWTExtendedException, ValueError, TypeError, KeyError):
        return None
    return claims


def keep_tokens(tokens: Mapping[str, Any]) -> Session | None:
    """Sign in, or go on, with tokens of the interface; the response gets the cookies."""
    claims = read_claims(str(tokens.get("access", "")))
    if claims is None:
        return None
    form = read_cookie(FORM) or secrets.token_urlsafe(FORM_BYTES)
    refresh = str(tokens.get("refresh", "")) or read_cookie(REFRESH)
    made = Session(str(tokens["access"]), refresh, form, claims)
    g.office_session = g.office_kept = made
    return made


def forget_session() -> None:
    g.office_session = None
    g.office_forgotten = True


def send_cookies(response: Response) -> Response:
    """After each request of the office: what was signed in, renewed or ended."""
    if g.get("office_forgotten"):
        for name in (ACCESS, REFRESH, FORM, LOGIN):
            drop_cookie(response, name)
        return response
    kept: Session | None = g.get("office_kept")
    if kept is not None:
        set_cookie(response, ACCESS, kept.access)
        set_cookie(response, FORM, kept.form)
        if kept.refresh:
            set_cookie(response, REFRESH, kept.refresh)
    return response


# -- renewal ------------------------------------------------------------------------------

_renewals: dict[str, tuple[float, Mapping[str, Any] | None]] = {}
_renewing = threading.Lock()


def _renew(refresh: str) -> Mapping[str, Any] | None:
    """New tokens for a refresh token, which serves once: two tabs at once get the same."""
    with _renewing:
        now = time.monotonic()
        for old in [key for key, (at, _) in _renewals.items() if now - at > RENEWED_SECONDS]:
            del _renewals[old]
        if refresh not in _renewals:
            _renewals[refresh] = (now, _renewed(refresh))
        return _renewals[refresh][1]


def _renewed(refresh: str) -> Mapping[str, Any] | None:
    """None also where another process did it a moment ago, whose answer brings the cookies."""
    claims = _decoded(refresh) or {}
    family, turn = str(claims.get("fam", "")), int(claims.get("turn", 0))
    moment = timedelta(seconds=RENEWED_SECONDS)
    with renewing(family, turn=turn, now=now_utc(), within=moment) as done:
        answer = None if done else call("POST", f"{PREFIX}/tokens/refresh", token=refresh)
    return answer.body if answer is not None and answer.done else None


# -- what a form has to show --------------------------------------------------------------


def sent_from(*origins: str) -> bool:
    """Whether the browser says that this was sent from one of these sites, or from this page's.

    W3C Fetch Metadata and RFC 6454; a browser that says neither is not believed.
    """
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origins:
        return origin in origins
    if site is not None and site != "same-origin":
        return False
    own = {request.host, urlsplit(own_url(installation().settings)).netloc}
    if origin is not None:
        return urlsplit(origin).netloc in own
    return site is not None


def shows_token() -> bool:
    """Whether the form carries what its page was given."""
    ours, sent = read_cookie(FORM), request.form.get("form_token", "")
    return bool(ours) and secrets.compare_digest(ours.encode(), sent.encode())


def now_utc() -> datetime:
    return datetime.now(UTC)
