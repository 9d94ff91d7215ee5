"""The hashes of what was issued for a poll whose ballots are published, for the recount."""

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mvote.db import reading
from mvote.votes.polls.tables import HASHES_A_ROW, IssuedHashesRow

HASH_BYTES = 32


def keep_issued(session: Session, poll_id: str, hashes: Sequence[str]) -> None:
    """Keep sorted hexadecimal hashes in the place of those kept before."""
    session.execute(delete(IssuedHashesRow).where(IssuedHashesRow.poll == poll_id))
    for number, first in enumerate(range(0, len(hashes), HASHES_A_ROW)):
        packed = bytes.fromhex("".join(hashes[first : first + HASHES_A_ROW]))
        session.add(IssuedHashesRow(poll=poll_id, number=number, hashes=packed))


def iter_issued(poll_id: str) -> Iterator[str]:
    """The hashes in hexadecimal, sorted; none where none are told."""
    query = select(IssuedHashesRow.hashes).where(IssuedHashesRow.poll == poll_id)
    query = query.order_by(IssuedHashesRow.number).execution_options(yield_per=16)
    with reading("votes") as session:
        for packed in session.scalars(query):
            for first in range(0, len(packed), HASH_BYTES):
                yield bytes(packed[first : first + HASH_BYTES]).hex()
