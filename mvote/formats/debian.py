"""Tally sheets of Debian's votes, as devotee publishes them.

``Option 4----->: Name`` names the options, a line ``V: 2-13  <hash>`` holds one vote:
for each option its rank, the lowest first, equal ranks allowed, ``-`` not ranked.
Options have the numbers of the sheet as ids; ranks from the tenth on are letters.
Old sheets are not UTF-8 but ISO 8859-1.  Source: debian.org/vote.
"""

import re
from collections import Counter
from pathlib import Path

from mvote.formats.election import Candidate, Election, Kind, Ranks
from mvote.formats.source import Source, shown, wrong

OPTION = re.compile(r"[\s/|]*Option\s+(\w+)[\s>-]*:\s*(\S.*)")
VOTE = re.compile(r"V:\s*(\S+)")
RANKS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read_debian(path: Path) -> Election:
    """Raises Unreadable."""
    source = Source(path, fallback="latin-1")
    with source.faults():
        return _read(source)


def _read(source: Source) -> Election:
    names: dict[str, str] = {}
    votes: Counter[str] = Counter()
    lines: dict[str, int] = {}
    for line in source.lines():
        if found := VOTE.match(line):
            votes[found[1]] += 1
            lines.setdefault(found[1], source.line)
        elif option := OPTION.fullmatch(line.rstrip()):
            if option[1] in names:
                wrong(
                    f"선택지 {option[1]}이(가) 두 번 있습니다.", f"option {option[1]} stands twice."
                )
            names[option[1]] = option[2]
    if not names or not votes:
        wrong(
            "데비안 투표 집계표에는 ‘Option 1---->: 이름’ 줄과 ‘V: 투표’ 줄이 있어야 합니다.",
            "a Debian tally sheet has lines “Option 1---->: name” and lines “V: vote”.",
        )
    ids = tuple(names)
    ballots: Counter[Ranks] = Counter()
    for vote, count in votes.items():
        source.line = lines[vote]
        ballots[_ranks(ids, vote)] += count
    return Election(
        file=source.name,
        format="debian",
        title=source.name.partition(".")[0],
        candidates=tuple(Candidate(one, name) for one, name in names.items()),
        kind=Kind.RANKS,
        ballots=ballots,
    )


def _ranks(ids: tuple[str, ...], vote: str) -> Ranks:
    if len(vote) != len(ids) or not set(vote.upper()) <= {*RANKS, "-"}:
        wrong(
            f"선택지 {len(ids)}개의 순위가 있어야 합니다: ‘{shown(vote)}’.",
            f"a vote has {len(ids)} ranks, 1 to {RANKS[len(ids) - 1]} or -, "
            f"but this is “{shown(vote)}”.",
        )
    groups: dict[str, list[str]] = {}
    for one, rank in zip(ids, vote.upper(), strict=True):
        if rank != "-":
            groups.setdefault(rank, []).append(one)
    return tuple(tuple(groups[rank]) for rank in RANKS if rank in groups)
