"""Reading an election from a file of any known format, told by its name and its beginning."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mvote.core.canonical import JSON
from mvote.formats import pabulib
from mvote.formats.ballot_csv import read_ballot_csv
from mvote.formats.blt import read_blt
from mvote.formats.debian import read_debian
from mvote.formats.election import Candidate, Election, Kind, Marks
from mvote.formats.nist import read_nist
from mvote.formats.pabulib_question import THRESHOLD, WITHDRAWN_COST
from mvote.formats.pabulib_values import optional_whole
from mvote.formats.preflib import TYPES, read_preflib
from mvote.formats.source import Source, WrongValue, opened

BEGINNING = 4096
KNOWN = ".blt, .soc, .soi, .toc, .toi, .cat, .pb, .csv, .json, Debian tally sheets (.txt)"
BY_ENDING: dict[str, Callable[[Path], Election]] = {
    "blt": read_blt,
    "csv": read_ballot_csv,
    "tsv": read_ballot_csv,
    **dict.fromkeys(TYPES, read_preflib),
}
DEBIAN = re.compile(r"[\s/|]*Option\s+\w+\s*-+>")


def read_election(
    path: Path, *, contest: str | None = None, candidates: Sequence[str] = ()
) -> Election:
    """Read a file, packed by gzip or not.  ``contest`` names one where a file has several.

    ``candidates`` are ids in their order, for files that name them on ballots only; who
    is missing in it comes after them.  Raises Unreadable.
    """
    election = _read(path, contest)
    if not candidates or election.kind is Kind.GRID:
        return election
    by_id = {one.id: one for one in election.candidates}
    first = {one: by_id.get(one) or Candidate(one, one) for one in candidates}
    return replace(election, candidates=tuple({**first, **by_id}.values()))


def _read(path: Path, contest: str | None) -> Election:
    ending = path.name.removesuffix(".gz").rpartition(".")[2].lower()
    if ending == "pb":
        return read_pb(path)
    if ending == "json":
        return read_nist(path, contest=contest)
    if ending in BY_ENDING:
        return BY_ENDING[ending](path)
    return _by_content(path, contest)


def _by_content(path: Path, contest: str | None) -> Election:
    source = Source(path)
    with source.faults():
        with opened(path) as raw:
            text = raw.read(BEGINNING).decode(errors="replace").removeprefix("\ufeff")
        lines = text.splitlines()
        if any(DEBIAN.match(line) for line in lines) or "\nV: " in text:
            return read_debian(path)
        if text.lstrip().startswith("{"):
            return read_nist(path, contest=contest)
        if text.startswith("META"):
            return read_pb(path)
        if re.match(r"#\s*FILE NAME:", text):
            return read_preflib(path)
        if _begins_with_two_numbers(lines):
            return read_blt(path)
        raise WrongValue(
            f"파일 형식을 알 수 없습니다. 읽을 수 있는 형식: {KNOWN}.",
            f"the format of this file is not known; known are {KNOWN}.",
        )


def _begins_with_two_numbers(lines: Sequence[str]) -> bool:
    """Whether the first line that is no comment names candidates and seats, as in .blt."""
    said = (line.partition("#")[0].split() for line in lines)
    first = next(filter(None, said), [])
    return len(first) == 2 and all(one.isascii() and one.isdigit() for one in first)


def read_pb(path: Path) -> Election:
    """A Pabulib file, its votes put together while they are read.  Raises Unreadable."""
    ballots: Counter[Marks] = Counter()

    def take(voter: pabulib.Voter) -> None:
        if voter.points:
            ballots[tuple(zip(voter.projects, voter.points, strict=True))] += 1
        else:
            ballots[voter.projects] += 1

    made = pabulib.scan(path, take)
    with Source(path).faults():
        options = _options(made)
    pointed = any(marks and isinstance(marks[0], tuple) for marks in ballots)
    ordinal = made.vote_type == "ordinal"
    kind = Kind.POINTS if pointed else Kind.RANKS if ordinal else Kind.PICKS
    if kind is Kind.RANKS:
        ballots = Counter(
            {tuple((str(one),) for one in marks): count for marks, count in ballots.items()}
        )
    elif kind is Kind.PICKS:
        ballots = _unordered(ballots)
    return Election(
        file=path.name,
        format="pabulib",
        title=made.meta.get("description", ""),
        candidates=tuple(Candidate(one.id, one.name or one.id, one.cost) for one in made.projects),
        kind=kind,
        ballots=ballots,
        withdrawn=tuple(one.id for one in made.projects if one.cost == WITHDRAWN_COST * made.scale),
        single=made.vote_type == "choose-1",
        ordered=ordinal,
        options=options,
        scale=made.scale,
    )


def _unordered(ballots: Counter[Marks]) -> Counter[Marks]:
    made: Counter[Marks] = Counter()
    for marks, count in ballots.items():
        made[tuple(sorted(str(one) for one in marks))] += count
    return made


def _options(made: pabulib.Instance) -> dict[str, JSON]:
    """Counting options that the file states; plain ``greedy`` funds what nobody chose too."""
    threshold = optional_whole(THRESHOLD, made.meta.get(THRESHOLD, "")) or 0
    options: dict[str, JSON] = {
        "budget": made.budget,
        "min_votes": threshold,
        "min_points": threshold,
        "increment": made.scale,
    }
    most = optional_whole("max_length", made.meta.get("max_length", ""))
    if most:
        options["most"] = most
    return options
