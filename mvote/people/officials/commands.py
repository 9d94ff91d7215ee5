"""``mvote official``: whom an operator lets act for the city."""

import json
import secrets
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

import click
from flask import Flask

from mvote.core.official import DUTIES
from mvote.people.officials.rules import MOST_PASSWORD, OfficialAccount
from mvote.people.officials.service.accounts import add_official, list_officials
from mvote.settings import at_people

OpenApp = Callable[[str], Flask]

PASSWORD_BYTES = 15
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


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
    with open_app(at_people()).app_context():
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
    with open_app(at_people()).app_context():
        found = list_officials()
    if as_json:
        click.echo(json.dumps({"officials": [asdict(one) for one in found]}, indent=2))
        return
    for one in found:
        click.echo(_sentence(one))


def _sentence(one: OfficialAccount) -> str:
    return f"{one.login} ({one.id}): {one.department}, {', '.join(one.duties)}"
