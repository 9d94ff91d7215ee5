"""What citizens declare of themselves, apart from what the register says of them."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mvote.core.eligibility.birth_year import BAND
from mvote.db import reading, transaction
from mvote.people.identity.rules_consents import DECLARATION
from mvote.people.identity.service.accounts import hold_account
from mvote.people.identity.service.consents import require_consent
from mvote.people.identity.tables import DeclaredRow


@dataclass(frozen=True, slots=True)
class Declared:
    """``birth_band`` is the first year of five; None: not told."""

    district: str | None
    birth_band: int | None
    gender: str | None


def declare(
    account: str,
    *,
    district: str | None,
    birth_year: int | None,
    gender: str | None,
) -> Declared:
    """Keep what a citizen tells, in place of what was told before.

    Raises ConsentNeeded, AccountGone.
    """
    band = None if birth_year is None else birth_year - birth_year % BAND
    with transaction("people") as session:
        hold_account(session, account)
        require_consent(session, account, DECLARATION)
        row = DeclaredRow(account=account, district=district, birth_band=band, gender=gender)
        session.merge(row)
    return Declared(district, band, gender)


def find_declared(account: str) -> Declared | None:
    with reading("people") as session:
        return declared_by(session, account)


def declared_by(session: Session, account: str) -> Declared | None:
    row = session.get(DeclaredRow, account)
    return None if row is None else Declared(row.district, row.birth_band, row.gender)


def forget_declared(account: str) -> None:
    with transaction("people") as session:
        session.execute(delete(DeclaredRow).where(DeclaredRow.account == account))
