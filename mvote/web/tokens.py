"""Identity tokens (JWT, EdDSA) through flask-jwt-extended: made on the people wing, read on both.

A token says who is calling and no more: random account id, audience, family of
the sign-in, for officials department and duties.  Whether a sign-in was ended is
asked of the function that ``app.py`` hands in; the votes wing has none and takes
officials' tokens for their ten minutes.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import (
    FreshTokenRequired,
    JWTExtendedException,
    NoAuthorizationError,
    RevokedTokenError,
)

from mvote.core.secrecy.keys import kid_of
from mvote.installation import Installation, installation
from mvote.web.errors import (
    FreshSignInNeeded,
    TokenExpired,
    TokenMissing,
    TokenNotValid,
    TokenRevoked,
)

CITIZEN = "mvote-citizen"
OFFICIAL = "mvote-official"
ISSUER = "mvote"
AUDIENCES = {"citizen": CITIZEN, "official": OFFICIAL}
KINDS = {audience: kind for kind, audience in AUDIENCES.items()}

IsRevoked = Callable[[str], bool]


def install_tokens(app: Flask, made: Installation, is_revoked: IsRevoked | None) -> None:
    """Set up flask-jwt-extended.  ``is_revoked`` gets the family of a token; None: never asked."""
    _configure(app, made)
    manager = JWTManager(app)
    by_kid = {
        kid_of(key): key
        for name, key in made.public["people"].items()
        if name.partition("-")[0] == "identity"
    }

    @manager.decode_key_loader
    def _key_for(header: Mapping[str, Any], _claims: Mapping[str, Any]) -> Ed25519PublicKey:
        """The identity key that the token names, also one that was replaced since."""
        try:
            return by_kid[header["kid"]]
        except (KeyError, TypeError):
            raise jwt.InvalidTokenError("no such identity key") from None

    @manager.token_in_blocklist_loader
    def _is_revoked(_header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
        return is_revoked is not None and is_revoked(str(claims.get("fam", "")))


def _configure(app: Flask, made: Installation) -> None:
    app.config.update(
        JWT_TOKEN_LOCATION=["headers"],
        JWT_COOKIE_CSRF_PROTECT=False,  # there are no cookies; else every token gets a claim
        JWT_ALGORITHM="EdDSA",
        JWT_DECODE_ALGORITHMS=["EdDSA"],
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_DECODE_AUDIENCE=[CITIZEN, OFFICIAL],
        JWT_DECODE_LEEWAY=made.settings.clock_leeway_seconds,
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(seconds=made.settings.access_seconds),
        JWT_REFRESH_TOKEN_EXPIRES=timedelta(seconds=made.settings.refresh_seconds),
    )
    if "people" in made.keys:
        app.config["JWT_PRIVATE_KEY"] = made.keys["people"]["identity"].private


def make_access(
    account: str,
    *,
    audience: str,
    family: str,
    proof: str,
    fresh: bool,
    department: str = "",
    duties: tuple[str, ...] = (),
) -> str:
    """An access token; ``fresh`` holds for ``fresh_seconds``."""
    made = installation()
    claims: dict[str, Any] = {"aud": audience, "fam": family, "amr": [proof]}
    if audience == OFFICIAL:
        claims |= {"dept": department, "duties": list(duties)}
    token: str = create_access_token(
        identity=account,
        fresh=timedelta(seconds=made.settings.fresh_seconds) if fresh else False,
        additional_claims=claims,
        additional_headers={"kid": made.keys["people"]["identity"].kid},
    )
    return token


def make_refresh(account: str, *, audience: str, family: str, turn: int) -> str:
    """A refresh token; ``turn`` counts the rotations of its family."""
    token: str = create_refresh_token(
        identity=account,
        additional_claims={"aud": audience, "fam": family, "turn": turn},
        additional_headers={"kid": installation().keys["people"]["identity"].kid},
    )
    return token


class SignedIn(Protocol):
    """A sign-in of the people wing: what tokens are made of."""

    @property
    def account(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def proof(self) -> str: ...
    @property
    def turn(self) -> int: ...
    @property
    def department(self) -> str: ...
    @property
    def duties(self) -> tuple[str, ...]: ...


def access_of(made: SignedIn, *, fresh: bool) -> dict[str, Any]:
    """An access token and its life, as ``AccessOut`` has it."""
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


def tokens_of(made: SignedIn, *, fresh: bool) -> dict[str, Any]:
    """An access and a refresh token, as ``TokensOut`` has them."""
    refresh = make_refresh(
        made.account, audience=AUDIENCES[made.kind], family=made.family, turn=made.turn
    )
    return {**access_of(made, fresh=fresh), "refresh": refresh}


def read_token(*, refresh: bool = False, fresh: bool = False) -> Mapping[str, Any]:
    """The claims of the request's token.  Raises TokenMissing, TokenExpired, TokenNotValid, …"""
    try:
        verify_jwt_in_request(refresh=refresh, fresh=fresh)
    except NoAuthorizationError:
        raise TokenMissing() from None
    except jwt.ExpiredSignatureError:
        raise TokenExpired() from None
    except RevokedTokenError:
        raise TokenRevoked() from None
    except FreshTokenRequired:
        raise FreshSignInNeeded() from None
    except (jwt.InvalidTokenError, JWTExtendedException, ValueError, TypeError):
        raise TokenNotValid() from None
    claims = get_jwt()
    if "exp" not in claims:  # one without an end would hold for ever, and nothing else asks
        raise TokenNotValid()
    return claims
