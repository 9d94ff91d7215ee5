"""STAR: score, then an automatic run-off between the two with the highest scores."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Stage, joined, named, tie_words
from mvote.core.counting.scored import NO_VOTES, NOTHING_WON, Scored, read_scores, with_totals
from mvote.core.counting.seats import SEATS, WITHDRAWN, ranked, read_seats, seats_of, standing
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Scores
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule

RUN_OFF: Words = {
    "ko": "총점이 가장 높은 둘이 결선에 오릅니다.",
    "en": "The two with the highest scores go to the run-off.",
}


class Star(CountingMethod[Scores]):
    """Options: ``seats`` (1 where it is missing) and ``withdrawn``.

    The two options with the highest sums of scores meet; the one that more voters scored
    higher than the other wins.  An option left unscored by a voter has 0.  Further seats are
    filled one by one in the same way without those who have won (bloc STAR).

    Ties for the run-off: those who lose the most head-to-head comparisons among the tied drop
    out, again and again; where that tells nobody apart, those with the fewest highest scores
    (the highest that any voter gave) do.  A tie in the run-off goes to the higher sum, then to
    more highest scores.  Only what is tied after that is decided by the tie rule of the poll.

    Source: Equal Vote Coalition, starvoting.org/ties, official tiebreaker protocol.
    """

    name = "star"
    label = {"ko": "STAR(점수 후 자동 결선)", "en": "STAR (score then automatic run-off)"}
    form = {"seats": SEATS, "withdrawn": WITHDRAWN}
    shape = Scores
    totals = {"ko": "총점", "en": "Sum of scores"}
    shares = False

    def read_options(self, read: Reader, question: Question) -> None:
        read_seats(read, question)

    def count(
        self, question: Question, ballots: Iterable[tuple[Scores, int]], *, ties: TieRule
    ) -> Outcome:
        packed: Counter[Scores] = Counter()
        for answer, weight in ballots:
            if weight < 0:
                raise ValueError("a ballot cannot weigh less than nothing")
            packed[answer] += weight
        scored = read_scores(question, packed.items())
        star = _Star(question, scored, packed, ties)
        star.fill(seats_of(question))
        return Outcome(
            method=self.name,
            ballots=scored.ballots,
            valid=scored.valid,
            blank=scored.blank,
            totals={one: scored.total(one) for one in scored.counts},
            winners=tuple(star.winners),
            ties=tuple(star.ties),
            rounds=tuple(star.stages),
            explanation=_explain(star),
            figures={"scores": scored.to_json()},
        )


@dataclass
class _Star:
    """A count on its way; ``run_offs`` says how each seat was won."""

    question: Question
    scored: Scored
    packed: Counter[Scores]
    rule: TieRule
    winners: list[str] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    run_offs: list[Words] = field(default_factory=list)

    def fill(self, seats: int) -> None:
        """Fill seat after seat until nobody is left, or a tie that stays one ends the count."""
        while len(self.winners) < seats:
            left = [
                one
                for one in standing(self.question)
                if one not in self.winners and self.scored.given(one)
            ]
            finalists = self._finalists(left)
            if not finalists:
                break
            winner = finalists[0] if len(finalists) == 1 else self._run_off(*finalists)
            if winner is None:
                break
            if len(finalists) == 1:
                self.stages.append(Stage({winner: self.scored.total(winner)}, (winner,), (), 0))
                self.run_offs.append(_alone(self.question, winner))
            self.winners.append(winner)

    def _finalists(self, left: Sequence[str]) -> list[str]:
        """The two that go on, the higher sum first; the only one; or none."""
        totals = {one: self.scored.total(one) for one in left}
        chosen: list[str] = []
        for group in ranked(totals):
            room = 2 - len(chosen)
            if room > 0:
                chosen += self._narrow(group, room, len(chosen)) or ()
            if len(chosen) < 2 and len(group) > room:
                return []
        if len(left) > 1:
            out = tuple(one for one in left if one not in chosen)
            self.stages.append(Stage(totals, (), out, 0, why=RUN_OFF))
        return chosen

    def _narrow(self, tied: list[str], room: int, ahead: int) -> list[str] | None:
        """The best of options with equal sums, as many as there is room; None where none are."""
        if len(tied) <= room:
            return tied
        worst = self._worst(tied)
        if worst is None:
            place = len(self.winners) + ahead + 1
            tie = self.rule.settle(self.question, tied, place=place, stage=len(self.stages) + 1)
            self.ties.append(tie)
            return list(tie.order[:room]) or None
        better = [one for one in tied if one not in worst]
        if len(better) >= room:
            return self._narrow(better, room, ahead)
        more = self._narrow(worst, room - len(better), ahead + len(better))
        return None if more is None else better + more

    def _worst(self, tied: Sequence[str]) -> list[str] | None:
        """Those who lose the most comparisons, or have the fewest highest scores; None if all."""
        losses = dict.fromkeys(tied, 0)
        for place, one in enumerate(tied):
            for other in tied[place + 1 :]:
                ours, theirs = self._compare(one, other)
                losses[one] += ours < theirs
                losses[other] += theirs < ours
        for worth in ({one: -lost for one, lost in losses.items()}, self._highest(tied)):
            groups = ranked(worth)
            if len(groups) > 1:
                return groups[-1]
        return None

    def _compare(self, one: str, other: str) -> tuple[int, int]:
        """How many voters scored the one higher, and how many the other."""
        ours = theirs = 0
        for answer, weight in self.packed.items():
            scores = dict(answer.pairs)
            first, second = scores.get(one, 0), scores.get(other, 0)
            ours += weight if first > second else 0
            theirs += weight if second > first else 0
        return ours, theirs

    def _highest(self, tied: Sequence[str]) -> dict[str, int]:
        """How often each got the highest score that any voter gave."""
        counts = self.scored.counts
        highest = max(score for given in counts.values() for score in given)
        return {one: counts[one].get(highest, 0) for one in tied}

    def _run_off(self, one: str, other: str) -> str | None:
        """Let two meet; None where they stay tied."""
        votes = dict(zip((one, other), self._compare(one, other), strict=True))
        sums = {finalist: self.scored.total(finalist) for finalist in votes}
        winner = None
        for worth in (votes, sums, self._highest([one, other])):
            if worth[one] != worth[other]:
                winner = max(worth, key=lambda finalist: worth[finalist])
                break
        if winner is None:
            tie = self.rule.settle(
                self.question,
                [finalist for finalist in self.question.by_id if finalist in votes],
                place=len(self.winners) + 1,
                stage=len(self.stages) + 1,
            )
            self.ties.append(tie)
            winner = tie.order[0] if tie.order else None
        self._note(votes, sums, winner)
        return winner

    def _note(self, votes: dict[str, int], sums: dict[str, int], winner: str | None) -> None:
        equal = self.scored.valid - sum(votes.values())
        lost = tuple(one for one in votes if one != winner) if winner else ()
        why = _run_off_words(self.question, votes, sums, winner) if winner else NOTHING_WON
        won = (winner,) if winner else ()
        self.stages.append(Stage(votes, won, lost, equal, why=why))
        self.run_offs.append(why)


def _run_off_words(
    question: Question, votes: dict[str, int], sums: dict[str, int], winner: str
) -> Words:
    other = next(one for one in votes if one != winner)
    texts: dict[str, Words] = {
        one: {"ko": f"{votes[one]:,}명", "en": f"{votes[one]:,}"} for one in (winner, other)
    }
    first, second = (with_totals(question, [one], texts) for one in (winner, other))
    said: Words = {
        "ko": f"결선에서 상대보다 높은 점수를 준 사람: {first['ko']}, {second['ko']}.",
        "en": f"Scored higher than the other in the run-off: {first['en']}, {second['en']}.",
    }
    if votes[winner] == votes[other]:
        by: Words = {"ko": "총점이 더 높은", "en": "the higher sum of scores"}
        if sums[winner] == sums[other]:
            by = {
                "ko": "최고 점수를 더 받은(같으면 동점 규칙이 정한)",
                "en": "highest scores, else the tie rule",
            }
        said = {
            "ko": f"{said['ko']} 같은 수이므로 {by['ko']} 쪽이 선정되었습니다.",
            "en": f"{said['en']} Equal numbers were told apart by {by['en']}.",
        }
    return said


def _alone(question: Question, winner: str) -> Words:
    who = named(question, [winner])
    return {
        "ko": f"남은 선택지는 {who['ko']}뿐입니다.",
        "en": f"Only {who['en']} was left.",
    }


def _explain(star: _Star) -> Words:
    if not star.scored.valid:
        return NO_VOTES
    said = [RUN_OFF, *star.run_offs] if star.winners else [NOTHING_WON]
    if star.winners:
        who = named(star.question, star.winners, most=len(star.winners))
        said.append({"ko": f"선정: {who['ko']}.", "en": f"Won: {who['en']}."})
    return joined(*said, *(tie_words(star.question, tie, star.rule.label) for tie in star.ties))
