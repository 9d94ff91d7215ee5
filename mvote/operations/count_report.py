"""What ``mvote count`` shows: the winners, the totals, and every round as a table."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mvote.core.counting import METHODS
from mvote.core.counting.outcome import Outcome, Round, Stage, Total
from mvote.core.question import Question
from mvote.core.shapes import Amount
from mvote.core.shapes import Text as OpenText
from mvote.core.ties import TIE_RULES
from mvote.formats.election import Election

DECIMALS = 5
STAGES_WIDE = 6
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language() -> str:
    """The operator's language, by the usual variables."""
    named = next((os.environ[name] for name in LOCALE_VARIABLES if os.environ.get(name)), "")
    return "ko" if named.startswith("ko") else "en"


def listing(
    reading: Mapping[str, Sequence[str]], words: Mapping[str, str], *, as_json: bool
) -> str:
    """The methods that count ballots of options, what each wants to know, and the tie rules."""
    methods = [one for one in METHODS if one.shape not in (Amount, OpenText)]
    if as_json:
        found = {
            "methods": [
                {
                    "name": one.name,
                    "label": dict(one.label),
                    "ballots": one.shape.__name__.lower(),
                    "options": {key: dict(label) for key, label in one.form.items()},
                }
                for one in methods
            ],
            "reading": {key: list(values) for key, values in reading.items()},
            "ties": list(TIE_RULES.names()),
        }
        return json.dumps(found, ensure_ascii=False, indent=2)
    tongue = language()
    lines = []
    for one in methods:
        lines.append(f"{one.name} ({one.shape.__name__.lower()}): {one.label[tongue]}")
        lines += [f"    {key}: {label[tongue]}" for key, label in one.form.items()]
    lines.append("reading the ballots (for every method):")
    lines += [f"    {key}={'|'.join(reading[key])}: {words[key]}" for key in reading]
    lines.append("ties: " + ", ".join(TIE_RULES.names()))
    return "\n".join(lines)


def round_json(one: Round | Stage, scale: int = 1) -> dict[str, Any]:
    """A round in one form for all methods; a budget's takes one project at a time.

    Money is as the file spells it, of which one is ``scale`` units of ours: whole, or a text
    where the file has decimals.
    """
    made = one.to_json()
    for key in ("cost", "left"):
        if key in made and scale > 1:
            made[key] = str(Decimal(made[key]) / scale)
    if isinstance(one, Round):
        taken = [one.option]
        made |= {
            "totals": {one.option: str(one.total)},
            "elected": taken if one.taken else [],
            "eliminated": [] if one.taken else taken,
            "exhausted": "0",
        }
    return made


def show(election: Election, question: Question, outcome: Outcome) -> None:
    """Print the outcome for people."""
    console = Console(width=None if os.isatty(1) else 160, highlight=False)
    names = {one.id: one.title["en"] for one in question.options}
    console.print(Text(f"{election.title or election.file} ({election.format})"))
    console.print(
        Text(
            f"{outcome.method}: {outcome.ballots:,} ballots, {outcome.valid:,} valid, "
            f"{outcome.blank:,} blank"
        )
    )
    stages = [one for one in outcome.rounds if isinstance(one, Stage)]
    steps = [one for one in outcome.rounds if isinstance(one, Round)]
    for begin in range(0, len(stages), STAGES_WIDE):
        console.print(_stages(names, stages[begin : begin + STAGES_WIDE], begin + 1))
    if steps:
        console.print(_steps(names, steps, election.scale))
    if not outcome.rounds:
        console.print(_totals(names, outcome))
    if outcome.pairwise is not None:
        console.print(_pairs(names, outcome.pairwise))
    for place, one in enumerate(outcome.winners, 1):
        console.print(Text(f"{place}. {one}  {names[one]}"))
    if not outcome.winners:
        console.print("nothing won")
    console.print(Text(outcome.explanation[language()]))


def spelled(total: Total) -> str:
    """A total to five decimals, cut, without needless zeros; ``…`` where digits are missing."""
    whole, rest = divmod(abs(Fraction(total)), 1)
    scaled = int(rest * 10**DECIMALS)
    digits = f"{scaled:0{DECIMALS}d}".rstrip("0")
    sign = "-" if total < 0 else ""
    cut = "" if scaled == rest * 10**DECIMALS else "…"
    return f"{sign}{int(whole):,}" + (f".{digits}" if digits or cut else "") + cut


def _stages(names: Mapping[str, str], stages: Sequence[Stage], first: int) -> Table:
    table = _table("", "", *(f"Round {first + place}" for place in range(len(stages))))
    for one, name in names.items():
        if any(one in stage.totals for stage in stages):
            cells = [_cell(stage, one) for stage in stages]
            table.add_row(Text(one), Text(name), *cells)
    table.add_section()
    table.add_row("", "exhausted", *(spelled(stage.exhausted) for stage in stages))
    if any(stage.quota is not None for stage in stages):
        quotas = (spelled(s.quota) if s.quota is not None else "" for s in stages)
        table.add_row("", "quota", *quotas)
    return table


def _cell(stage: Stage, option: str) -> Text:
    if option not in stage.totals:
        return Text("")
    said = spelled(stage.totals[option])
    if option in stage.elected:
        return Text(f"{said} elected", style="bold green")
    if option in stage.eliminated:
        return Text(f"{said} out", style="dim")
    return Text(said)


def _steps(names: Mapping[str, str], steps: Iterable[Round], scale: int) -> Table:
    table = _table("", "", "total", "cost", "left", "")
    for one in steps:
        style = "bold green" if one.taken else "dim"
        money = (one.cost, one.left)
        figures = ("" if n is None else spelled(Fraction(n, scale)) for n in money)
        name = Text(names[one.option], overflow="ellipsis", no_wrap=True)
        table.add_row(
            Text(one.option), name, spelled(one.total), *figures, Text(one.result, style=style)
        )
    return table


def _totals(names: Mapping[str, str], outcome: Outcome) -> Table:
    table = _table("", "", "total")
    for one in sorted(outcome.totals, key=lambda one: outcome.totals[one], reverse=True):
        table.add_row(Text(one), Text(names.get(one, one)), spelled(outcome.totals[one]))
    return table


def _pairs(names: Mapping[str, str], pairwise: Mapping[str, Mapping[str, int]]) -> Table:
    """Row above column, by how many."""
    table = _table("", "", *pairwise)
    for one, row in pairwise.items():
        cells = (f"{row[other]:,}" if other in row else "" for other in pairwise)
        table.add_row(Text(one), Text(names[one]), *cells)
    return table


def _table(*headers: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, header in enumerate(headers):
        table.add_column(Text(header), justify="right" if place > 1 else "left")
    return table
