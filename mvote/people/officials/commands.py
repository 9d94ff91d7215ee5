"""``mvote official``: whom an operator lets act for the city."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

import click
from flask import Flask

from mvote.core.official import DUTIES
from mvote.core.times import iso
from mvote.people.officials.rules import BY_COMMAND, MOST_PASSWORD, Enrolment, OfficialAccount
from mvote.people.officials.service import accounts
from mvote.settings import at_people

OpenApp = Callable[[str], Flask]

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def duty_option(*, required: bool) -> Callable[..., Callable[..., None]]:
    return click.option(
        "--duty",
        "duties",
        type=click.Choice(DUTIES),
        multiple=True,
        required=required,
        help="Repeatable.",
    )


@click.group()
def official() -> None:
    """Officials: who acts for which department, with which duties."""


@official.command("add")
@click.argument("login")
@click.option("--department", required=True, help="Code of the department.")
@duty_option(required=True)
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read a password from standard input, where MVOTE_OFFICIAL_PASSWORDS allows them.",
)
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
    """Add an official and print the link by which they enrol a passkey, once, within its time.

    \b
    Examples:
      mvote official add kim --department parks --duty drafter --duty answerer
      mvote official add lee --department parks --duty approver --password-stdin < file
    """
    given = sys.stdin.readline(MOST_PASSWORD + 2).rstrip("\r\n") if password_stdin else None
    link, now = None, datetime.now(UTC)
    with open_app(at_people()).app_context():
        if given is None:
            made, link = accounts.invite_official(
                login, department=department, duties=duties, now=now
            )
        else:
            made = accounts.add_official(
                login, department=department, duties=duties, password=given, now=now
            )
    _tell(made, link, as_json=as_json)


@official.command("list")
@as_json
@click.pass_obj
def show(open_app: OpenApp, as_json: bool) -> None:
    """List the officials."""
    with open_app(at_people()).app_context():
        found = accounts.list_officials()
    if as_json:
        click.echo(json.dumps({"officials": [asdict(one) for one in found]}, indent=2))
        return
    for one in found:
        click.echo(_sentence(one))


@official.command("change")
@click.argument("login")
@click.option("--department", help="Code of another department.  [default: as it is]")
@duty_option(required=False)
@as_json
@click.pass_obj
def change(
    open_app: OpenApp, *, login: str, department: str | None, duties: tuple[str, ...], as_json: bool
) -> None:
    """Give an official another department, or other duties in place of those they have.

    Every sign-in of theirs ends at once; on the votes side a token that was made before
    serves until it expires (MVOTE_ACCESS_SECONDS).

    \b
    Examples:
      mvote official change kim --duty approver --duty moderator
      mvote official change kim --department roads
    """
    with open_app(at_people()).app_context():
        found = accounts.get_by_login(login)
        made = accounts.change_official(
            found.id,
            department=department or found.department,
            duties=duties or found.duties,
            by=BY_COMMAND,
            now=datetime.now(UTC),
        )
    _tell(made, None, as_json=as_json)


@official.command("disable")
@click.argument("login")
@as_json
@click.pass_obj
def disable(open_app: OpenApp, login: str, as_json: bool) -> None:
    """Let an official do nothing any more.

    Every sign-in of theirs ends at once; on the votes side a token that was made before
    serves until it expires (MVOTE_ACCESS_SECONDS).
    """
    with open_app(at_people()).app_context():
        found = accounts.get_by_login(login).id
        made = accounts.disable_official(found, by=BY_COMMAND, now=datetime.now(UTC))
    _tell(made, None, as_json=as_json)


@official.command("enable")
@click.argument("login")
@as_json
@click.pass_obj
def enable(open_app: OpenApp, login: str, as_json: bool) -> None:
    """Let a disabled official sign in again."""
    with open_app(at_people()).app_context():
        found = accounts.get_by_login(login).id
        made = accounts.enable_official(found, by=BY_COMMAND, now=datetime.now(UTC))
    _tell(made, None, as_json=as_json)


@official.command("recover")
@click.argument("login")
@as_json
@click.pass_obj
def recover(open_app: OpenApp, login: str, as_json: bool) -> None:
    """Let an official in again who can prove nothing any more, as the last administrator.

    Prints a new enrolment link.  Passkeys, password and login are void, every sign-in ends, one
    who was disabled is enabled; the log tells it.  Where the last administrator is gone
    for good, add another one.

    \b
    Examples:
      mvote official recover kim
    """
    with open_app(at_people()).app_context():
        link = accounts.recover_official(login, now=datetime.now(UTC))
        made = accounts.get_by_login(login)
    _tell(made, link, as_json=as_json)


def _tell(made: OfficialAccount, link: Enrolment | None, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(made) | (_spelled(link) if link else {})))
        return
    click.echo(_sentence(made))
    if link is not None:
        spelled = _spelled(link)
        click.echo(f"Enrolment link, shown only now, until {spelled['expires_at']}:")
        click.echo(spelled["link"])


def _spelled(link: Enrolment) -> dict[str, str]:
    return {"link": link.link, "expires_at": iso(link.expires_at)}


def _sentence(one: OfficialAccount) -> str:
    disabled = " (disabled)" if one.disabled else ""
    keys = f"; {one.passkeys} passkey{'' if one.passkeys == 1 else 's'}"
    return f"{one.login} ({one.id}): {one.department}, {', '.join(one.duties)}{keys}{disabled}"
