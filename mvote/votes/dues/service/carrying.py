"""What is owed goes along where records are merged or split; no date changes."""

from collections.abc import Collection

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from mvote.votes.dues.tables import DueRow


def carry_dues(
    session: Session, *, of: str, to: str, causes: Collection[str] | None = None
) -> None:
    """Everything that a record owes or owed is owed in another now, or what is for ``causes``.

    A cause may have parts, told by a full stop behind it: they go along.
    """
    moved = update(DueRow).where(DueRow.record == of)
    if causes is not None:
        as_before = DueRow.cause.is_(None) & DueRow.id.in_(causes)
        parts = [DueRow.cause.startswith(f"{one}.", autoescape=True) for one in causes]
        moved = moved.where(or_(DueRow.cause.in_(causes), as_before, *parts))
    session.execute(moved.values(record=to))
