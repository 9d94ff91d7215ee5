"""The votes of a conversation, from ``votes.csv`` or from the JSON of Polis and red-dwarf."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from mvote.formats.polis import cells
from mvote.formats.source import Source, WrongValue, opened, shown, wrong

COLUMNS = ("timestamp", "comment-id", "voter-id", "vote")
KEYS: Sequence[Mapping[str, str]] = (
    {"who": "pid", "what": "tid"},
    {"who": "participant_id", "what": "statement_id"},
)
TOLD_EVERY = 20_000


class PolisVote(NamedTuple):
    """``vote`` is as the file spells it; ``at`` is in milliseconds since 1970."""

    at: int
    participant: str
    statement: str
    vote: int


def read_votes(path: Path, *, tell: Callable[[int], None] = lambda _: None) -> list[PolisVote]:
    """All votes in the order they were cast; of one time, in the order of the file.

    ``tell`` hears now and then how many lines were read.  Raises Unreadable.
    """
    source = Source(path)
    with source.faults():
        votes = list(_from_json(source) if is_json(path) else _from_csv(source, tell))
        if not votes:
            wrong("투표가 하나도 없습니다.", "there is not a single vote in it.")
    votes.sort(key=attrgetter("at"))
    return votes


def is_json(path: Path) -> bool:
    with opened(path) as raw:
        return raw.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")


def cast(votes: Sequence[PolisVote], *, agree: int = 1) -> Iterator[tuple[str, str, int]]:
    """Who, what, and 1 for agree whatever the file's sign for it is: ``agree``."""
    return ((one.participant, one.statement, agree * one.vote) for one in votes)


def _from_csv(source: Source, tell: Callable[[int], None]) -> Iterator[PolisVote]:
    rows = source.rows()
    header = [cell.strip() for cell in next(rows, [])]
    at, what, who, vote = cells.columns(header, COLUMNS).values()
    for row in rows:
        if not row:
            continue
        cells.full(row, header)
        yield PolisVote(
            cells.moment(row[at].strip(), "timestamp"),
            cells.identifier(row[who].strip(), "voter-id"),
            cells.identifier(row[what].strip(), "comment-id"),
            cells.vote(row[vote].strip()),
        )
        if source.line % TOLD_EVERY == 0:
            tell(source.line)


def _from_json(source: Source) -> Iterator[PolisVote]:
    """The array of votes, or an object that holds it under ``votes``."""
    found = parsed(source)
    if isinstance(found, dict):
        found = found.get("votes")
    if not isinstance(found, list):
        wrong("투표 목록이 아닙니다.", "a list of votes is expected.")
    for place, one in enumerate(found, 1):
        try:
            yield _vote(one)
        except WrongValue as fault:
            ko, en = fault.words["ko"], fault.words["en"]
            wrong(f"{place}번째 투표: {ko}", f"vote {place}: {en}")


def parsed(source: Source) -> Any:
    """The whole file as JSON.  Raises WrongValue."""
    with opened(source.path) as raw:
        text = raw.read().decode("utf-8-sig")
    try:
        return json.loads(text)
    except RecursionError:
        wrong("JSON이 너무 깊습니다.", "the JSON is nested too deep.")
    except json.JSONDecodeError as error:
        source.line = error.lineno
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            wrong(
                "파일이 중간에 잘린 것 같습니다. JSON이 끝나지 않았습니다.",
                "the JSON does not end: the file seems to be cut off.",
            )
        wrong("JSON으로 읽을 수 없습니다.", "not readable as JSON.")
    except ValueError:  # a whole number of thousands of digits
        wrong("JSON의 수가 너무 깁니다.", "a number in the JSON is too long.")


def _vote(one: Any) -> PolisVote:
    if not isinstance(one, dict):
        wrong("객체가 아닙니다.", "it is no object.")
    keys = next((keys for keys in KEYS if keys["who"] in one), KEYS[-1])
    return PolisVote(
        cells.moment(json_text(one, "modified"), "modified"),
        cells.identifier(json_text(one, keys["who"]), keys["who"]),
        cells.identifier(json_text(one, keys["what"]), keys["what"]),
        cells.vote(json_text(one, "vote")),
    )


def json_text(one: Mapping[str, Any], key: str) -> str:
    """A number, or a text that spells one.  Raises WrongValue."""
    value = one.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        wrong(f"‘{key}’ 값이 없거나 수가 아닙니다.", f"“{shown(key)}” is missing or not a number.")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
