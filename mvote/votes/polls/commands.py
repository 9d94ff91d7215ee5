"""``mvote department``: the departments that ask and answer."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask import Flask

from mvote.settings import at_votes
from mvote.votes.polls.service import add_department, list_departments

OpenApp = Callable[[str], Flask]


@contextmanager
def _at_work(open_app: OpenApp) -> Iterator[None]:
    """In the app of this host: the votes wing alone where the wings are apart."""
    side = at_votes()
    with open_app(side).app_context():
        yield


@click.group()
def department() -> None:
    """The departments that ask and answer."""


@department.command()
@click.argument("code")
@click.option("--ko", required=True, help="The name in Korean.")
@click.option("--en", required=True, help="The name in English.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def add(open_app: OpenApp, code: str, ko: str, en: str, as_json: bool) -> None:
    """Add a department under a short code.

    \b
    Example:
      mvote department add parks --ko 푸른도시과 --en "Parks and Green City"
    """
    with _at_work(open_app):
        made = add_department(code, name={"ko": ko, "en": en}, by="command", now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps({"code": made.code, "name": dict(made.name)}, ensure_ascii=False))
    else:
        click.echo(f"added {made.code}: {made.name['ko']} / {made.name['en']}")


@department.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def list_(open_app: OpenApp, as_json: bool) -> None:
    """List the departments by their codes."""
    with _at_work(open_app):
        found = list_departments()
    if as_json:
        items = [{"code": one.code, "name": dict(one.name)} for one in found]
        click.echo(json.dumps({"departments": items}, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.code}\t{one.name['ko']}\t{one.name['en']}")
