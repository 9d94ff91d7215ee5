"""The single values of Polis files, read strictly."""

import re
from collections.abc import Mapping, Sequence

from mvote.formats.source import shown, wrong

WHOLE = re.compile(r"(\d{1,18})(?:\.0+)?", re.ASCII)
LATEST = 253_402_300_799_999
VOTE = re.compile(r"(-?[01])(?:\.0+)?", re.ASCII)


def identifier(text: str, what: str) -> str:
    """The id of a participant, statement or group: a whole number.  Raises WrongValue."""
    found = WHOLE.fullmatch(text)
    if found is None:
        wrong(
            f"{what}은(는) 18자리 이하의 정수여야 하는데 ‘{shown(text)}’입니다.",
            f"{what} has to be a whole number of at most 18 digits, but is “{shown(text)}”.",
        )
    return str(int(found[1]))


def number(text: str, what: str) -> int:
    """A count.  Raises WrongValue."""
    return int(identifier(text, what))


def moment(text: str, what: str) -> int:
    """Milliseconds since 1970, before the year 10000.  Raises WrongValue."""
    at = number(text, what)
    if at > LATEST:
        wrong(
            f"{what}은(는) 1970년부터 센 밀리초여야 하는데 ‘{shown(text)}’입니다.",
            f"{what} has to be in milliseconds since 1970, but is “{shown(text)}”.",
        )
    return at


def vote(text: str) -> int:
    """Raises WrongValue."""
    found = VOTE.fullmatch(text)
    if found is None:
        wrong(
            f"투표는 1, 0, -1 가운데 하나여야 하는데 ‘{shown(text)}’입니다.",
            f"a vote has to be 1, 0 or -1, but is “{shown(text)}”.",
        )
    return int(found[1])


def columns(header: Sequence[str], wanted: Sequence[str]) -> Mapping[str, int]:
    """Where the columns stand that a file has to have.  Raises WrongValue."""
    for name in wanted:
        if header.count(name) != 1:
            there = ", ".join(shown(one) for one in header[:12]) or "-"
            wrong(
                f"‘{name}’ 열이 하나 있어야 합니다. 있는 열: {there}.",
                f"one column “{name}” is expected; there are: {there}.",
            )
    return {name: header.index(name) for name in wanted}


def full(row: Sequence[str], header: Sequence[str]) -> None:
    """Raises WrongValue for a row that is not as long as the header: the file may be cut off."""
    if len(row) != len(header):
        wrong(
            f"열이 {len(header)}개여야 하는데 {len(row)}개입니다. "
            "파일이 중간에 잘렸을 수 있습니다.",
            f"{len(header)} columns are expected, but there are {len(row)}: "
            "the file may be cut off here.",
        )
