"""``mvote worker``, ``mvote db`` and ``mvote spec``."""

import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import click

from mvote.app import create_app
from mvote.db import newest_revision
from mvote.operations import database
from mvote.operations.logs import configure
from mvote.operations.processes import when_orphaned
from mvote.operations.serve import check_installation, side_option
from mvote.operations.specification import files, stale, with_tables, write
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
    help="Folder of the three files.",
)
@click.option(
    "--readme",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Renew the settings and the limits in this file too.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if the files are stale.")
def spec(output: Path, readme: Path | None, check: bool) -> None:
    """Write the description of the interface: openapi.json, refusals.json and access.json.

    \b
    Examples:
      mvote spec
      mvote spec --check
      mvote spec --output /tmp/spec
      mvote spec --readme README.md
    """
    made = {output / name: content for name, content in files().items()}
    if readme is not None:
        made[readme] = with_tables(readme.read_text())
    if not check:
        write(made)
        click.echo("\n".join(map(str, made)))
        return
    old = stale(made)
    if old:
        click.echo(f"stale, run `mvote spec`: {', '.join(map(str, old))}", err=True)
    sys.exit(bool(old))
