"""``mvote register``, ``mvote list``: the rolls that an operator loads."""

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from rich.console import Console
from rich.progress import Progress

from mvote.people.rolls.errors import CodeBatchUnknown
from mvote.people.rolls.rules_codes import MOST_SERIAL, CodeBatch
from mvote.people.rolls.rules_files import ENCODINGS, encoding_of, lines_of
from mvote.people.rolls.service.codes import (
    Write,
    get_code_state,
    list_batches,
    print_codes,
    print_codes_for,
    revoke_codes,
)
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


@click.group()
def codes() -> None:
    """Printed codes, each good for one sign-in of one person on the roll."""


@codes.command("make")
@click.argument("name")
@click.option("--count", type=click.IntRange(1, MOST_SERIAL), help="So many codes, for anybody.")
@click.option("--entries", type=FILE, help="One code for each of the city's own ids in this file.")
@click.option("--list", "on_list", help="With --entries: each has to stand on this list.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to print from.")
@in_encoding
@as_json
@click.pass_obj
def make_codes(
    open_app: OpenApp,
    *,
    name: str,
    count: int | None,
    entries: Path | None,
    on_list: str | None,
    out: Path,
    encoding: str | None,
    as_json: bool,
) -> None:
    """Make the batch NAME of codes and write them to a file for the printer.

    The file is CSV with the columns serial,code,url,entry, which only its owner can read;
    mvote keeps no code.  With --entries each code belongs to the person with that id of the
    city's, whoever else reaches the same entry.  With --count every code is an entry of the
    roll of its own, on a list named like the batch: give them only to people who cannot reach
    the same poll in another way, by their number for one, for nobody knows that the two are
    one person.

    \b
    Examples:
      mvote codes make spring-letters --entries letters.csv --out codes.csv
      mvote codes make hall-evening --count 200 --out codes.csv
    """
    if (count is None) == (entries is None) or (on_list and entries is None):
        raise click.UsageError("give either --count or --entries, and --list only with --entries")
    now = datetime.now(UTC)
    with open_app(at_people()).app_context(), _for_printer(out) as write:
        if entries is None:
            printed = print_codes(name, count=count or 0, write=write, now=now)
        else:
            with _lines(entries, encoding) as (lines, _tell):
                printed = print_codes_for(name, lines, on_list=on_list, write=write, now=now)
    if as_json:
        said = {"batch": name, "printed": printed, "file": str(out)}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"{out} holds {printed} codes. Delete it once they are printed.")


@contextmanager
def _for_printer(out: Path) -> Iterator[Write]:
    """A new file for the owner's eyes; gone again where nothing was made."""
    try:
        descriptor = os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as fault:
        raise click.UsageError(f"--out: {out}: {fault.strerror}") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("serial", "code", "url", "entry"))
            yield lambda one: rows.writerow((one.serial, one.code, one.url, one.entry))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        out.unlink(missing_ok=True)
        raise


@codes.command("list")
@as_json
@click.pass_obj
def show_batches(open_app: OpenApp, as_json: bool) -> None:
    """List the batches with how many codes were printed, used, revoked, and are left."""
    with open_app(at_people()).app_context():
        found = list_batches()
    if as_json:
        shown = [asdict(one) | {"left": one.left} for one in found]
        click.echo(json.dumps({"batches": shown}, ensure_ascii=False))
        return
    for one in found:
        click.echo(_counted(one))


@codes.command("show")
@click.argument("name")
@click.argument("serial", type=click.IntRange(1, MOST_SERIAL), required=False)
@as_json
@click.pass_obj
def show_codes(open_app: OpenApp, name: str, serial: int | None, as_json: bool) -> None:
    """Show the counts of the batch NAME, or what became of the code with a SERIAL number."""
    with open_app(at_people()).app_context():
        state = None if serial is None else get_code_state(name, serial)
        found = next((one for one in list_batches() if one.batch == name), None)
    if found is None:
        raise CodeBatchUnknown()
    if as_json:
        said = asdict(found) | {"left": found.left}
        said |= {} if state is None else {"serial": serial, "state": state}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(_counted(found) if state is None else f"{name} {serial}: {state}")


@codes.command("revoke")
@click.argument("name")
@click.option("--serial", type=click.IntRange(1, MOST_SERIAL), help="Only the code with this one.")
@as_json
@click.pass_obj
def revoke(open_app: OpenApp, name: str, serial: int | None, as_json: bool) -> None:
    """Make the codes of the batch NAME void that were not used yet.

    \b
    Examples:
      mvote codes revoke spring-letters --serial 17
      mvote codes revoke spring-letters
    """
    with open_app(at_people()).app_context():
        revoked = revoke_codes(name, serial=serial, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps({"batch": name, "revoked": revoked}, ensure_ascii=False))
    else:
        click.echo(f"{revoked} codes of {name} were revoked.")


def _counted(one: CodeBatch) -> str:
    kind = "bound to entries" if one.bound else "entries of their own"
    return (
        f"{one.batch} ({kind}): {one.printed} printed, {one.used} used,"
        f" {one.revoked} revoked, {one.left} left"
    )
