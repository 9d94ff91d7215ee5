"""A pool as the files of Polis: 1 is agree, times are UTC."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from mvote.core.opinion.votes import AGREE, DISAGREE, MISSING, VoteMatrix
from mvote.formats.polis.comments import Comment
from mvote.formats.polis.votes import PolisVote

VOTES = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
PARTICIPANTS = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
COMMENTS = (
    "timestamp",
    "datetime",
    "comment-id",
    "author-id",
    "agrees",
    "disagrees",
    "moderated",
    "comment-body",
)


def write_votes_csv(votes: Iterable[PolisVote]) -> Iterator[str]:
    """``votes.csv``, every vote that was cast."""
    yield _row(VOTES)
    for one in votes:
        yield _row([one.at, _spelled(one.at), one.statement, one.participant, one.vote])


def write_votes_json(votes: Iterable[PolisVote]) -> Iterator[str]:
    """An array as red-dwarf reads it; ids that are numbers are numbers."""
    between = "["
    for one in votes:
        spelled = {
            "participant_id": _number(one.participant),
            "statement_id": _number(one.statement),
            "vote": one.vote,
            "modified": one.at,
        }
        yield between + "\n" + json.dumps(spelled, ensure_ascii=False)
        between = ","
    yield "[]\n" if between == "[" else "\n]\n"


def write_participants_csv(
    matrix: VoteMatrix, groups: Mapping[str, Sequence[str]], *, written: Mapping[str, int]
) -> Iterator[str]:
    """``participants-votes.csv``; ``written`` is how many statements a participant wrote."""
    group_of = {who: name for name, members in groups.items() for who in members}
    yield _row([*PARTICIPANTS, *matrix.statements])
    for who, cells in zip(matrix.participants, matrix.cells.tolist(), strict=True):
        given = ["" if cell == MISSING else cell for cell in cells]
        counts = [len(given) - given.count(""), given.count(AGREE), given.count(DISAGREE)]
        yield _row([who, group_of.get(who, ""), written.get(who, 0), *counts, *given])


def write_comments_csv(comments: Iterable[Comment], votes: Iterable[PolisVote]) -> Iterator[str]:
    """``comments.csv``; agrees and disagrees count every vote cast, as Polis does.

    The text is as it was written, for those who read the file by a program: a spreadsheet
    may take one that begins with = for a formula.
    """
    agrees: dict[tuple[str, int], int] = {}
    for one in votes:
        agrees[one.statement, one.vote] = agrees.get((one.statement, one.vote), 0) + 1
    yield _row(COMMENTS)
    for comment in comments:
        yield _row(
            [
                comment.at,
                _spelled(comment.at),
                comment.id,
                comment.author,
                agrees.get((comment.id, AGREE), 0),
                agrees.get((comment.id, DISAGREE), 0),
                comment.moderated,
                comment.text,
            ]
        )


def _number(name: str) -> int | str:
    return int(name) if name.isascii() and name.isdigit() else name


def _spelled(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")


def _row(cells: Sequence[object]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
