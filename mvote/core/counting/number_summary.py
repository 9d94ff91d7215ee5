"""A summary of numbers: median, quartiles, mean and a histogram."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mvote.core.canonical import JSON
from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome
from mvote.core.counting.shown import decimal
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Amount
from mvote.core.text import Words
from mvote.core.ties import TieRule

MOST_BINS = 100
BINS = 10


class NumberSummary(CountingMethod[Amount]):
    """Options: ``bins``, how many bars of equal width the histogram has (10 where it is missing).

    ``figures`` are in the question's unit, exact: ``least``, ``lower-quartile``, ``median``,
    ``upper-quartile``, ``most``, ``mean``, and ``histogram``, a list of ``from``, ``to`` and
    ``count``; a number belongs to the bar with from ≤ number < to, the last bar takes its end
    too.  A quartile is the number at the place 1 + (n - 1) · q of the n sorted numbers,
    straight between its two neighbours where the place falls between them; so is the median.
    There are fewer bars where the numbers do not differ enough, and nobody wins.

    Source: definition 7 of Hyndman and Fan, Sample Quantiles in Statistical Packages, The
    American Statistician 50 (1996), which spreadsheets use.
    """

    name = "number-summary"
    label = {"ko": "숫자 요약(중앙값·사분위수·평균)", "en": "Median, quartiles and mean"}
    form = {"bins": {"ko": "막대 수", "en": "Bars of the histogram"}}
    shape = Amount
    shares = False

    def read_options(self, read: Reader, question: Question) -> None:  # noqa: ARG002
        read.optional_integer("bins", least=1, most=MOST_BINS)

    def count(
        self,
        question: Question,
        ballots: Iterable[tuple[Amount, int]],
        *,
        ties: TieRule,  # noqa: ARG002
    ) -> Outcome:
        numbers = _collect(ballots)
        return Outcome(
            method=self.name,
            ballots=numbers.valid + numbers.blank,
            valid=numbers.valid,
            blank=numbers.blank,
            totals={},
            winners=(),
            ties=(),
            rounds=(),
            explanation=_explain(question, numbers),
            figures=_figures(question, numbers),
        )


@dataclass(frozen=True)
class _Numbers:
    """Distinct numbers, ascending, and how often each was given."""

    values: Sequence[int]
    often: Sequence[int]
    blank: int

    @property
    def valid(self) -> int:
        return sum(self.often)

    def at(self, place: int) -> int:
        """The number at a place, from 0, of all sorted numbers."""
        for value, often in zip(self.values, self.often, strict=True):
            place -= often
            if place < 0:
                return value
        raise IndexError("there are fewer numbers")

    def quantile(self, share: Fraction) -> Fraction:
        place = (self.valid - 1) * share
        below = int(place)
        low = self.at(below)
        high = self.at(below + 1) if place > below else low
        return low + (high - low) * (place - below)

    def mean(self) -> Fraction:
        total = sum(one * often for one, often in zip(self.values, self.often, strict=True))
        return Fraction(total, self.valid)


def _collect(ballots: Iterable[tuple[Amount, int]]) -> _Numbers:
    """Raises ValueError for a negative weight."""
    counts: Counter[int] = Counter()
    blank = 0
    for answer, weight in ballots:
        if weight < 0:
            raise ValueError("a ballot cannot weigh less than nothing")
        if answer.value is None:
            blank += weight
        elif weight:
            counts[answer.value] += weight
    values = sorted(counts)
    return _Numbers(values, [counts[one] for one in values], blank)


def _unit(question: Question) -> int:
    """How many smallest units make one of the question's."""
    return int(10 ** (question.config.get("decimals") or 0))


def _figures(question: Question, numbers: _Numbers) -> dict[str, JSON]:
    if not numbers.valid:
        return {"histogram": []}
    unit = _unit(question)
    found = {
        "least": Fraction(numbers.values[0]),
        "lower-quartile": numbers.quantile(Fraction(1, 4)),
        "median": numbers.quantile(Fraction(1, 2)),
        "upper-quartile": numbers.quantile(Fraction(3, 4)),
        "most": Fraction(numbers.values[-1]),
        "mean": numbers.mean(),
    }
    made: dict[str, JSON] = {name: str(value / unit) for name, value in found.items()}
    made["histogram"] = _histogram(numbers, question.counting.options.get("bins") or BINS, unit)
    return made


def _histogram(numbers: _Numbers, bins: int, unit: int) -> list[JSON]:
    """Bars from the least to the greatest number, none narrower than the smallest unit."""
    least, most = numbers.values[0], numbers.values[-1]
    bins = max(1, min(bins, most - least))
    counts = [0] * bins
    for value, often in zip(numbers.values, numbers.often, strict=True):
        place = (value - least) * bins // (most - least) if most > least else 0
        counts[min(place, bins - 1)] += often
    edges = [Fraction((most - least) * place, bins) + least for place in range(bins + 1)]
    return [
        {"from": str(edges[place] / unit), "to": str(edges[place + 1] / unit), "count": count}
        for place, count in enumerate(counts)
    ]


def _explain(question: Question, numbers: _Numbers) -> Words:
    if not numbers.valid:
        return {"ko": "유효한 응답이 없습니다.", "en": "There are no valid answers."}
    unit, places = _unit(question), max(2, question.config.get("decimals") or 0)

    def shown(value: Fraction) -> str:
        return decimal(value / unit, places)

    median, mean = shown(numbers.quantile(Fraction(1, 2))), shown(numbers.mean())
    low, high = (shown(numbers.quantile(Fraction(one, 4))) for one in (1, 3))
    count = numbers.valid
    return {
        "ko": f"유효 응답 {count:,}건의 중앙값은 {median}, 평균은 {mean}입니다. "
        f"응답의 가운데 절반은 {low}에서 {high} 사이에 있습니다.",
        "en": f"The median of {count:,} valid answers is {median}, their mean {mean}. "
        f"The middle half of them lies between {low} and {high}.",
    }
