"""A conversation of Polis, read from its files and counted."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mvote.core.opinion.grouping import find_groups
from mvote.core.opinion.statements import Group
from mvote.core.opinion.votes import vote_matrix
from mvote.formats.polis.participants import agree_sign, read_participants
from mvote.formats.polis.votes import PolisVote, cast, read_votes
from mvote.formats.source import Unreadable, WrongValue, opened
from mvote.operations.progress import counting

PIECE = 1 << 20


@dataclass(frozen=True)
class Summary:
    """``groups`` by name in their order, with how many are in each; ``own``: we made them.

    ``ungrouped`` voted and are in no group; ``agree`` is the sign of agree in the file.
    """

    participants: int
    statements: Group
    groups: Mapping[str, Group]
    sizes: Mapping[str, int]
    own: bool
    ungrouped: int
    agree: int

    @property
    def compared(self) -> Mapping[str, Group]:
        """The groups that a statement may bridge: all people where there are none."""
        return self.groups or {"0": self.statements}


def summarised(file: Path, groups: Path | None = None, *, agree: int | None = None) -> Summary:
    """Read and count.  Raises Unreadable."""
    with counting(file.name, _lines(file)) as tell:
        votes = read_votes(file, tell=tell)
    given, sign = _given(groups, votes, agree) if groups else (None, agree or 1)
    matrix = vote_matrix(cast(votes, agree=sign))
    members = find_groups(matrix).groups if given is None else given
    grouped = {who for some in members.values() for who in some}
    return Summary(
        participants=len(matrix.participants),
        statements=matrix.counts(),
        groups={name: matrix.counts(some) for name, some in members.items()},
        sizes={name: len(some) for name, some in members.items()},
        own=given is None,
        ungrouped=len(set(matrix.participants) - grouped),
        agree=sign,
    )


def _given(
    groups: Path, votes: list[PolisVote], agree: int | None
) -> tuple[Mapping[str, tuple[str, ...]], int]:
    """The groups of a participants file, and the sign of agree in the votes by it."""
    found = read_participants(groups)
    sign = agree_sign(found, {(who, what): vote for who, what, vote in cast(votes)})
    if agree not in (None, sign):
        words = {
            "ko": f"이 파일에 따르면 찬성은 {sign}인데 --agree {agree}이(가) 주어졌습니다.",
            "en": f"by this file agree is {sign}, but --agree {agree} was given.",
        }
        raise Unreadable(found.file, 0, words)
    return found.groups(), sign


def _lines(file: Path) -> int:
    """How many lines to expect; 0 for what cannot be read, which its reader tells better."""
    try:
        with opened(file) as raw:
            return sum(piece.count(b"\n") for piece in iter(lambda: raw.read(PIECE), b""))
    except (OSError, EOFError, zlib.error, WrongValue):
        return 0
