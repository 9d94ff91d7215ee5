"""``mvote audit``: whether the log of a wing is whole."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict

import click
from flask import Flask

from mvote.audit.service import ChainReport, check_chain
from mvote.settings import SIDES, wings_of


@click.group()
def audit() -> None:
    """Look into the log of what happened."""


@audit.command()
@click.option(
    "--side",
    type=click.Choice(SIDES),
    default="both",
    show_default=True,
    help="One wing alone, or both.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def check(open_app: Callable[[str], Flask], side: str, as_json: bool) -> None:
    """Recompute the hash chain over everything that happened.

    Exit code 0 where it holds, 1 where a row was changed or is missing.

    \b
    Examples:
      mvote audit check
      mvote audit check --side votes --json
    """
    with open_app(side).app_context():
        reports = [check_chain(wing) for wing in wings_of(side)]
    if as_json:
        click.echo(json.dumps({report.wing: asdict(report) for report in reports}, indent=2))
    else:
        for report in reports:
            click.echo(_sentence(report))
    sys.exit(any(report.fault for report in reports))


def _sentence(report: ChainReport) -> str:
    if report.fault:
        return f"{report.wing}: NOT WHOLE: {report.fault}; {report.chained} rows before it hold"
    waiting = report.rows - report.chained
    rest = f", {waiting} not chained yet" if waiting else ""
    return f"{report.wing}: whole: {report.chained} rows{rest}; head {report.head[:16]}"
