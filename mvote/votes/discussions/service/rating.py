"""What citizens say to an answer: each rates it once, and may ask once for another."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.errors import Refusal
from mvote.core.ids import new_id
from mvote.core.working_time import DAYS, Within
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.discussions.errors import (
    AnswerAlreadyRated,
    AnswerNotGiven,
    AnswerReplaced,
    AskedAgainAlready,
    NothingToAnswer,
)
from mvote.votes.discussions.rules import ANSWER, ASKED_AGAIN, POLL, RATINGS, RecordEntry
from mvote.votes.discussions.rules_ratings import (
    AGAIN,
    RATING,
    STARS,
    Asked,
    Ratings,
    Reason,
    Said,
)
from mvote.votes.discussions.service.entering import add_entry
from mvote.votes.discussions.service.homes import find_home, list_at_home, lock_home
from mvote.votes.discussions.service.reading import find_record
from mvote.votes.discussions.service.writing import write
from mvote.votes.discussions.tables import AnswerReplyRow, RecordEntryRow, RecordRow
from mvote.votes.dues import service as dues
from mvote.votes.dues.rules import ANSWER as OWED_ANSWER
from mvote.votes.dues.rules import SECOND_ANSWER
from mvote.votes.moderation import service as moderation
from mvote.votes.participation import service as participation

Replies = tuple[str, str, str, str]
"""Scope, poll, kind, and the digest of the answer, empty for asking again."""


def rate_answer(
    record_id: str, *, raw: JSON, poll: str, answer: str, stars: int, reason: str, now: datetime
) -> Ratings:
    """Rate the newest answer about a poll once; gives what is told of its ratings then.

    ``record_id`` is the record in which the poll was opened, whose permits are good for it.
    ``answer`` is the digest of the answer that was read.  Raises RecordUnknown, NothingToAnswer,
    AnswerNotGiven, AnswerReplaced, AnswerAlreadyRated, and what ``take_act`` raises.
    """
    with transaction("votes") as session:
        taken = participation.take_act(session, raw, scope_id=record_id, act="rate", now=now)
        newest = _newest_answer(session, record_id, poll)
        if taken.new:
            if newest.digest != answer:
                raise AnswerReplaced()
            about = record_id, poll, RATING, newest.digest
            _keep(session, about, Said(taken.holder, stars, reason), AnswerAlreadyRated(), now=now)
        return _ratings(session, record_id, newest)


def ask_again(record_id: str, *, raw: JSON, poll: str, reason: str, now: datetime) -> Asked:
    """Ask once for a second answer about a poll; enough who do make the department owe one.

    Raises RecordUnknown, NothingToAnswer, AnswerNotGiven, AskedAgainAlready, and what
    ``take_act`` raises.
    """
    with transaction("votes") as session:
        taken = participation.take_act(session, raw, scope_id=record_id, act="ask-again", now=now)
        _newest_answer(session, record_id, poll)
        if taken.new:
            home = lock_home(session, record_id, poll)
            if _is_owed(session, poll):
                raise AskedAgainAlready()
            about = record_id, poll, AGAIN, ""
            _keep(session, about, Said(taken.holder, 0, reason), AskedAgainAlready(), now=now)
            _owe_second(session, home, record_id, poll, now=now)
        return _asked(session, record_id, poll)


def list_replies(record_id: str) -> tuple[list[Ratings], list[Asked]]:
    """What is told of ratings and of asking again, for each answered poll of a record.

    Raises RecordUnknown.
    """
    with reading("votes") as session:
        row = find_record(session, record_id)
        entries = list_at_home(session, [row.id]).get(row.id, [])
        scopes = {one.poll: one.record for one in entries if one.kind == POLL}
        newest = {one.poll: one for one in entries if one.kind == ANSWER}
        rated = [_ratings(session, scopes[poll], one) for poll, one in newest.items()]
        return rated, [_asked(session, scopes[poll], poll) for poll in newest]


def sum_ratings(session: Session, row: RecordRow, *, now: datetime) -> None:
    """Write down what the ratings of each answer came to, where enough were given."""
    entries = list_at_home(session, [row.id]).get(row.id, [])
    scopes = {one.poll: one.record for one in entries if one.kind == POLL}
    for poll, newest in {one.poll: one for one in entries if one.kind == ANSWER}.items():
        told = _ratings(session, scopes[poll], newest).to_json()
        if told["ratings"] is not None:
            kept = ("poll", "answer", "ratings", "mean", "stars")
            body = {name: told[name] for name in kept}
            add_entry(session, row.id, kind=RATINGS, subject=poll, body=body, by="", now=now)


def _owe_second(session: Session, home: RecordRow, scope: str, poll: str, *, now: datetime) -> None:
    """Once enough have asked, the department that answered owes one more answer."""
    settings = installation().settings
    if len(_replies(session, (scope, poll, AGAIN, ""))) < settings.askers_again:
        return
    body = {"poll": poll, "askers_at_least": settings.askers_again}
    entry = write(session, home, ASKED_AGAIN, body, subject=poll, poll=poll, now=now)
    home.closed_at = None
    dues.set_due(
        session,
        record=home.id,
        cause=poll,
        kind=SECOND_ANSWER,
        department=dues.owner_of(session, cause=poll, kind=OWED_ANSWER) or home.department,
        start=entry.at,
        within=Within(settings.second_answer_days, DAYS),
        now=now,
    )


def _newest_answer(session: Session, scope: str, poll: str) -> RecordEntry:
    """Raises RecordUnknown, NothingToAnswer, AnswerNotGiven."""
    find_record(session, scope)
    opened = select(RecordEntryRow.number).where(
        RecordEntryRow.record == scope, RecordEntryRow.kind == POLL, RecordEntryRow.poll == poll
    )
    if session.scalar(opened) is None:
        raise NothingToAnswer()
    home = find_home(session, scope, poll)
    entries = list_at_home(session, [home.id]).get(home.id, [])
    answers = [one for one in entries if one.kind == ANSWER and one.poll == poll]
    if not answers:
        raise AnswerNotGiven()
    return answers[-1]


def _keep(session: Session, about: Replies, said: Said, twice: Refusal, *, now: datetime) -> None:
    """Keep a reply and hand its reason to moderation.  Raises ``twice`` where there is one."""
    scope, poll, kind, answer = about
    if session.get(AnswerReplyRow, (*about, said.holder)) is not None:
        raise twice
    item = new_id() if said.reason else ""
    row = AnswerReplyRow(
        scope=scope,
        poll=poll,
        kind=kind,
        answer=answer,
        holder=said.holder,
        stars=said.stars,
        item=item,
    )
    session.add(row)
    session.flush()
    if item:
        home = find_home(session, scope, poll)
        moderation.submit(
            session,
            kind=kind,
            item=item,
            text=said.reason,
            author=said.holder,
            department=home.department,
            record=home.id,
            scope=scope,
            now=now,
        )


def _replies(session: Session, about: Replies) -> list[AnswerReplyRow]:
    scope, poll, kind, answer = about
    query = select(AnswerReplyRow).where(
        AnswerReplyRow.scope == scope,
        AnswerReplyRow.poll == poll,
        AnswerReplyRow.kind == kind,
        AnswerReplyRow.answer == answer,
    )
    return list(session.scalars(query))


def _ratings(session: Session, scope: str, answer: RecordEntry) -> Ratings:
    fewest = installation().settings.ratings_shown
    rows = _replies(session, (scope, answer.poll, RATING, answer.digest))
    if len(rows) < fewest:
        return Ratings(answer.poll, answer.digest, scope, fewest, None)
    counted = Counter(row.stars for row in rows)
    return Ratings(
        poll=answer.poll,
        answer=answer.digest,
        scope=scope,
        fewest=fewest,
        stars={one: counted[one] for one in STARS},
        reasons=tuple(_reasons(session, rows, RATING)),
    )


def _reasons(session: Session, rows: list[AnswerReplyRow], kind: str) -> list[Reason]:
    """Those that are shown, in the order of their ids, which are random."""
    items = [row.item for row in rows if row.item]
    found = moderation.list_standings(session, kind=kind, items=items)
    return [
        Reason(item, kind, one.text)
        for item, one in sorted(found.items())
        if one.shown and one.text is not None
    ]


def _is_owed(session: Session, poll: str) -> bool:
    """Whether citizens of any scope made the department owe a second answer."""
    query = select(func.count()).select_from(RecordEntryRow)
    about = RecordEntryRow.kind == ASKED_AGAIN, RecordEntryRow.poll == poll
    return bool(session.scalar(query.where(*about)))


def _asked(session: Session, scope: str, poll: str) -> Asked:
    settings = installation().settings
    askers = len(_replies(session, (scope, poll, AGAIN, "")))
    steps = settings.ratings_shown
    return Asked(
        poll=poll,
        scope=scope,
        needed=settings.askers_again,
        askers_at_least=askers // steps * steps,
        owed=_is_owed(session, poll),
    )
