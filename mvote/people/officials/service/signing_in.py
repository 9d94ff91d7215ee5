"""Where every way of an official's signing in comes together, whatever proved who it is.

Passwords and passkeys come here; a login at the city's provider comes here too, with a
proof of its own name.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from mvote.core.ids import is_id
from mvote.people.identity.errors import AccountGone
from mvote.people.identity.rules import SignIn
from mvote.people.identity.service.sign_ins import open_sign_in
from mvote.people.officials.errors import AccountDisabled
from mvote.people.officials.tables import OfficialRow


def sign_in_as(
    session: Session, official: str, *, proof: str, device: str = "", now: datetime
) -> SignIn:
    """Begin a sign-in with the department and duties of this moment, in the caller's transaction.

    ``device`` is what the official calls what they signed in with.  Raises AccountGone,
    AccountDisabled.
    """
    row = get_active(session, official)
    return open_sign_in(
        session,
        row.id,
        kind="official",
        proof=proof,
        department=row.department,
        duties=tuple(row.duties.split()),
        device=device,
        now=now,
    )


def proved_again(session: Session, official: str, *, family: str, proof: str) -> SignIn:
    """The sign-in that goes on, of which a fresh token may be made.

    Raises AccountGone, AccountDisabled.
    """
    row = get_active(session, official)
    duties = tuple(row.duties.split())
    return SignIn(row.id, "official", family, proof, 0, row.department, duties)


def get_active(session: Session, official: str) -> OfficialRow:
    """As it is once whoever is changing it is done.  Raises AccountGone, AccountDisabled."""
    row = None
    if is_id(official):
        row = session.get(OfficialRow, official, with_for_update=True, populate_existing=True)
    if row is None:
        raise AccountGone()
    if row.disabled:
        raise AccountDisabled()
    return row
