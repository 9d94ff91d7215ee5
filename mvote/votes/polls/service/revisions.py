"""What a draft said in each of its revisions, to show an official what another one changed."""

import json
from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.difference import differences
from mvote.installation import installation
from mvote.votes.polls.errors import DraftChangedMeanwhile
from mvote.votes.polls.tables import DraftRevisionRow, PollRow


def keep_revision(session: Session, row: PollRow, *, official: str) -> None:
    """Keep what the draft says now."""
    session.add(
        DraftRevisionRow(poll=row.id, revision=row.revision, official=official, draft=row.draft)
    )


def drop_revisions(session: Session, poll_id: str) -> None:
    """A poll that is frozen or called off is not drafted any more."""
    session.execute(delete(DraftRevisionRow).where(DraftRevisionRow.poll == poll_id))


def changed_meanwhile(
    session: Session, row: PollRow, known: Collection[int]
) -> DraftChangedMeanwhile:
    """The refusal for who has seen the revisions ``known`` only: what was changed since."""
    details: dict[str, JSON] = {"etag": f'"{row.revision}"'}
    last = session.get(DraftRevisionRow, (row.id, row.revision))
    if last is not None:
        details["by"] = last.official
    seen = max((number for number in known if number < row.revision), default=None)
    before = session.get(DraftRevisionRow, (row.id, seen)) if seen is not None else None
    if before is not None:
        most = installation().settings.changes_shown
        changes = [
            one.to_json() for one in differences(json.loads(before.draft), json.loads(row.draft))
        ]
        details |= {"changes": changes[:most], "changes_left": max(0, len(changes) - most)}
    return DraftChangedMeanwhile().with_details(details)
