"""``mvote pool import``: a conversation that Polis exported becomes a pool of this city."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from mvote.core.text import Words
from mvote.formats.polis.comments import Comment, agree_sign_by_counts, read_comments
from mvote.formats.polis.participants import agree_sign, read_participants
from mvote.formats.polis.votes import PolisVote, cast, read_votes
from mvote.formats.source import Unreadable
from mvote.settings import at_votes
from mvote.votes.pools import service as pools

OpenApp = Callable[[str], Flask]
VOTES = ("votes.csv", "votes.csv.gz", "votes.json", "votes.json.gz")
COMMENTS = ("comments.csv", "comments.csv.gz", "comments.json", "comments.json.gz")
PARTICIPANTS = ("participants-votes.csv", "participants-votes.csv.gz")
INTRO: Words = {
    "ko": "Polis에서 진행된 대화를 진술과 응답 그대로 옮겨 와 이어 갑니다.",
    "en": "This conversation was begun on Polis, and brought here with its statements and votes.",
}


def import_folder(
    open_app: OpenApp,
    folder: Path,
    *,
    record: str | None,
    department: str,
    title: Words,
    agree: int | None,
) -> dict[str, str | int]:
    """Read the files whole, then keep them, all or nothing.  Raises Unreadable, Refusal."""
    votes = read_votes(_file(folder, VOTES))
    comments = read_comments(_file(folder, COMMENTS))
    sign = _sign(folder, votes, comments, agree)
    side = at_votes()
    with open_app(side).app_context():
        made = pools.import_pool(
            record,
            department=department,
            title=title,
            intro=INTRO,
            comments=comments,
            votes=cast(votes, agree=sign),
            closes=None,
            source={"from": "polis", "agree": sign},
            now=datetime.now(UTC),
        )
    return {
        "pool": made.id,
        "record": made.record,
        "statements": len(comments),
        "votes": len(votes),
        "agree": sign,
    }


def _sign(folder: Path, votes: list[PolisVote], comments: list[Comment], agree: int | None) -> int:
    """The sign of agree: the participants file knows it best, else the counts of statements."""
    last = {(who, what): vote for who, what, vote in cast(votes)}
    found = _find(folder, PARTICIPANTS)
    if found is not None:
        sign: int | None = agree_sign(read_participants(found), last)
    else:
        sign = agree_sign_by_counts(comments, last)
    if sign is not None and agree not in (None, sign):
        words = {
            "ko": f"이 파일에 따르면 찬성은 {sign}인데 --agree {agree}이(가) 주어졌습니다.",
            "en": f"by these files agree is {sign}, but --agree {agree} was given.",
        }
        raise Unreadable(folder.name, 0, words)
    return sign or agree or 1


def _find(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if (folder / name).exists()), None)


def _file(folder: Path, names: tuple[str, ...]) -> Path:
    found = _find(folder, names)
    if found is None:
        words = {
            "ko": f"이 폴더에 {names[0]} 파일이 없습니다.",
            "en": f"there is no {names[0]} in this folder.",
        }
        raise Unreadable(folder.name, 0, words)
    return found


def said(told: dict[str, str | int]) -> str:
    """What a person reads."""
    return f"pool {told['pool']} in record {told['record']}: {told['votes']} votes" + (
        f" on {told['statements']} statements"
    )


def spelled(told: dict[str, str | int]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2)
