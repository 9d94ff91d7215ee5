"""Links by which officials enrol a passkey: made by an administrator, used once, soon void."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import b64u
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.errors import AccountGone
from mvote.people.identity.rules import SignIn
from mvote.people.officials.errors import EnrolmentNotValid, NoSuchOfficial
from mvote.people.officials.rules import (
    BY_PASSKEY,
    SECRET_BYTES,
    Enrolment,
    EnrolmentLinkMade,
    enrolment_mac,
    link_with,
)
from mvote.people.officials.service.ceremonies import (
    check_registration,
    registration_options,
    spend,
)
from mvote.people.officials.service.passkeys import keep_passkey, known_credentials
from mvote.people.officials.service.signing_in import get_active, sign_in_as
from mvote.people.officials.tables import EnrolmentRow, OfficialRow


def make_link(session: Session, official: str, *, by: str, now: datetime) -> Enrolment:
    """A new link in the caller's transaction; one made before is void."""
    settings, secret = installation().settings, b64u(secrets.token_bytes(SECRET_BYTES))
    ends = now + timedelta(seconds=settings.enrolment_seconds)
    session.execute(delete(EnrolmentRow).where(EnrolmentRow.official == official))
    session.add(EnrolmentRow(official=official, mac=_mac(secret), expires_at=ends))
    record(session, "people", EnrolmentLinkMade(official, by=by), now=now)
    return Enrolment(link_with(settings.officials_url or settings.public_url, secret), ends)


def invite_again(official: str, *, by: str, now: datetime) -> Enrolment:
    """A new link for an official who is there.  Raises NoSuchOfficial, AccountDisabled."""
    with transaction("people") as session:
        try:
            get_active(session, official)
        except AccountGone:
            raise NoSuchOfficial() from None
        return make_link(session, official, by=by, now=now)


def begin_enrolment(secret: str, *, now: datetime) -> dict[str, Any]:
    """What the browser is to ask an authenticator for.  Raises EnrolmentNotValid."""
    with reading("people") as session:
        row = _enrolling(session, secret, now=now)
        known = known_credentials(session, row.id)
        return registration_options(row.id, row.login, purpose="enrol", known=known, now=now)


def enrol(secret: str, *, answer: Mapping[str, Any], label: str, now: datetime) -> SignIn:
    """Keep the passkey, end the link, and sign in.

    Raises EnrolmentNotValid, PasskeyRefused, PasskeyKnown, TooManyPasskeys.
    """
    with reading("people") as session:
        official = _enrolling(session, secret, now=now).id
    made, challenge = check_registration(answer, official, purpose="enrol", now=now)
    with transaction("people") as session:
        use_link(session, secret, now=now)
        spend(session, challenge)
        signed_in = sign_in_as(session, official, proof=BY_PASSKEY, device=label, now=now)
        keep_passkey(session, official, made, label=label, now=now)
        return signed_in


def use_link(session: Session, secret: str, *, now: datetime) -> str:
    """Use a link up, in the caller's transaction; gives its official.

    The official is held first, as by whoever disables one and voids the link.  Raises
    EnrolmentNotValid, AccountDisabled.
    """
    official = _enrolling(session, secret, now=now).id
    get_active(session, official)
    used = delete(EnrolmentRow).where(EnrolmentRow.mac == _mac(secret))
    if session.execute(used.returning(EnrolmentRow.official)).first() is None:
        raise EnrolmentNotValid()
    return official


def _enrolling(session: Session, secret: str, *, now: datetime) -> OfficialRow:
    found = session.scalar(
        select(OfficialRow)
        .join(EnrolmentRow, EnrolmentRow.official == OfficialRow.id)
        .where(
            EnrolmentRow.mac == _mac(secret),
            EnrolmentRow.expires_at > now,
            OfficialRow.disabled.is_(False),
        )
    )
    if found is None:
        raise EnrolmentNotValid()
    return found


def _mac(secret: str) -> bytes:
    return enrolment_mac(installation().keys["people"].pepper, secret)
