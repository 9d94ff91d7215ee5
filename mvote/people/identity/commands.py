"""``mvote register``, ``mvote list``, ``mvote official``: what an operator tells this wing."""

import json
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from flask import Flask
from rich.console import Console
from rich.progress import Progress

from mvote.core.official import DUTIES
from mvote.people.identity.rules import MOST_PASSWORD, OfficialAccount
from mvote.people.identity.service.officials import add_official, list_officials
from mvote.people.identity.service.registers import import_list, import_register
from mvote.settings import Settings

OpenApp = Callable[[str], Flask]

PASSWORD_BYTES = 15
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@contextmanager
def _at_work(open_app: OpenApp) -> Iterator[None]:
    """In the app of this host: the people wing alone where the wings are apart."""
    side = "people" if Settings.from_env().votes_url else "both"
    with open_app(side).app_context():
        yield


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
    with _at_work(open_app), _lines(file) as lines:
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
    with _at_work(open_app), _lines(file) as lines:
        numbers = import_list(name, lines, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps({"list": name, "numbers": numbers}, ensure_ascii=False))
    else:
        click.echo(f"The list {name} holds {numbers} numbers.")


@click.group()
def official() -> None:
    """Officials: who acts for which department, with which duties."""


@official.command("add")
@click.argument("login")
@click.option("--department", required=True, help="Code of the department.")
@click.option(
    "--duty", "duties", type=click.Choice(DUTIES), multiple=True, required=True, help="Repeatable."
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@as_json
@click.pass_obj
def add(
    open_app: OpenApp,
    *,
    login: str,
    department: str,
    duties: tuple[str, ...],
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add an official.  Without --password-stdin a password is made and printed once.

    \b
    Examples:
      mvote official add kim --department parks --duty drafter --duty answerer
      mvote official add lee --department parks --duty approver --password-stdin < file
    """
    given = sys.stdin.readline(MOST_PASSWORD + 2).rstrip("\r\n") if password_stdin else None
    password = secrets.token_urlsafe(PASSWORD_BYTES) if given is None else given
    with _at_work(open_app):
        made = add_official(
            login,
            department=department,
            duties=duties,
            password=password,
            now=datetime.now(UTC),
        )
    if as_json:
        shown = asdict(made) | ({"password": password} if given is None else {})
        click.echo(json.dumps(shown))
        return
    click.echo(_sentence(made))
    if given is None:
        click.echo(f"Password, shown only now: {password}")


@official.command("list")
@as_json
@click.pass_obj
def show(open_app: OpenApp, as_json: bool) -> None:
    """List the officials."""
    with _at_work(open_app):
        found = list_officials()
    if as_json:
        click.echo(json.dumps({"officials": [asdict(one) for one in found]}, indent=2))
        return
    for one in found:
        click.echo(_sentence(one))


def _sentence(one: OfficialAccount) -> str:
    return f"{one.login} ({one.id}): {one.department}, {', '.join(one.duties)}"
