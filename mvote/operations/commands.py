"""``mvote worker`` and ``mvote db``."""

import json
import signal
import sys
from datetime import UTC, datetime
from typing import cast

import click

from mvote.db import newest_revision
from mvote.headless import create_headless_app
from mvote.operations import database
from mvote.operations.logs import configure
from mvote.operations.processes import when_orphaned
from mvote.operations.serve import check_installation, side_option
from mvote.settings import Settings, Side, wings_of
from mvote.worker import Worker

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command()
@side_option
@click.option("--once", is_flag=True, help="Do everything that is due, then end.")
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
def worker(side: str, once: bool, parent: int | None) -> None:
    """Run what happens by itself: schedule, batches, exchange, publication, audit chain.

    `mvote serve` runs one unless told otherwise; a second one does no harm.

    \b
    Examples:
      mvote worker
      mvote worker --side votes --once
    """
    settings = Settings.from_env()
    configure(settings)
    check_installation(settings, wings_of(side))
    working = Worker(create_headless_app(cast(Side, side), settings))
    if once:
        return working.settle(datetime.now(UTC))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: working.stop())
    if parent is not None:
        when_orphaned(parent, working.stop)
    return working.run()


@click.group()
def db() -> None:
    """Migrate the databases, and say at which revision they are."""


@db.command()
@side_option
@json_option
def upgrade(side: str, as_json: bool) -> None:
    """Bring the databases to the revision that this program needs.

    \b
    Examples:
      mvote db upgrade
      mvote db upgrade --side people --json
    """
    done = database.upgrade(Settings.from_env(), wings_of(side))
    if as_json:
        click.echo(json.dumps(done, indent=2))
        return
    for wing, revision in done.items():
        click.echo(f"{wing}: at revision {revision}")


@db.command()
@side_option
@json_option
def status(side: str, as_json: bool) -> None:
    """Say at which revision the databases are.  Exit code 1 where one is not at the newest.

    \b
    Examples:
      mvote db status
      mvote db status --json
    """
    settings = Settings.from_env()
    found = {
        wing: {"revision": database.revision(settings, wing), "newest": newest_revision(wing)}
        for wing in wings_of(side)
    }
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        for wing, row in found.items():
            at = f"at revision {row['revision']}" if row["revision"] else "empty"
            click.echo(f"{wing}: {at}, newest is {row['newest']}")
    sys.exit(any(row["revision"] != row["newest"] for row in found.values()))
