"""``participants-votes.csv``: which group Polis put a participant in, and how they voted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mvote.formats.polis import cells
from mvote.formats.source import Source, Unreadable, shown, wrong

COLUMNS = ("participant", "group-id")
AGREES, DISAGREES = "n-agree", "n-disagree"
ALIKE_LEAST = 0.9
"""The share of votes in which two files of one conversation are alike; by chance it is a half."""


@dataclass(frozen=True, slots=True)
class Participant:
    """``votes`` by statement as the file spells them; ``line`` is where the row ends."""

    id: str
    group: str | None
    votes: Mapping[str, int]
    agrees: int | None
    disagrees: int | None
    line: int


@dataclass(frozen=True)
class Participants:
    """The rows in the order of the file."""

    file: str
    rows: tuple[Participant, ...]

    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Members by group, groups in the order of their numbers; some are in none."""
        made: dict[str, list[str]] = {}
        for row in self.rows:
            if row.group is not None:
                made.setdefault(row.group, []).append(row.id)
        return {name: tuple(made[name]) for name in sorted(made, key=int)}


def read_participants(path: Path) -> Participants:
    """Raises Unreadable."""
    source = Source(path)
    with source.faults():
        rows = source.rows()
        header = [cell.strip() for cell in next(rows, [])]
        found: dict[str, Participant] = {}
        cells.columns(header, COLUMNS)
        for row in rows:
            if not row:
                continue
            cells.full(row, header)
            one = _participant(header, row, source.line)
            if one.id in found:
                wrong(
                    f"참가자 {one.id}이(가) {found[one.id].line}번째 줄에도 있습니다.",
                    f"participant {one.id} stands on line {found[one.id].line} too.",
                )
            found[one.id] = one
        return Participants(source.name, tuple(found.values()))


def _participant(header: Sequence[str], row: Sequence[str], line: int) -> Participant:
    by_name = dict(zip(header, (cell.strip() for cell in row), strict=True))
    group = by_name["group-id"]
    counts = [by_name.get(name, "") for name in (AGREES, DISAGREES)]
    agrees, disagrees = (cells.number(one, "n-agree") if one else None for one in counts)
    return Participant(
        id=cells.identifier(by_name["participant"], "participant"),
        group=cells.identifier(group, "group-id") if group else None,
        votes={
            cells.identifier(name, "statement"): cells.vote(cell)
            for name, cell in by_name.items()
            if name[:1].isdigit() and cell
        },
        agrees=agrees,
        disagrees=disagrees,
        line=line,
    )


def agree_sign(found: Participants, votes: Mapping[tuple[str, str], int]) -> int:
    """Which sign is agree in a file of votes, by the participants file: 1 or -1.

    ``votes`` are the last ones by participant and statement, as their file spells them.  The
    participants file tells its own sign by its counts of agrees and disagrees.  Raises Unreadable
    where the files are of two conversations, or the file of votes is cut off: with the line of a
    participant who is unknown there, or of whom a vote is missing.
    """
    known = {who for who, _ in votes}
    same = other = 0
    for row in found.rows:
        for statement, cell in row.votes.items():
            vote = votes.get((row.id, statement))
            if vote is None:
                raise _missing(found, row, statement, known)
            same += bool(cell) and vote == cell
            other += bool(cell) and vote == -cell
    compared = sum(bool(cell) for row in found.rows for cell in row.votes.values())
    if max(same, other) < ALIKE_LEAST * compared:
        raise Unreadable(
            found.file,
            0,
            {
                "ko": "투표 파일과 맞지 않습니다. 같은 대화의 파일이 아닌 것 같습니다.",
                "en": "it does not match the file of votes: they seem to be of two conversations.",
            },
        )
    return _own_sign(found.rows) * (1 if same >= other else -1)


def _missing(
    found: Participants, row: Participant, statement: str, known: Iterable[str]
) -> Unreadable:
    who, what = row.id, shown(statement)
    if who in known:
        words = {
            "ko": f"참가자 {who}의 진술 {what} 투표가 투표 파일에 없습니다. "
            "투표 파일이 잘렸거나 다른 대화의 파일입니다.",
            "en": f"the file of votes has no vote of participant {who} on statement {what}: "
            "it is cut off or of another conversation.",
        }
    else:
        words = {
            "ko": f"참가자 {who}은(는) 투표 파일에 없는 참가자입니다. "
            "투표 파일이 잘렸거나 다른 대화의 파일입니다.",
            "en": f"participant {who} is unknown in the file of votes: "
            "it is cut off or of another conversation.",
        }
    return Unreadable(found.file, row.line, words)


def _own_sign(rows: Iterable[Participant]) -> int:
    """1, unless more rows count their -1 as agrees."""
    same = other = 0
    for row in rows:
        given = list(row.votes.values())
        ones, minus = given.count(1), given.count(-1)
        if ones != minus and row.agrees is not None and row.disagrees is not None:
            same += (row.agrees, row.disagrees) == (ones, minus)
            other += (row.agrees, row.disagrees) == (minus, ones)
    return 1 if same >= other else -1
