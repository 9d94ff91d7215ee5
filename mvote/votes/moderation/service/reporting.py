"""What citizens do about a text: report it once, appeal once where it is theirs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.db import transaction
from mvote.installation import city_day, installation
from mvote.votes.moderation.errors import (
    AppealedBefore,
    NotHidden,
    NotTheAuthor,
    OtherTextMeant,
    ReportedBefore,
    TextUnknown,
)
from mvote.votes.moderation.rules import (
    FILED,
    HIDDEN,
    PUBLISHED,
    WAITING,
    Standing,
    check_kind,
)
from mvote.votes.moderation.service.reading import standing_of
from mvote.votes.moderation.service.submitting import find_scope, lock_text
from mvote.votes.moderation.tables import ModeratedRow, ReportRow
from mvote.votes.participation import service as participation
from mvote.votes.participation.rules import Taken

REPORT, APPEAL = "report", "appeal"


def report_text(
    kind: str, item: str, *, raw: JSON, body: Mapping[str, Any], now: datetime
) -> Standing:
    """Take a citizen's report.  Enough of them let a text wait, until a moderator decided once.

    What the city owes an answer to stays where it is and is only put before the moderators.
    Raises TextUnknown, NeverModerated, TextRemovedForGood, TextWithdrawn, OtherTextMeant,
    ReportedBefore and what take_act raises.
    """
    _check_meant(kind, item, body)
    with transaction("votes") as session:
        row, taken = _take(session, kind, item, raw=raw, act=REPORT, now=now)
        if not taken.new:
            return standing_of(session, row)
        if session.get(ReportRow, (kind, item, taken.holder)) is not None:
            raise ReportedBefore()
        session.add(
            ReportRow(
                kind=kind,
                item=item,
                scope=row.scope,
                holder=taken.holder,
                categories=canonical_bytes(sorted(set(body["categories"]))).decode(),
                text=body["text"],
            )
        )
        row.reports += 1
        _let_wait(row, now)
        session.flush()
        return standing_of(session, row)


def appeal(kind: str, item: str, *, raw: JSON, body: Mapping[str, Any], now: datetime) -> Standing:
    """Take the author's appeal against hiding a text, once.

    Raises TextUnknown, NeverModerated, TextRemovedForGood, TextWithdrawn, OtherTextMeant,
    NotTheAuthor, NotHidden, AppealedBefore and what take_act raises.
    """
    _check_meant(kind, item, body)
    with transaction("votes") as session:
        row, taken = _take(session, kind, item, raw=raw, act=APPEAL, now=now)
        if not taken.new:
            return standing_of(session, row)
        if row.author != taken.holder:
            raise NotTheAuthor()
        if row.appeal_state:
            raise AppealedBefore()
        if row.state != HIDDEN:
            raise NotHidden()
        row.appeal_state, row.appeal = FILED, body["text"]
        row.due = city_day(now) + timedelta(days=installation().settings.appeal_days)
        return standing_of(session, row)


def _check_meant(kind: str, item: str, body: Mapping[str, Any]) -> None:
    """The signature covers the body, so the body says which text is meant."""
    check_kind(kind)
    if (body["kind"], body["item"]) != (kind, item):
        raise OtherTextMeant()


def _take(
    session: Session, kind: str, item: str, *, raw: JSON, act: str, now: datetime
) -> tuple[ModeratedRow, Taken]:
    """Count the act in the scope of the text; only then lock the text."""
    scope = find_scope(session, kind, item)
    if scope is None:
        raise TextUnknown()
    taken = participation.take_act(session, raw, scope_id=scope, act=act, now=now)
    return lock_text(session, kind, item, alive=taken.new), taken


def _let_wait(row: ModeratedRow, now: datetime) -> None:
    enough = row.reports >= installation().settings.reports_to_wait
    if row.state == PUBLISHED and enough and not (row.kept or row.bound):
        row.state, row.since = WAITING, city_day(now)
