"""``mvote register``, ``mvote list``: the rolls that an operator loads."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from flask import Flask
from rich.console import Console
from rich.progress import Progress

from mvote.people.rolls.service.registers import import_list, import_register
from mvote.settings import at_people

OpenApp = Callable[[str], Flask]

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@contextmanager
def _lines(path: Path) -> Iterator[TextIO]:
    """A file's text, with a bar on a terminal that shows how far it is read."""
    console = Console(stderr=True)
    with (
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
        progress.open(
            path, "r", encoding="utf-8-sig", newline="", description=f"Reading {path.name}"
        ) as text,
    ):
        yield text


@click.group()
def register() -> None:
    """The city's register: district, years of birth and gender by phone number."""


@register.command("import")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Forget the numbers that are not in the file.")
@as_json
@click.pass_obj
def import_register_file(open_app: OpenApp, file: Path, replace: bool, as_json: bool) -> None:
    """Take a register file, whole or not at all.

    FILE is CSV in UTF-8 with the header number,district,birth_year,gender; all but the
    number may be empty.  Numbers are kept only as keyed digests, years of birth only as
    five-year bands.  Exit code 2 where a line is wrong; then nothing has changed.

    \b
    Examples:
      mvote register import residents.csv
      mvote register import residents.csv --replace --json
    """
    with open_app(at_people()).app_context(), _lines(file) as lines:
        numbers = import_register(lines, replace=replace, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps({"numbers": numbers, "replaced": replace}))
    else:
        click.echo(f"The register took {numbers} numbers.")


@click.group("list")
def list_() -> None:
    """Lists of numbers that a poll may be meant for."""


@list_.command("import")
@click.argument("name")
@click.argument("file", type=FILE)
@as_json
@click.pass_obj
def import_list_file(open_app: OpenApp, name: str, file: Path, as_json: bool) -> None:
    """Take the list NAME from FILE, in place of what was on it, whole or not at all.

    FILE holds one number a line, or is CSV with a column named number.

    \b
    Examples:
      mvote list import market-traders traders.csv
    """
    with open_app(at_people()).app_context(), _lines(file) as lines:
        numbers = import_list(name, lines, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps({"list": name, "numbers": numbers}, ensure_ascii=False))
    else:
        click.echo(f"The list {name} holds {numbers} numbers.")
