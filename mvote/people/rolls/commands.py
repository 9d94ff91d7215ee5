"""``mvote register``, ``mvote list``: the rolls that an operator loads."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from rich.console import Console
from rich.progress import Progress

from mvote.people.rolls.rules_files import ENCODINGS, encoding_of, lines_of
from mvote.people.rolls.service.registers import (
    Imported,
    Tell,
    import_list,
    import_register,
)
from mvote.settings import at_people

OpenApp = Callable[[str], Flask]

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
dry_run = click.option("--dry-run", "dry", is_flag=True, help="Say what would change, and stop.")
in_encoding = click.option(
    "--encoding", type=click.Choice(ENCODINGS), help="Read the file so; found out by itself else."
)


@contextmanager
def _lines(path: Path, encoding: str | None) -> Iterator[tuple[Iterator[str], Tell]]:
    """A file's text, with a bar on a terminal that shows how far it is read, then written."""
    console = Console(stderr=True)
    named = encoding or encoding_of(path)
    with (
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
        progress.open(
            path,
            "r",
            encoding="utf-8-sig" if named == "utf-8" else named,
            newline="",
            description=f"Reading {path.name} ({named})",
        ) as text,
    ):
        writing = progress.add_task("Writing", start=False, visible=False)

        def tell(done: int, of: int) -> None:
            progress.start_task(writing)
            progress.update(writing, completed=done, total=of, visible=True)

        yield lines_of(text), tell


def _say(said: dict[str, object], sentence: str, *, as_json: bool, dry: bool) -> None:
    if as_json:
        click.echo(json.dumps(said | {"dry_run": dry}, ensure_ascii=False))
    else:
        click.echo(f"{sentence} Nothing was changed." if dry else sentence)


def _numbers(found: Imported) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("entries", "new", "changed", "gone", "moved")}


@click.group()
def register() -> None:
    """The city's register: district, years of birth and gender by entry and phone number."""


@register.command("import")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Forget the entries that are not in the file.")
@click.option(
    "--allow-moves", is_flag=True, help="Take numbers that stood under another entry before."
)
@in_encoding
@dry_run
@as_json
@click.pass_obj
def import_register_file(
    open_app: OpenApp,
    *,
    file: Path,
    replace: bool,
    allow_moves: bool,
    encoding: str | None,
    dry: bool,
    as_json: bool,
) -> None:
    """Take a register file, whole or not at all.

    FILE is CSV with the header number,district,birth_year,gender in any order, and a column
    entry where the city has an id of its own for each person (no resident number); a line
    has a number or an entry, the rest may be empty.  It is read as UTF-8, with or without a
    byte-order mark, or else as CP949.  Numbers and entries are kept only as keyed digests,
    years of birth only as five-year bands.  Exit code 2 where a line is wrong; then nothing
    has changed.

    \b
    Examples:
      mvote register import residents.csv --dry-run
      mvote register import residents.csv --replace --json
    """
    now = datetime.now(UTC)
    with open_app(at_people()).app_context(), _lines(file, encoding) as (lines, tell):
        found = import_register(
            lines, replace=replace, moves=allow_moves, dry=dry, tell=tell, now=now
        )
    sentence = (
        f"The register {'would take' if dry else 'took'} {found.entries} entries:"
        f" {found.new} new, {found.changed} changed, {found.gone} gone,"
        f" {found.moved} numbers moved."
    )
    _say(_numbers(found) | {"replaced": replace}, sentence, as_json=as_json, dry=dry)


@click.group("list")
def list_() -> None:
    """Lists of people that a poll may be meant for, by number or by entry."""


@list_.command("import")
@click.argument("name")
@click.argument("file", type=FILE)
@in_encoding
@dry_run
@as_json
@click.pass_obj
def import_list_file(
    open_app: OpenApp, *, name: str, file: Path, encoding: str | None, dry: bool, as_json: bool
) -> None:
    """Take the list NAME from FILE, in place of what was on it, whole or not at all.

    FILE holds one number a line, or is CSV with a column named number, or one named entry
    that holds the city's own ids.

    \b
    Examples:
      mvote list import market-traders traders.csv
      mvote list import market-traders traders.csv --dry-run
    """
    now = datetime.now(UTC)
    with open_app(at_people()).app_context(), _lines(file, encoding) as (lines, tell):
        found = import_list(name, lines, dry=dry, tell=tell, now=now)
    sentence = (
        f"The list {name} {'would hold' if dry else 'holds'} {found.entries} people:"
        f" {found.new} new, {found.gone} gone."
    )
    said = {"list": name, "entries": found.entries, "new": found.new, "gone": found.gone}
    _say(said, sentence, as_json=as_json, dry=dry)
