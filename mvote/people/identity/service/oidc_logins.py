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

from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from mvote.core.errors import Refusal
from mvote.core.ids import is_id, new_id
from mvote.db import transaction
from mvote.gateways.oidc import Asked, Provider, address_of, subject_of
from mvote.installation import installation
from mvote.people.identity.errors import (
    AccountGone,
    OidcLoginRefused,
    OidcLoginUnknown,
    OidcNotOffered,
)
from mvote.people.identity.rules import (
    BY_OIDC,
    Kind,
    SignIn,
    login_secret_mac,
    subject_mac,
)
from mvote.people.identity.service.sign_ins import open_sign_in
from mvote.people.identity.tables import AccountRow, OidcLoginRow

SECRET_BYTES: Final = 32
CALLBACK: Final = "/api/v1/oidc/callback"
_PREFIX: Final = {"citizen": "oidc", "official": "officials_oidc"}


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: ``secret`` stays where it began, ``url`` is where the browser goes."""

    login: str
    secret: str
    url: str


@dataclass(frozen=True, slots=True)
class Proved:
    """Whom the provider knows, as a digest, and the account that asked to be known so."""

    subject: bytes
    account: str | None


def begin_oidc_login(kind: Kind, *, account: str | None = None, now: datetime) -> Begun:
    """Begin a sign-in; with ``account`` the subject becomes another key of that account.

    Raises OidcNotOffered, ProviderUnreachable.
    """
    provider = _provider(kind)
    login, asked, secret = new_id(), Asked.anew(), secrets.token_urlsafe(SECRET_BYTES)
    url = address_of(provider, state=login, asked=asked)
    made = installation()
    row = OidcLoginRow(
        id=login,
        kind=kind,
        account=account,
        begun=login_secret_mac(made.keys["people"].pepper, login, secret),
        nonce=asked.nonce,
        verifier=asked.verifier,
        returned=False,
        expires_at=now + timedelta(seconds=made.settings.oidc_login_seconds),
    )
    with transaction("people") as session:
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
) -> Proved:
    """End a sign-in in the caller's transaction; it serves once.  Raises OidcLoginUnknown."""
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
        .returning(OidcLoginRow.subject_mac, OidcLoginRow.account)
    ).one_or_none()
    if found is None or found.subject_mac is None:
        raise OidcLoginUnknown()
    return Proved(found.subject_mac, found.account)


def sign_in_with_oidc(login: str, *, secret: str, code: str, now: datetime) -> SignIn:
    """A citizen's sign-in; an account is made for a subject that has none.

    Where the login was begun to add a key to an account, the subject is that account's from
    now on, whosever it was: permits follow the subject, never the account.
    Raises OidcLoginUnknown, AccountGone.
    """
    with transaction("people") as session:
        proved = take_subject(session, login, kind="citizen", secret=secret, code=code, now=now)
        account = proved.account
        if account is None:
            account = _account_of(session, proved.subject)
        else:
            _move_subject(session, proved.subject, account)
        return open_sign_in(session, account, kind="citizen", proof=BY_OIDC, now=now)


_ACCOUNT = text(
    """
    INSERT INTO accounts (id, oidc_mac) VALUES (:id, :subject)
    ON CONFLICT (oidc_mac) DO UPDATE SET oidc_mac = excluded.oidc_mac
    RETURNING id
    """
)


def _account_of(session: Session, subject: bytes) -> str:
    """The account of a subject, made where there is none; two at once get the same."""
    return str(session.scalars(_ACCOUNT, {"id": new_id(), "subject": subject}).one())


def _move_subject(session: Session, subject: bytes, account: str) -> None:
    """Raises AccountGone."""
    held = AccountRow.oidc_mac == subject
    session.execute(update(AccountRow).where(held).values(oidc_mac=None))
    moved = session.execute(
        update(AccountRow)
        .where(AccountRow.id == account)
        .values(oidc_mac=subject)
        .returning(AccountRow.id)
    ).one_or_none()
    if moved is None:
        raise AccountGone()


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
    settings, prefix = installation().settings, _PREFIX[kind]
    issuer: str = getattr(settings, f"{prefix}_issuer")
    if not issuer:
        raise OidcNotOffered()
    return Provider(
        issuer=issuer,
        client_id=getattr(settings, f"{prefix}_client_id"),
        client_secret=getattr(settings, f"{prefix}_client_secret"),
        callback=(settings.people_public_url or settings.public_url) + CALLBACK,
        acr=getattr(settings, f"{prefix}_acr"),
        seconds=settings.oidc_timeout_seconds,
        most=settings.oidc_bytes,
        kept_seconds=settings.oidc_kept_seconds,
        leeway=settings.clock_leeway_seconds,
    )
