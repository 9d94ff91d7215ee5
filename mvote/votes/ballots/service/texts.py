"""The texts beside ballots: kept with them, moved with them, and given away when a poll is over."""

import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from mvote.core.questions.private_texts import PrivateText
from mvote.votes.ballots.rules import Incoming

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


def drop_texts(session: Session, poll: str) -> None:
    """The texts of a poll that was cancelled are nobody's business."""
    session.execute(_DROP, {"poll": poll})
