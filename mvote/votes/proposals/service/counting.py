"""How many proposals were made, for the city's figures."""

from sqlalchemy import func, or_, select

from mvote.db import reading
from mvote.votes.proposals.rules import MERGED, WITHDRAWN
from mvote.votes.proposals.service.reading import LISTED
from mvote.votes.proposals.tables import ProposalRow


def count_made() -> dict[str, int]:
    """By department, without those withdrawn by their authors or merged into another.

    What entered a record counts, whatever moderators made of its text since.
    """
    counts = or_(ProposalRow.standing.in_(LISTED), ProposalRow.record != "")
    query = (
        select(ProposalRow.department, func.count().label("made"))
        .where(counts, ProposalRow.state.not_in((WITHDRAWN, MERGED)))
        .group_by(ProposalRow.department)
    )
    with reading("votes") as session:
        return {row.department: row.made for row in session.execute(query)}
