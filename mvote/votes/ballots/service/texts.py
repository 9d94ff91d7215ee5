"""The texts beside ballots: kept with them, moved with them, and given away when a poll is over."""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.question import REASON, Question
from mvote.core.questions import QUESTIONS
from mvote.core.questions.private_texts import PrivateText
from mvote.core.shapes import Choices, Ranking
from mvote.votes.ballots.rules import Incoming, SharedReason, plain_reason
from mvote.votes.polls import service as polls

_KEEP = text(
    """
    INSERT INTO text_inbox (poll, voter_key, question, seq, text)
    VALUES (:poll, :voter_key, :question, :seq, :text)
    ON CONFLICT (poll, voter_key, question) DO UPDATE SET seq = excluded.seq, text = excluded.text
    WHERE excluded.seq > text_inbox.seq
    """
)
_MOVE = text(
    """
    INSERT INTO ballot_texts (poll, voter_key, question, seq, text)
    SELECT poll, voter_key, question, seq, text FROM text_inbox WHERE poll = :poll
    ORDER BY voter_key, question
    ON CONFLICT (poll, voter_key, question) DO UPDATE SET seq = excluded.seq, text = excluded.text
    """
)
_EMPTY = text("DELETE FROM text_inbox WHERE poll = :poll")
_REPLACED = text(
    """
    DELETE FROM ballot_texts WHERE poll = :poll AND EXISTS (
        SELECT 1 FROM board_entries WHERE board_entries.poll = ballot_texts.poll
        AND board_entries.voter_key = ballot_texts.voter_key
        AND board_entries.seq > ballot_texts.seq
    )
    """
)
_GIVE = text("SELECT question, text FROM ballot_texts WHERE poll = :poll")
_REASONS = text(
    """
    SELECT ballot_texts.question, ballot_texts.text, board_entries.body FROM ballot_texts
    JOIN board_entries ON board_entries.poll = ballot_texts.poll
    AND board_entries.voter_key = ballot_texts.voter_key
    AND board_entries.seq = ballot_texts.seq
    WHERE ballot_texts.poll = :poll AND board_entries.kind = 'ballot'
    """
)
_DROP = text("DELETE FROM ballot_texts WHERE poll = :poll")


def keep_texts(session: Session, ballots: Iterable[Incoming]) -> None:
    """Keep the texts of ballots that were stored in this transaction.

    In the order of the key at which two writers can meet, so that none waits crosswise.
    """
    rows = [
        {
            "poll": ballot.poll,
            "voter_key": ballot.voter_key,
            "question": one.key,
            "seq": ballot.seq,
            "text": one.text,
        }
        for ballot in ballots
        for one in ballot.texts
    ]
    rows.sort(key=lambda row: (row["poll"], row["voter_key"], row["question"], row["seq"]))
    if rows:
        session.execute(_KEEP, rows)


def move_texts(session: Session, poll: str) -> None:
    """Move texts out of the inbox after their ballots; one that a later ballot replaced goes.

    The caller holds the poll's gate exclusively.
    """
    for statement in (_MOVE, _EMPTY, _REPLACED):
        session.execute(statement, {"poll": poll})


def take_texts(session: Session, poll: str) -> Sequence[PrivateText]:
    """Give the texts of a finished poll away, shuffled, without whose they are; none stays."""
    taken = [PrivateText(row.question, row.text) for row in session.execute(_GIVE, {"poll": poll})]
    drop_texts(session, poll)
    secrets.SystemRandom().shuffle(taken)
    return taken


def shared_reasons(session: Session, poll: str, *, fewest: int) -> list[SharedReason]:
    """Reasons that at least ``fewest`` voters of one option gave in the same words.

    Only so many hide the ballot of each; of every other reason nobody learns which option it
    was for.  To be asked before the texts are taken.
    """
    asked = {one.id + REASON: one for one in polls.definition_of(poll).questions if one.reason}
    found: Counter[tuple[str, str, str]] = Counter()
    for row in session.execute(_REASONS, {"poll": poll}):
        if question := asked.get(row.question):
            said = plain_reason(row.text)
            for option in _chosen(question, json.loads(row.body)["ans"]):
                found[question.id, option, said] += 1
    return [SharedReason(*about, n) for about, n in sorted(found.items()) if n >= fewest]


def _chosen(question: Question, answers: Mapping[str, JSON]) -> Iterator[str]:
    """The options that an answer is for: those chosen, or those ranked first."""
    given = answers.get(question.id) or []
    shape = QUESTIONS.get(question.type).shape
    if shape is Choices:
        yield from given
    elif shape is Ranking and given:
        yield from [given[0]] if isinstance(given[0], str) else given[0]


def drop_texts(session: Session, poll: str) -> None:
    """The texts of a poll that was cancelled are nobody's business."""
    session.execute(_DROP, {"poll": poll})
