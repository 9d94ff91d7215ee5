"""``mvote worker``, ``mvote db`` and ``mvote spec``."""

import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import click

from mvote.app import Side, create_app
from mvote.db import newest_revision
from mvote.operations import database
from mvote.operations.processes import when_orphaned
from mvote.operations.serve import SIDES, check_installation, tell_plainly
from mvote.operations.specification import files, stale, write
from mvote.settings import WINGS, Settings, Wing
from mvote.worker import Worker

side_option = click.option("--side", type=click.Choice(SIDES), default="both", show_default=True)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def wings_of(side: str) -> tuple[Wing, ...]:
    return tuple(wing for wing in WINGS if side in ("both", wing))


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
    tell_plainly()
    settings = Settings.from_env()
    check_installation(settings, wings_of(side))
    working = Worker(create_app(cast(Side, side), settings))
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


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("mobile_api_spec"),
    show_default=True,
)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if the files are stale.")
def spec(output: Path, check: bool) -> None:
    """Write the description of the interface: openapi.json and refusals.json.

    \b
    Examples:
      mvote spec
      mvote spec --check
      mvote spec --output /tmp/spec
    """
    made = files()
    if not check:
        write(made, output)
        click.echo(f"{output}: {', '.join(made)}")
        return
    old = stale(made, output)
    if old:
        click.echo(f"stale, run `mvote spec`: {', '.join(old)}", err=True)
    sys.exit(bool(old))
