"""``mvote indicators import``: what the city measures, from a file."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from mvote.settings import at_votes
from mvote.votes.indicators.service import import_indicators, list_imports

OpenApp = Callable[[str], Flask]


@click.group()
def indicators() -> None:
    """What the city measures and citizens may question."""


@indicators.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(open_app: OpenApp, file: Path) -> None:
    """Take a CSV file of indicators whole, or not at all.

    UTF-8 or CP949, with the columns name, unit, period, value, source and department (its
    code), and target, name_en and unit_en where wanted.  A period is 2030, 2030-Q1, 2030-01
    or 2030-01-31.  Another value for a period that was told becomes its next version; the
    same file again changes nothing.

    \b
    Example:
      mvote indicators import air.csv
    """
    with open_app(at_votes()).app_context():
        taken, new = import_indicators(file.read_bytes(), now=datetime.now(UTC))
        if not new:
            click.echo(f"this file was taken before, at {taken.at:%Y-%m-%d %H:%M} UTC")
        click.echo(f"values: {taken.values}, of them new: {taken.new}")
        click.echo(f"sha256: {taken.digest}")


@indicators.command()
@click.pass_obj
def history(open_app: OpenApp) -> None:
    """Files that were taken, the newest first, by their SHA-256."""
    with open_app(at_votes()).app_context():
        for one in list_imports(limit=1000):
            click.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.digest}  {one.new} of {one.values} new")
