"""Surveys by sample: weighted totals, what they are worth, and weights raked to known margins.

A weighted total is exact: weights are fractions.  Raked weights and margins of error are
estimates; they are worked out in decimals of a fixed precision, so that every machine finds
the same ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from mvote.core.text import Words

CONFIDENT_95 = Fraction(196, 100)
"""How many standard errors lie to each side where 95 of 100 samples hold the true share."""

PRECISION = 34
KEPT = Decimal("1e-15")
TOLERANCE = Decimal("1e-12")
MOST_ROUNDS = 10_000

Cell = tuple[str, ...]
"""The category of a respondent in each variable that is raked, in a fixed order."""

Margin = Mapping[str, Fraction]
"""Of one variable the share (or number) of each category among all people."""


class SurveyFault(ValueError):
    """The survey cannot be weighted so; ``words`` say why."""

    def __init__(self, ko: str, en: str) -> None:
        self.words: Words = {"ko": ko, "en": en}
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sample says: ``totals`` are sums of weights by answer, in the order they were met.

    ``effective`` is the size of an unweighted sample that would be as precise (Kish).
    """

    respondents: int
    weight: Fraction
    effective: Fraction
    counts: Mapping[str, int]
    totals: Mapping[str, Fraction]

    def share(self, answer: str) -> Fraction:
        return self.totals[answer] / self.weight

    def margin(self, answer: str) -> Decimal:
        """The margin of error of the share, 95 % confident."""
        return margin_of_error(self.share(answer), self.effective)


def estimate(answers: Iterable[tuple[str, Fraction]]) -> Estimate:
    """Add up answers with their weights, exactly.

    Raises SurveyFault for a negative weight and where all weights together are nothing.
    """
    often = Counter(answers)
    counts: dict[str, int] = {}
    totals: dict[str, Fraction] = defaultdict(Fraction)
    weights: dict[Fraction, int] = defaultdict(int)
    for (answer, weight), count in often.items():
        counts[answer] = counts.get(answer, 0) + count
        totals[answer] += weight * count
        weights[weight] += count
    return Estimate(
        respondents=often.total(),
        weight=sum(totals.values(), Fraction(0)),
        effective=effective_size(weights),
        counts=counts,
        totals=dict(totals),
    )


def effective_size(weights: Mapping[Fraction, int]) -> Fraction:
    """The square of the sum over the sum of the squares; ``weights`` by how often each stands.

    Raises SurveyFault for a negative weight and where all are nothing.  Source: Kish, Survey
    Sampling (1965).
    """
    if any(weight < 0 for weight in weights):
        raise SurveyFault(
            "가중값은 0보다 작을 수 없습니다.", "a weight cannot be less than nothing."
        )
    total = sum((weight * count for weight, count in weights.items()), Fraction(0))
    if not total:
        raise SurveyFault("가중값의 합이 0입니다.", "the weights add up to nothing.")
    return total**2 / sum(weight**2 * count for weight, count in weights.items())


def margin_of_error(share: Fraction, size: Fraction, errors: Fraction = CONFIDENT_95) -> Decimal:
    """Half the width of the interval around a share, as a share, of a simple random sample.

    ``size`` is the effective size; nothing is taken off for a finite population.  Rounded
    half even to 15 places.
    """
    with localcontext(prec=PRECISION):
        variance = share * (1 - share) / size
        root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        width = root * Decimal(errors.numerator) / Decimal(errors.denominator)
        return width.quantize(KEPT)


@dataclass(frozen=True, slots=True)
class Raked:
    """``factors`` by cell: what every weight in it is multiplied by; ``rounds`` it took."""

    factors: Mapping[Cell, Fraction]
    rounds: int


def rake(cells: Mapping[Cell, Fraction], margins: Sequence[Margin]) -> Raked:
    """Fit the weights of cells to the margins of each variable, by iterative proportions.

    ``cells`` holds the weight of each cell of the sample before, ``margins`` one margin for
    each place of a cell.  The weights add up to what they did before; of a margin only the
    proportions matter.  It ends where every category is off by less than 1 in 10¹² of its
    target, and the factors are rounded to 15 places.  Raises SurveyFault where a category has
    respondents but no margin or the other way round, or where the margins cannot be met.

    Source: Deming and Stephan, On a Least Squares Adjustment of a Sampled Frequency Table,
    Annals of Mathematical Statistics 11 (1940).
    """
    base = {cell: cells[cell] for cell in sorted(cells) if cells[cell]}
    targets = [_targets(base, place, margin) for place, margin in enumerate(margins)]
    with localcontext(prec=PRECISION):
        before = {cell: _decimal(weight) for cell, weight in base.items()}
        now = dict(before)
        for rounds in range(1, MOST_ROUNDS + 1):
            off = max((_fit(now, place, target) for place, target in enumerate(targets)), default=0)
            if off < TOLERANCE:
                factors = {one: (now[one] / before[one]).quantize(KEPT) for one in now}
                return Raked({one: Fraction(factor) for one, factor in factors.items()}, rounds)
    raise SurveyFault(
        "주어진 비율을 한꺼번에 맞출 수 없습니다.", "no weights meet all the margins together."
    )


def _targets(base: Mapping[Cell, Fraction], place: int, margin: Margin) -> dict[str, Decimal]:
    """What each category has to weigh."""
    met = {cell[place] for cell in base}
    for category in sorted(met - {one for one, share in margin.items() if share > 0}):
        raise SurveyFault(
            f"응답자가 있는 범주 ‘{category}’의 비율이 주어지지 않았습니다.",
            f"there are respondents of the category “{category}”, but no share for it.",
        )
    for category, share in margin.items():
        if share < 0 or (share and category not in met):
            raise SurveyFault(
                f"범주 ‘{category}’의 비율이 0보다 작거나, 이 범주의 응답자가 없습니다.",
                f"the share of “{category}” is less than 0, or nobody who answered belongs to it.",
            )
    scale = sum(base.values(), Fraction(0)) / sum(margin.values(), Fraction(0))
    with localcontext(prec=PRECISION):
        return {one: _decimal(share * scale) for one, share in margin.items() if share}


def _fit(now: dict[Cell, Decimal], place: int, targets: Mapping[str, Decimal]) -> Decimal:
    """Scale the categories of one variable to their targets; says how far the worst was off."""
    sums = dict.fromkeys(targets, Decimal(0))
    for cell, weight in now.items():
        sums[cell[place]] += weight
    factors = {one: targets[one] / sums[one] for one in targets}
    for cell in now:
        now[cell] *= factors[cell[place]]
    return max(abs(factor - 1) for factor in factors.values())


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
