"""``mvote results export``: the counted ballots of a closed poll as files that others read."""

import os
import secrets
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import click
from flask import Flask

from mvote.formats.writing import FORMATS
from mvote.settings import at_votes
from mvote.votes.results.service import get_export

OpenApp = Callable[[str], Flask]


@click.group()
def results() -> None:
    """What came of closed polls."""


@results.command()
@click.argument("poll")
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), required=True, help="What to write."
)
@click.option("--question", help="The id of one question; needed where the poll asks several.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write this file instead of standard output.",
)
@click.pass_obj
def export(
    open_app: OpenApp, poll: str, form: str, question: str | None, output: Path | None
) -> None:
    """Write the counted ballots of a closed poll, one by one, without who gave them.

    \b
    nist     NIST SP 1500-103 cast vote records, JSON (choices, rankings, scores)
    preflib  PrefLib .soc .soi .toc .toi for rankings, .cat for choices and ratings
    pabulib  Pabulib .pb for questions about projects with costs
    csv      a row a ballot, a column an option: a cross, a rank or a number

    Equal ballots stand behind one another, so the order says nothing about who came
    when.  Before the close there is nothing to export.  `mvote count` reads each back.

    \b
    Examples:
      mvote results export 01J… --format csv > ballots.csv
      mvote results export 01J… --format nist --question mayor --output cvr.json
    """
    side = at_votes()
    with open_app(side).app_context():
        pieces = iter(FORMATS[form](get_export(poll, question=question)))
        first = next(pieces)
        if output is None:
            for piece in chain([first], pieces):
                click.echo(piece, nl=False)
            return
        _write_whole(output, chain([first], pieces))
    click.echo(f"wrote {output}", err=True)


def _write_whole(output: Path, pieces: "chain[str]") -> None:
    """The file appears when it is whole, or not at all."""
    part = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
