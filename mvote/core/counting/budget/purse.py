"""The money of a budget count: what is left of it, and what became of every project."""

from dataclasses import dataclass, field, replace

from mvote.core.counting.outcome import Round, Total
from mvote.core.question import Question
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule

WHY: dict[str, Words] = {
    "taken": {"ko": "남은 예산에 들어가 선정했습니다.", "en": "Chosen: it fits the money left."},
    "too-dear": {"ko": "비용이 남은 예산을 넘습니다.", "en": "It costs more than is left."},
    "too-few-votes": {"ko": "최소 득표수에 못 미칩니다.", "en": "It has too few votes."},
    "too-few-points": {"ko": "최소 점수에 못 미칩니다.", "en": "It has too few points."},
    "withdrawn": {"ko": "철회된 사업입니다.", "en": "The project is withdrawn."},
    "tied": {"ko": "동점이 가려지지 않았습니다.", "en": "A tie is left undecided here."},
    "after-the-end": {
        "ko": "이 사업에 이르기 전에 선정이 끝났습니다.",
        "en": "The count ended before it came to this project.",
    },
}


@dataclass
class Purse:
    """The money left and what was done with it so far; ``ended`` once nothing more is funded."""

    left: int
    ended: bool = False
    rounds: list[Round] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    def winners(self) -> tuple[str, ...]:
        return tuple(one.option for one in self.rounds if one.taken)

    def note(
        self,
        option: str,
        total: Total,
        result: str,
        cost: int,
        why: Words | None = None,
    ) -> None:
        """Write down what became of a project; a project that is taken is paid."""
        if result == "taken":
            self.left -= cost
        self.rounds.append(Round(option, total, result, why or WHY[result], cost, self.left))

    def break_tie(
        self, question: Question, tied: list[str], ties: TieRule
    ) -> tuple[str, ...] | None:
        """Let the rule order the tied, and write that down; None where it leaves them tied."""
        tie = ties.settle(question, tied, place=len(self.winners()) + 1)
        self.ties.append(tie)
        return tie.order or None

    def explain_taken(self, first: int, why: Words) -> None:
        """Give those taken in the rounds from ``first`` on another reason."""
        self.rounds[first:] = [
            replace(one, why=why) if one.taken else one for one in self.rounds[first:]
        ]
