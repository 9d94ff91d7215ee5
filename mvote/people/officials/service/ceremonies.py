"""Passkey ceremonies (W3C Web Authentication, level 2): what is asked, and what is taken.

A challenge says itself when it ends and for what it was made, under a MAC, so that asking
for one keeps nothing and nobody can fill a table with them; what is kept is each that was
answered, until its end, so that none serves twice.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mvote.installation import installation
from mvote.people.identity.rules import keyed
from mvote.people.officials.errors import PasskeyRefused
from mvote.people.officials.tables import SpentChallengeRow

Purpose = Literal["enrol", "add", "sign-in", "fresh"]
NONCE_BYTES: Final = 16
END_BYTES: Final = 8
MAC_BYTES: Final = 32
VERIFIED: Final = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Registered:
    """A new passkey as its authenticator described it."""

    credential: bytes
    public_key: bytes
    sign_count: int


def registration_options(
    official: str, login: str, *, purpose: Purpose, known: Iterable[bytes], now: datetime
) -> dict[str, Any]:
    """``PublicKeyCredentialCreationOptionsJSON`` for a passkey that names its official itself."""
    settings = installation().settings
    return options_to_json_dict(
        generate_registration_options(
            rp_id=_site()[1],
            rp_name=f"{settings.city_ko} {settings.city_en}",
            user_id=official.encode(),
            user_name=login,
            challenge=_new_challenge(purpose, official, now=now),
            timeout=settings.passkey_seconds * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
    )


def authentication_options(
    official: str, *, purpose: Purpose, known: Iterable[bytes] = (), now: datetime
) -> dict[str, Any]:
    """``PublicKeyCredentialRequestOptionsJSON``; with none ``known`` any passkey may answer."""
    return options_to_json_dict(
        generate_authentication_options(
            rp_id=_site()[1],
            challenge=_new_challenge(purpose, official, now=now),
            timeout=installation().settings.passkey_seconds * 1000,
            allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
            user_verification=VERIFIED,
        )
    )


def check_registration(
    answer: Mapping[str, Any], official: str, *, purpose: Purpose, now: datetime
) -> tuple[Registered, bytes]:
    """The new passkey, and the challenge, which has to be spent.  Raises PasskeyRefused."""
    origin, host = _site()
    try:
        challenge = _challenge_of(answer, purpose, official, now=now)
        found = verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            require_user_verification=True,
        )
    except PasskeyRefused:
        raise
    except Exception:  # the library parses what a stranger sent and raises of many kinds
        raise PasskeyRefused() from None
    made = Registered(found.credential_id, found.credential_public_key, found.sign_count)
    return made, challenge


def check_authentication(
    answer: Mapping[str, Any], official: str, *, purpose: Purpose, public_key: bytes, now: datetime
) -> tuple[int, bytes]:
    """What the authenticator counts, and the challenge, which has to be spent.

    Whether the count went on is the caller's to ask.  Raises PasskeyRefused.
    """
    origin, host = _site()
    try:
        challenge = _challenge_of(answer, purpose, official, now=now)
        found = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except PasskeyRefused:
        raise
    except Exception:
        raise PasskeyRefused() from None
    return found.new_sign_count, challenge


def credential_of(answer: Mapping[str, Any]) -> bytes:
    """The id of the credential that answers.  Raises PasskeyRefused."""
    try:
        return base64url_to_bytes(answer["rawId"])
    except (ValueError, TypeError, KeyError):
        raise PasskeyRefused() from None


def spend(session: Session, challenge: bytes) -> None:
    """Let no second answer to a challenge be taken.  Raises PasskeyRefused: one was."""
    ends = datetime.fromtimestamp(int.from_bytes(challenge[:END_BYTES], "big"), UTC)
    spent = {"mac": challenge[-MAC_BYTES:], "expires_at": ends}
    try:
        with session.begin_nested():
            session.execute(insert(SpentChallengeRow).values(spent))
    except IntegrityError:
        raise PasskeyRefused() from None


def _site() -> tuple[str, str]:
    """Origin and host of the pages on which officials use passkeys."""
    settings = installation().settings
    parts = urlsplit(settings.officials_url or settings.public_url)
    return f"{parts.scheme}://{parts.netloc}", parts.hostname or ""


def _new_challenge(purpose: Purpose, official: str, *, now: datetime) -> bytes:
    """56 bytes: when it ends, a nonce, a MAC over these, its purpose and the official."""
    ends = now + timedelta(seconds=installation().settings.passkey_seconds)
    said = int(ends.timestamp()).to_bytes(END_BYTES, "big") + secrets.token_bytes(NONCE_BYTES)
    return said + _mac(said, purpose, official)


def _challenge_of(
    answer: Mapping[str, Any], purpose: Purpose, official: str, *, now: datetime
) -> bytes:
    """The challenge that is answered, if we made it, for this, and it has not ended."""
    challenge = parse_client_data_json(
        base64url_to_bytes(answer["response"]["clientDataJSON"])
    ).challenge
    said, mac = challenge[:-MAC_BYTES], challenge[-MAC_BYTES:]
    ours = len(said) == END_BYTES + NONCE_BYTES
    if not ours or not secrets.compare_digest(mac, _mac(said, purpose, official)):
        raise PasskeyRefused()
    if int.from_bytes(said[:END_BYTES], "big") < now.timestamp():
        raise PasskeyRefused()
    return challenge


def _mac(said: bytes, purpose: Purpose, official: str) -> bytes:
    pepper = installation().keys["people"].pepper
    return keyed(pepper, b"passkey" + said + f"{purpose}\0{official}".encode())
