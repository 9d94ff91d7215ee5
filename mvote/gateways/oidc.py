"""Sign-in at a provider of OpenID Connect: the code flow with PKCE, and nothing but the subject.

Sources: OpenID Connect Core 1.0 §3.1, Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (issuer in the
answer).  Of what a provider tells, only ``sub`` leaves this module; no name, address or
other claim is asked for.
"""

import json
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import urllib3
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mvote.core.errors import Unauthenticated, Unavailable

log = logging.getLogger("mvote.oidc")

ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "EdDSA",
)
"""Signatures by a key pair.  ``none`` and keys that both sides share prove nothing here."""
NONCE_BYTES: Final = 32
MOST_SUBJECT: Final = 255
MOST_AGE_SECONDS: Final = 600
OK: Final = 200

_pool = urllib3.PoolManager(maxsize=8, retries=False)


class ProviderUnreachable(Unavailable):
    words = {
        "ko": "로그인 서비스에 연결할 수 없습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "The sign-in service cannot be reached. Please try again shortly.",
    }


class ProviderAnswerNotTrusted(Unauthenticated):
    """What came back is not this provider's word for this sign-in."""

    words = {
        "ko": "로그인 서비스의 답을 확인할 수 없습니다. 처음부터 다시 로그인해 주십시오.",
        "en": "The answer of the sign-in service could not be checked. Please sign in anew.",
    }


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider as the city registered with it.  ``acr`` is the least it asks for, or empty.

    ``max_age`` is how many seconds ago the person may have signed in there; None: any.
    ``seconds`` bound one request, ``most`` an answer in bytes, ``kept_seconds`` how long its
    metadata and keys are believed.
    """

    issuer: str
    client_id: str
    client_secret: str
    callback: str
    acr: str
    max_age: int | None
    seconds: float
    most: int
    kept_seconds: int
    leeway: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is kept of a sign-in under way, to check the answer by."""

    nonce: str
    verifier: str

    @classmethod
    def anew(cls) -> "Asked":
        return cls(secrets.token_urlsafe(NONCE_BYTES), secrets.token_urlsafe(NONCE_BYTES))


def address_of(provider: Provider, *, state: str, asked: Asked) -> str:
    """Where the browser goes to sign in.  Raises ProviderUnreachable."""
    params = [
        ("response_type", "code"),
        ("client_id", provider.client_id),
        ("redirect_uri", provider.callback),
        ("scope", "openid"),
        ("state", state),
        ("nonce", asked.nonce),
        ("code_challenge", create_s256_code_challenge(asked.verifier)),
        ("code_challenge_method", "S256"),
    ]
    if provider.acr:
        params.append(("acr_values", provider.acr))
    if provider.max_age is not None:
        params.append(("max_age", str(provider.max_age)))
    endpoint = _told(provider, "authorization_endpoint")
    address: str = add_params_to_uri(endpoint, params)
    return address


def subject_of(
    provider: Provider, *, code: str, issuer: str | None, asked: Asked, now: datetime
) -> str:
    """Trade the code of the answer for the ID token, and give the subject it is about.

    ``issuer`` is the answer's parameter ``iss``, where it has one.
    Raises ProviderUnreachable, ProviderAnswerNotTrusted.
    """
    named = _metadata(provider).get("authorization_response_iss_parameter_supported") is True
    if issuer not in ((provider.issuer,) if named else (None, provider.issuer)):
        raise ProviderAnswerNotTrusted()
    told = _post(
        provider,
        _told(provider, "token_endpoint"),
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": provider.callback,
            "client_id": provider.client_id,
            "code_verifier": asked.verifier,
        },
    )
    try:
        return _subject(provider, str(told["id_token"]), asked, now=now)
    except (JoseError, KeyError, TypeError, ValueError) as fault:
        log.warning("an ID token of %s was refused: %s", provider.issuer, type(fault).__name__)
        raise ProviderAnswerNotTrusted() from None


def _subject(provider: Provider, token: str, asked: Asked, *, now: datetime) -> str:
    """Core 1.0 §3.1.3.7.  Raises JoseError, KeyError, TypeError, ValueError."""
    found = _decoded(provider, token)
    options: dict[str, Any] = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
    }
    if provider.acr:
        options["acr"] = {"essential": True, "values": provider.acr.split()}
    params = {"nonce": asked.nonce, "client_id": provider.client_id}
    claims = CodeIDToken(found.claims, found.header, options, params)
    at = int(now.timestamp())
    claims.validate(now=at, leeway=provider.leeway)
    slack = provider.leeway
    if claims["iat"] < at - MOST_AGE_SECONDS - slack:
        raise ValueError("issued long ago")
    if provider.max_age is not None and claims["auth_time"] < at - provider.max_age - slack:
        raise ValueError("signed in long ago")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= MOST_SUBJECT:
        raise ValueError("no subject")
    return subject


def _decoded(provider: Provider, token: str) -> jwt.Token:
    """With the provider's keys; fetched anew where it may have changed them since."""
    try:
        return jwt.decode(token, _keys(provider), algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        if not _forget(provider):
            raise
        return jwt.decode(token, _keys(provider), algorithms=ALGORITHMS)


@dataclass(slots=True)
class _Known:
    """A provider's metadata and keys, each fetched when first asked for."""

    until: float
    metadata: Mapping[str, Any] | None = None
    keys: KeySet | None = None


FORGETTING_SECONDS: Final = 30
"""No more often is a provider asked for new keys because of a token that fits none."""


@cache
def _memory() -> dict[str, _Known]:
    return {}


def _known(provider: Provider) -> _Known:
    found = _memory().get(provider.issuer)
    if found is None or found.until < time.monotonic():
        found = _memory()[provider.issuer] = _Known(time.monotonic() + provider.kept_seconds)
    return found


def _forget(provider: Provider) -> bool:
    """Whether what was known was old enough to be asked for again."""
    age = provider.kept_seconds - (_known(provider).until - time.monotonic())
    if age < min(FORGETTING_SECONDS, provider.kept_seconds):
        return False
    _memory().pop(provider.issuer, None)
    return True


def _metadata(provider: Provider) -> Mapping[str, Any]:
    """Discovery 1.0 §4: the issuer in it has to be the very one that was asked."""
    known = _known(provider)
    if known.metadata is None:
        told = _get(provider, get_well_known_url(provider.issuer, external=True))
        if told.get("issuer") != provider.issuer:
            log.error("the provider at %s says that it is another", provider.issuer)
            raise ProviderUnreachable(retry_after=60)
        known.metadata = told
    return known.metadata


def _told(provider: Provider, name: str) -> str:
    """An address of the provider's, as safe as its own."""
    address = _metadata(provider).get(name)
    scheme = urlsplit(provider.issuer).scheme
    if not isinstance(address, str) or urlsplit(address).scheme not in ("https", scheme):
        log.error("the provider at %s names no %s", provider.issuer, name)
        raise ProviderUnreachable(retry_after=60)
    return address


def _keys(provider: Provider) -> KeySet:
    known = _known(provider)
    if known.keys is None:
        told: Any = _get(provider, _told(provider, "jwks_uri"))
        known.keys = KeySet.import_key_set(told)
    return known.keys


def _get(provider: Provider, url: str) -> Mapping[str, Any]:
    return _request(provider, "GET", url, headers={}, body=None)


def _post(provider: Provider, url: str, fields: Mapping[str, str]) -> Mapping[str, Any]:
    """With the city's secret in the way that RFC 6749 §2.3.1 asks every provider to take."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if provider.client_secret:
        pair = urlencode({provider.client_id: provider.client_secret}).replace("=", ":", 1)
        headers |= urllib3.make_headers(basic_auth=pair)
    return _request(provider, "POST", url, headers=headers, body=urlencode(fields).encode())


def _request(
    provider: Provider, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None
) -> Mapping[str, Any]:
    """A JSON object, read up to the limit; no redirect is followed.  Raises as ``subject_of``."""
    try:
        answer = _pool.request(
            method,
            url,
            body=body,
            headers={"Accept": "application/json", **headers},
            timeout=provider.seconds,
            redirect=False,
            preload_content=False,
        )
        said = answer.read(provider.most + 1)
        answer.release_conn()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        log.warning("%s cannot be reached: %s", provider.issuer, type(error).__name__)
        raise ProviderUnreachable(retry_after=30) from None
    if method == "POST" and 400 <= answer.status < 500:
        log.warning("%s refuses a code: HTTP %s", provider.issuer, answer.status)
        raise ProviderAnswerNotTrusted()
    return _read(provider, answer.status, said)


def _read(provider: Provider, status: int, said: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(said) if status == OK and len(said) <= provider.most else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        log.warning("%s answers with HTTP %s and no JSON object", provider.issuer, status)
        raise ProviderUnreachable(retry_after=30)
    return told
