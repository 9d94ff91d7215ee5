"""What the rolls hold about a citizen, and what of it goes with the account."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.times import iso
from mvote.people.identity.service.accounts import RollKeys
from mvote.people.rolls.tables import DeskRequestRow, ListedEntryRow, ListedRow, RegisterRow


def held_on_rolls(session: Session, account: str, keys: RollKeys) -> dict[str, JSON]:
    """The register's row and the lists, by the number or the entry that the sign-in shows.

    And requests at the desk that wait.
    """
    row = _register_row(session, keys)
    lists: set[str] = set()
    if keys.number is not None:
        listed = select(ListedRow.list).where(ListedRow.number_mac == keys.number)
        lists.update(session.scalars(listed))
    entry = keys.entry or (row.entry if row else None)
    if entry is not None:
        listed = select(ListedEntryRow.list).where(ListedEntryRow.entry == entry)
        lists.update(session.scalars(listed))
    facts = ("district", "birth_band", "gender")
    register = None if row is None else {name: getattr(row, name) for name in facts}
    waiting = select(DeskRequestRow.expires_at).where(DeskRequestRow.account == account)
    requests: list[JSON] = [{"expires": iso(at)} for at in session.scalars(waiting)]
    return {"register": register, "lists": sorted(lists), "desk_requests": requests}


def _register_row(session: Session, keys: RollKeys) -> RegisterRow | None:
    """By the entry, as in ``/me``, else by the number; a key that is not there finds nobody."""
    row = None if keys.entry is None else session.get(RegisterRow, keys.entry)
    if row is None and keys.number is not None:
        by_number = RegisterRow.number_mac == keys.number
        row = session.scalar(select(RegisterRow).where(by_number))
    return row


def forget_on_rolls(session: Session, account: str) -> dict[str, int]:
    """In the caller's transaction: what the rolls keep for an account alone; rows by table."""
    waiting = delete(DeskRequestRow).where(DeskRequestRow.account == account)
    return {DeskRequestRow.__tablename__: session.connection().execute(waiting).rowcount}
