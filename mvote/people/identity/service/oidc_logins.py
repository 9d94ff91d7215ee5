"""Sign-ins at a provider of OpenID Connect, for citizens and for officials.

Who began a sign-in keeps a secret, and the browser that comes back from the provider gets a
code: both are needed in the end.  So nobody who lures another to a sign-in that he began
himself gets that person's tokens, and no cookie has to bind the two.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mvote.core.errors import Refusal
from mvote.core.ids import is_id, new_id
from mvote.db import reading, transaction
from mvote.gateways.oidc import Asked, Provider, address_of, subject_of
from mvote.installation import installation
from mvote.people.identity.errors import (
    OidcLoginRefused,
    OidcLoginUnknown,
    OidcNotOffered,
    TooManyOidcLogins,
)
from mvote.people.identity.rules import (
    BY_OIDC,
    Kind,
    SignIn,
    login_secret_mac,
    subject_mac,
)
from mvote.people.identity.service.accounts import add_key, sign_in_with_key
from mvote.people.identity.service.limits import seconds_over
from mvote.people.identity.tables import OidcLoginRow
from mvote.settings import Settings

HOUR: Final = 3600
SECRET_BYTES: Final = 32
CALLBACK: Final = "/api/v1/oidc/callback"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: ``secret`` stays where it began, ``url`` is where the browser goes."""

    login: str
    secret: str
    url: str


def begin_oidc_login(kind: Kind, *, now: datetime) -> Begun:
    """Begin a sign-in.  Raises OidcNotOffered, ProviderUnreachable, TooManyOidcLogins.

    Anybody may, and each keeps a row for a while, so there are no more than so many an hour.
    """
    provider = _provider(kind)
    login, asked, secret = new_id(), Asked.anew(), secrets.token_urlsafe(SECRET_BYTES)
    url = address_of(provider, state=login, asked=asked)
    made = installation()
    row = OidcLoginRow(
        id=login,
        kind=kind,
        begun=login_secret_mac(made.keys["people"].pepper, login, secret),
        nonce=asked.nonce,
        verifier=asked.verifier,
        returned=False,
        expires_at=now + timedelta(seconds=made.settings.oidc_login_seconds),
    )
    most = made.settings.oidc_logins_per_hour
    with transaction("people", durable=False) as session:
        wait = seconds_over(session, "oidc-login", kind.encode(), most=most, seconds=HOUR, now=now)
        if wait is not None:
            raise TooManyOidcLogins(retry_after=wait)
        session.add(row)
    return Begun(login, secret, url)


def take_return(state: str, *, code: str | None, issuer: str | None, now: datetime) -> str:
    """What the provider sent the browser back with; gives the code that goes to the app.

    A state serves once.  Raises OidcLoginUnknown, OidcLoginRefused, OidcNotOffered,
    ProviderUnreachable, ProviderAnswerNotTrusted: then the sign-in is over.
    """
    kind, asked = _claim(state, now=now)
    try:
        if not code:
            raise OidcLoginRefused()
        provider = _provider(kind)
        subject = subject_of(provider, code=code, issuer=issuer, asked=asked, now=now)
    except Refusal:
        _drop(state)
        raise
    pepper, word = installation().keys["people"].pepper, secrets.token_urlsafe(SECRET_BYTES)
    with transaction("people") as session:
        session.execute(
            update(OidcLoginRow)
            .where(OidcLoginRow.id == state)
            .values(
                code_mac=login_secret_mac(pepper, state, word),
                subject_mac=subject_mac(pepper, provider.issuer, subject),
            )
        )
    return word


def take_subject(
    session: Session, login: str, *, kind: Kind, secret: str, code: str, now: datetime
) -> bytes:
    """Whom the provider knows, as a digest; in the caller's transaction, and it serves once.

    Raises OidcLoginUnknown.
    """
    if not is_id(login):
        raise OidcLoginUnknown()
    pepper = installation().keys["people"].pepper
    found = session.execute(
        delete(OidcLoginRow)
        .where(
            OidcLoginRow.id == login,
            OidcLoginRow.kind == kind,
            OidcLoginRow.begun == login_secret_mac(pepper, login, secret),
            OidcLoginRow.code_mac == login_secret_mac(pepper, login, code),
            OidcLoginRow.expires_at > now,
        )
        .returning(OidcLoginRow.subject_mac)
    ).scalar_one_or_none()
    if found is None:
        raise OidcLoginUnknown()
    return found


def sign_in_with_oidc(login: str, *, secret: str, code: str, now: datetime) -> SignIn:
    """A citizen's sign-in; an account is made for a subject that has none.

    Raises OidcLoginUnknown.
    """
    with transaction("people") as session:
        subject = take_subject(session, login, kind="citizen", secret=secret, code=code, now=now)
        return sign_in_with_key(session, "oidc", subject, proof=BY_OIDC, now=now)


def add_subject(
    login: str, *, secret: str, code: str, account: str, family: str, now: datetime
) -> SignIn:
    """Add the subject to the account one is signed in to.

    Raises OidcLoginUnknown, OtherKeyHeld, StrongerSignInNeeded, AccountGone.
    """
    with transaction("people") as session:
        subject = take_subject(session, login, kind="citizen", secret=secret, code=code, now=now)
        return add_key(session, account, "oidc", subject, proof=BY_OIDC, family=family)


def find_kind(state: str) -> Kind | None:
    """Whether a citizen or an official began a sign-in; None where nobody did."""
    if not is_id(state):
        return None
    with reading("people") as session:
        kind: Kind | None = session.scalar(
            select(OidcLoginRow.kind).where(OidcLoginRow.id == state)
        )
        return kind


def come_back(
    state: str, *, code: str | None, issuer: str | None, now: datetime
) -> Mapping[str, str]:
    """What the browser takes along to the app: the login with its code, or why there is none."""
    try:
        return {"login": state, "code": take_return(state, code=code, issuer=issuer, now=now)}
    except Refusal as refusal:
        return {"refused": refusal.code()}


def _claim(state: str, *, now: datetime) -> tuple[Kind, Asked]:
    """The sign-in, to which nobody else comes back any more.  Raises OidcLoginUnknown."""
    if not is_id(state):
        raise OidcLoginUnknown()
    with transaction("people") as session:
        found = session.execute(
            update(OidcLoginRow)
            .where(
                OidcLoginRow.id == state,
                OidcLoginRow.returned.is_(False),
                OidcLoginRow.expires_at > now,
            )
            .values(returned=True)
            .returning(OidcLoginRow.kind, OidcLoginRow.nonce, OidcLoginRow.verifier)
        ).one_or_none()
    if found is None:
        raise OidcLoginUnknown()
    return found.kind, Asked(found.nonce, found.verifier)


def _drop(login: str) -> None:
    with transaction("people") as session:
        session.execute(delete(OidcLoginRow).where(OidcLoginRow.id == login))


def _provider(kind: Kind) -> Provider:
    """Raises OidcNotOffered."""
    settings = installation().settings
    issuer, client_id, client_secret, acr = _registered(settings, kind)
    if not issuer:
        raise OidcNotOffered()
    return Provider(
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        callback=(settings.people_public_url or settings.public_url) + CALLBACK,
        acr=acr,
        max_age=settings.fresh_seconds if kind == "official" else None,
        seconds=settings.oidc_timeout_seconds,
        most=settings.oidc_bytes,
        kept_seconds=settings.oidc_kept_seconds,
        leeway=settings.clock_leeway_seconds,
    )


def _registered(settings: Settings, kind: Kind) -> tuple[str, str, str, str]:
    """Issuer, client id, client secret and the least ``acr``, of citizens or of officials."""
    if kind == "citizen":
        return (
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret,
            settings.oidc_acr,
        )
    return (
        settings.officials_oidc_issuer,
        settings.officials_oidc_client_id,
        settings.officials_oidc_client_secret,
        settings.officials_oidc_acr,
    )
