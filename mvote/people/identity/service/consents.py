"""Consents: given to a version of a text, withdrawn at any time, kept as long as the account."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.errors import (
    ConsentCarriesAccount,
    ConsentNeeded,
    ConsentOutdated,
    PurposeUnknown,
)
from mvote.people.identity.rules_consents import (
    DECLARATION,
    IDENTIFICATION,
    TEXTS,
    Consent,
    ConsentText,
    ConsentTextsRefused,
    read_texts,
)
from mvote.people.identity.service.accounts import hold_account
from mvote.people.identity.tables import ConsentRow, DeclaredRow
from mvote.settings import SettingsFault


def list_texts() -> tuple[ConsentText, ...]:
    """The newest version for each purpose.  Raises SettingsFault."""
    return tuple(_texts().values())


def get_text(purpose: str) -> ConsentText:
    """Raises PurposeUnknown."""
    if purpose not in TEXTS:
        raise PurposeUnknown()
    return _texts()[purpose]


def give_consent(account: str, purpose: str, *, version: int, now: datetime) -> Consent:
    """Agree to the newest text.  Raises PurposeUnknown, ConsentOutdated, AccountGone."""
    with transaction("people") as session:
        hold_account(session, account)
        return note_consent(session, account, purpose, version=version, now=now)


def note_consent(
    session: Session, account: str, purpose: str, *, version: int, now: datetime
) -> Consent:
    """In the caller's transaction.  Raises PurposeUnknown, ConsentOutdated."""
    check_version(purpose, version=version)
    day = now.date()
    row = session.get(ConsentRow, (account, purpose, version))
    if row is None:
        row = ConsentRow(
            account=account,
            purpose=purpose,
            version=version,
            digest=get_text(purpose).digest,
            given=day,
        )
        session.add(row)
    elif row.withdrawn is not None:
        row.given, row.withdrawn = day, None
    return _consent(row)


def check_version(purpose: str, *, version: int) -> None:
    """Raises PurposeUnknown, ConsentOutdated."""
    newest = get_text(purpose).version
    if version != newest:
        raise ConsentOutdated(purpose=purpose, version=newest)


def withdraw_consent(account: str, purpose: str, *, now: datetime) -> None:
    """What was kept for the purpose only goes at once.

    Raises PurposeUnknown, ConsentCarriesAccount.
    """
    get_text(purpose)
    if purpose == IDENTIFICATION:
        raise ConsentCarriesAccount()
    given = (ConsentRow.account == account) & (ConsentRow.purpose == purpose)
    with transaction("people") as session:
        session.execute(
            update(ConsentRow)
            .where(given, ConsentRow.withdrawn.is_(None))
            .values(withdrawn=now.date())
        )
        if purpose == DECLARATION:
            session.execute(delete(DeclaredRow).where(DeclaredRow.account == account))


def list_consents(account: str) -> tuple[Consent, ...]:
    """Everything that a citizen ever agreed to with this account."""
    query = (
        select(ConsentRow)
        .where(ConsentRow.account == account)
        .order_by(ConsentRow.purpose, ConsentRow.version)
    )
    with reading("people") as session:
        return tuple(_consent(row) for row in session.scalars(query))


def is_agreed(session: Session, account: str) -> bool:
    """Whether a citizen may be identified: agreed, or the city does not ask."""
    try:
        if is_consent_needed():
            require_consent(session, account, IDENTIFICATION)
    except ConsentNeeded:
        return False
    return True


def require_consent(session: Session, account: str, purpose: str) -> None:
    """Raises ConsentNeeded where the newest text was not agreed to."""
    text = get_text(purpose)
    row = session.get(ConsentRow, (account, purpose, text.version))
    if row is None or row.withdrawn is not None:
        raise ConsentNeeded(purpose=purpose, version=text.version)


def is_consent_needed() -> bool:
    """Whether nobody is identified here who has not agreed to it."""
    return installation().settings.consent_needed == "yes"


def _consent(row: ConsentRow) -> Consent:
    withdrawn: date | None = row.withdrawn
    return Consent(row.purpose, row.version, row.digest, row.given, withdrawn)


def _texts() -> Mapping[str, ConsentText]:
    path = installation().settings.consent_texts
    if path == Path():
        return TEXTS
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise SettingsFault(
            f"MVOTE_CONSENT_TEXTS: {path} cannot be read: {error.strerror}"
        ) from None


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Mapping[str, ConsentText]:
    try:
        return read_texts(path.read_bytes())
    except ConsentTextsRefused as refusal:
        raise SettingsFault(f"MVOTE_CONSENT_TEXTS: {path}: {refusal}") from None
