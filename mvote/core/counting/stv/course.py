"""The course of a count: who is elected, who is out, what each stage did, which ties decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mvote.core.counting.outcome import Stage, Total, Transfer, joined, named
from mvote.core.counting.ranked import Packed, seats_of, votes_shown
from mvote.core.counting.stv.arithmetic import Fixed, Number
from mvote.core.question import Question
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule, apart


@dataclass
class Course:
    """One count as it goes on.

    ``hopeful`` are still in it, ``pending`` are elected with a surplus to be transferred.
    ``votes`` and ``quota`` are numbers of ``arithmetic``.  ``earlier_first``: ties go by earlier
    stages before the rule of the poll is asked.
    """

    question: Question
    rule: TieRule
    packed: Packed
    arithmetic: Fixed
    earlier_first: bool = False
    quota: Number = 0
    votes: dict[str, Number] = field(default_factory=dict)
    exhausted: Number = 0
    hopeful: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    elected: list[str] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    _before: dict[str, Total] = field(default_factory=dict)
    _exhausted: Total = 0
    _elected: list[str] = field(default_factory=list)
    _eliminated: list[str] = field(default_factory=list)
    _moves: list[Transfer] = field(default_factory=list)
    _why: list[Words] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hopeful = list(self.packed.standing)
        self.votes = dict.fromkeys(self.packed.standing, 0)
        self.named = self.packed.named()

    @property
    def left(self) -> int:
        """Seats still to be filled."""
        return seats_of(self.question) - len(self.elected)

    def is_complete(self) -> bool:
        return self.left <= 0 or len(self.hopeful) <= self.left

    def by_votes(self, options: Sequence[str]) -> list[str]:
        """The highest first; equal ones in the order of the question."""
        return sorted(options, key=lambda one: self.votes[one], reverse=True)

    def open_stage(self) -> None:
        """Keep where the votes lie."""
        inside = {*self.hopeful, *self.elected}
        shown = self.arithmetic.shown
        self._before = {one: shown(self.votes[one]) for one in self.votes if one in inside}
        self._exhausted = shown(self.exhausted)
        self._elected, self._eliminated, self._moves, self._why = [], [], [], []

    def close_stage(self, *, residual: bool = True) -> None:
        """Keep what the stage did.  Without ``residual``, what is lost counts as exhausted."""
        lost = self.packed.valid - sum(self._before.values()) - self._exhausted
        self.stages.append(
            Stage(
                totals=self._before,
                elected=tuple(self._elected),
                eliminated=tuple(self._eliminated),
                exhausted=self._exhausted if residual else self._exhausted + lost,
                quota=self.arithmetic.shown(self.quota),
                transfers=tuple(self._moves),
                why=joined(*self._why) if self._why else None,
                lost=lost if lost and residual else None,
            )
        )

    def elect(self, options: Sequence[str], why: Words) -> None:
        if not options:
            return
        who = named(self.question, options)
        for one in options:
            self.hopeful.remove(one)
            self.elected.append(one)
            self._elected.append(one)
        self._why.append({language: f"{why[language]}: {who[language]}." for language in why})

    def eliminate(self, options: Sequence[str], why: Words) -> None:
        who = named(self.question, options)
        for one in options:
            self.hopeful.remove(one)
            self._eliminated.append(one)
        shown = votes_shown(self.arithmetic.shown(sum(self.votes[one] for one in options)))
        words = {language: why[language].format(votes=shown) for language in why}
        self._why.append({language: f"{words[language]}: {who[language]}." for language in words})

    def moved(self, option: str, reason: str, came: Mapping[str, Number]) -> None:
        shown = self.arithmetic.shown
        to = {one: shown(came[one]) for one in self.votes if came.get(one)}
        self._moves.append(Transfer(option, reason, to))
        if reason == "surplus":
            who = named(self.question, [option])
            self._why.append(
                {
                    "ko": f"초과분을 다음 순위로 옮겼습니다: {who['ko']}.",
                    "en": f"The surplus of {who['en']} went to the next choices.",
                }
            )

    def settle(self, tied: Sequence[str], *, place: int, last: bool) -> str | None:
        """The first (or the last) of the tied, and keep what decided; None where nothing does."""
        stage = len(self.stages) + 1
        history = [one.totals for one in self.stages]
        groups = apart(tied, history) if self.earlier_first else [tuple(tied)]
        kept = groups[-1 if last else 0]
        if len(kept) == 1:
            order = tuple(one for group in groups for one in group)
            self.ties.append(Tie(tuple(tied), place, "earlier-round", order, stage))
            return kept[0]
        tie = self.rule.settle(self.question, kept, place=place, stage=stage, history=history)
        self.ties.append(tie)
        return tie.order[-1 if last else 0] if tie.order else None

    def highest(self, options: Sequence[str]) -> str | None:
        """Whose surplus goes first."""
        best = max(self.votes[one] for one in options)
        tied = [one for one in options if self.votes[one] == best]
        if len(tied) == 1:
            return tied[0]
        tied = [one for one in self.votes if one in tied]
        return self.settle(tied, place=len(self.elected) + 1, last=False)

    def lowest(self, margin: Number = 0) -> list[str]:
        """Who goes, tied with all up to ``margin`` above; none where a tie stays undecided.

        Those tied go together where the poll leaves ties undecided and no order would matter.
        """
        low = min(self.votes[one] for one in self.hopeful)
        tied = [one for one in self.hopeful if self.votes[one] <= low + margin]
        if len(tied) == 1:
            return tied
        place = len(self.elected) + len(self.hopeful) - len(tied) + 1
        one = self.settle(tied, place=place, last=True)
        if one is not None:
            return [one]
        higher = [self.votes[one] for one in self.hopeful if one not in tied]
        if len(higher) >= self.left and sum(self.votes[one] for one in tied) + margin < min(
            higher, default=0
        ):
            self.ties.pop()
            return tied
        return []

    def fill(self) -> None:
        """Elect whoever is left, when no more are left than seats; without a vote nobody is."""
        if 0 < len(self.hopeful) <= self.left:
            rest = [one for one in self.by_votes(self.hopeful) if one in self.named]
            self.elect(
                rest,
                {
                    "ko": "남은 자리만큼만 남아 선정되었습니다",
                    "en": "No more are left than there are seats, so these fill them",
                },
            )
