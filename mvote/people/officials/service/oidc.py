"""Signing in at the provider of the city's own staff, to which a link or another proof binds.

The provider is asked for a sign-in no older than ``fresh_seconds``, and has to say when it
was: a browser that was left signed in there opens nothing here.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mvote.db import transaction
from mvote.people.identity.rules import BY_OIDC, SignIn
from mvote.people.identity.service.oidc_logins import take_subject
from mvote.people.officials.errors import SubjectNotKnown, SubjectTaken
from mvote.people.officials.service.enrolling import use_link
from mvote.people.officials.service.signing_in import proved_again, sign_in_as
from mvote.people.officials.tables import OfficialRow


def sign_in_with_oidc(came: Mapping[str, str], *, now: datetime) -> SignIn:
    """``came`` holds ``login``, ``secret`` and ``code`` of a sign-in that came back.

    Raises OidcLoginUnknown, SubjectNotKnown, AccountDisabled.
    """
    with transaction("people") as session:
        official = _official_of(session, _subject(session, came, now=now))
        if official is not None:
            return sign_in_as(session, official, proof=BY_OIDC, now=now)
    raise SubjectNotKnown()


def confirm_with_oidc(
    official: str, *, family: str, came: Mapping[str, str], now: datetime
) -> SignIn:
    """Prove again, within a sign-in, who is calling.

    Raises OidcLoginUnknown, SubjectNotKnown, AccountGone, AccountDisabled.
    """
    with transaction("people") as session:
        if _official_of(session, _subject(session, came, now=now)) == official:
            return proved_again(session, official, family=family, proof=BY_OIDC)
    raise SubjectNotKnown()


def enrol_with_oidc(link: str, *, came: Mapping[str, str], now: datetime) -> SignIn:
    """Bind the subject to the official of a link, which is used up, and sign in.

    Raises OidcLoginUnknown, EnrolmentNotValid, SubjectTaken, AccountDisabled.
    """
    try:
        with transaction("people") as session:
            subject = _subject(session, came, now=now)
            official = use_link(session, link, now=now)
            bound = update(OfficialRow).where(OfficialRow.id == official)
            session.execute(bound.values(oidc_mac=subject))
            return sign_in_as(session, official, proof=BY_OIDC, now=now)
    except IntegrityError:
        raise SubjectTaken() from None


def _subject(session: Session, came: Mapping[str, str], *, now: datetime) -> bytes:
    return take_subject(
        session,
        came["login"],
        kind="official",
        secret=came["secret"],
        code=came["code"],
        now=now,
    )


def _official_of(session: Session, subject: bytes) -> str | None:
    return session.scalar(select(OfficialRow.id).where(OfficialRow.oidc_mac == subject))
