"""``mvote survey``: weighted answers of a sample, with raking, effective size and margins."""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from mvote.core.survey import Estimate, Margin, SurveyFault, estimate, rake
from mvote.formats.source import Unreadable
from mvote.formats.survey_csv import Row, read_margins, read_survey
from mvote.operations import count_report

BAD_INPUT = 2
EVERYBODY = ""


@dataclass(frozen=True)
class Surveyed:
    """``groups`` by category, everybody under the empty text; ``rounds`` of the raking, or 0."""

    groups: Mapping[str, Estimate]
    rounds: int


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--answer", required=True, help="The column of answers.")
@click.option("--weight", help="The column of weights; 1 each without it.")
@click.option("--by", help="A column of categories to tell apart.")
@click.option("--name", "names", multiple=True, metavar="CODE=NAME", help="Codes of one name join.")
@click.option("--margins", type=click.Path(path_type=Path), help="CSV: variable,category,share.")
@click.option("--decimals", type=click.IntRange(0, 6), default=1, help="Of a per cent.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def survey(
    *,
    file: Path,
    answer: str,
    weight: str | None,
    by: str | None,
    names: Sequence[str],
    margins: Path | None,
    decimals: int,
    as_json: bool,
) -> None:
    """Add up the weighted answers of a survey, a CSV (or .csv.gz) with one respondent a row.

    Weights come from a column, from margins to which the sample is raked, or from both (the
    column is where the raking begins).  The margins of error are for 95 % and the effective
    size of the sample (Kish).

    \b
    Example:
      mvote survey wave1.csv.gz --answer A_Q2 --weight WT1 --by A_SQ3 \\
          --name 1=stop --name 2=resume --name 3=undecided --name 9=undecided

    Exit code 2: the file cannot be read or weighted so; a sentence says why.
    """
    try:
        found = count_survey(
            file, answer=answer, weight=weight, by=by, names=_pairs(names), margins=margins
        )
    except Unreadable as fault:
        click.echo(f"mvote: {fault.sentence(count_report.language())}", err=True)
        sys.exit(BAD_INPUT)
    if as_json:
        click.echo(json.dumps(report(found, decimals), ensure_ascii=False, indent=2))
    else:
        _show(found, decimals)


def count_survey(
    file: Path,
    *,
    answer: str,
    weight: str | None = None,
    by: str | None = None,
    names: Mapping[str, str] | None = None,
    margins: Path | None = None,
) -> Surveyed:
    """Read, rake and add up.  Raises Unreadable."""
    targets = read_margins(margins) if margins else {}
    columns = [*targets, *([by] if by else [])]
    rows = read_survey(file, answer=answer, weight=weight, strata=columns)
    try:
        rows, rounds = _raked(rows, list(targets.values()))
        groups = defaultdict(list)
        for row in rows:
            given = ((names or {}).get(row.answer, row.answer), row.weight)
            groups[EVERYBODY].append(given)
            if by:
                groups[row.strata[-1]].append(given)
        return Surveyed({one: estimate(groups[one]) for one in sorted(groups)}, rounds)
    except SurveyFault as fault:
        raise Unreadable(file.name, 0, fault.words) from None


def _raked(rows: list[Row], targets: Sequence[Margin]) -> tuple[list[Row], int]:
    if not targets:
        return rows, 0
    many = len(targets)
    cells: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for row in rows:
        cells[row.strata[:many]] += row.weight
    raked = rake(cells, targets)
    fitted = [
        Row(row.answer, row.weight * raked.factors.get(row.strata[:many], Fraction(0)), row.strata)
        for row in rows
    ]
    return fitted, raked.rounds


def report(found: Surveyed, decimals: int = 1) -> dict[str, Any]:
    """What ``--json`` prints: per cents rounded half up, ``share`` exact."""
    groups = {name: _group(one, decimals) for name, one in found.groups.items()}
    made = groups.pop(EVERYBODY)
    return {**made, "raking_rounds": found.rounds, "groups": groups}


def _group(one: Estimate, decimals: int) -> dict[str, Any]:
    return {
        "respondents": one.respondents,
        "weight": str(one.weight),
        "effective": _rounded(one.effective, 1),
        "answers": {
            answer: {
                "respondents": one.counts[answer],
                "weight": str(total),
                "share": str(one.share(answer)),
                "percent": _rounded(one.share(answer) * 100, decimals),
                "margin": _rounded(Fraction(one.margin(answer)) * 100, decimals),
            }
            for answer, total in one.totals.items()
        },
    }


def _rounded(value: Fraction, decimals: int) -> str:
    with localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return str(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _pairs(names: Sequence[str]) -> dict[str, str]:
    """Raises UsageError."""
    made = {}
    for one in names:
        code, sign, name = one.partition("=")
        if not sign or not name or code in made:
            raise click.UsageError(f"--name takes each CODE=NAME once, but there is “{one}”")
        made[code] = name
    return made


def _show(found: Surveyed, decimals: int) -> None:
    korean = count_report.language() == "ko"
    for name, one in found.groups.items():
        size, many = _rounded(one.effective, 1), f"{one.respondents:,}"
        if name:
            click.echo("")
        head = f"응답 {many}명, 유효 표본 {size}명" if korean else f"{many} answered, worth {size}"
        click.echo(f"{name}: {head}" if name else head)
        for answer in sorted(one.totals, key=lambda key: -one.totals[key]):
            made = _group(one, decimals)["answers"][answer]
            click.echo(f"  {answer:<24} {made['percent']:>7} % ± {made['margin']}")
