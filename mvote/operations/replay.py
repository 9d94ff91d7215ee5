"""``mvote replay``: a published budget vote carried out once more, by every one of its voters."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from mvote.client.errors import ClientTrouble
from mvote.core.verify.beside import Beside
from mvote.core.verify.report import SOUND
from mvote.core.verify.verification import verify_bundle
from mvote.formats.pabulib import Instance, PabulibUnreadable, read
from mvote.formats.pabulib_comparison import Comparison, compare
from mvote.formats.pabulib_question import question_of
from mvote.operations.city import CityFault
from mvote.operations.pabulib_city import CONFIDENTIAL, SECRET, carry_out, settings_for
from mvote.operations.pabulib_vote import Counted

EQUAL, NOT_EQUAL, UNREADABLE = 0, 1, 2
SHOWN = 10


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Make the installation in this folder and leave it there.",
)
@click.option(
    "--level",
    type=click.Choice((CONFIDENTIAL, SECRET)),
    default=CONFIDENTIAL,
    show_default=True,
    help="Privacy level of the poll.",
)
@click.option(
    "--bundle",
    type=click.Path(path_type=Path, dir_okay=False),
    help="At level secret: where the recount bundle goes.  [default: beside you, named by FILE]",
)
@click.option("--people-database-url", default="", help="PostgreSQL instead of a SQLite file.")
@click.option("--votes-database-url", default="", help="PostgreSQL instead of a SQLite file.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes of the server.")
def replay(
    *,
    file: Path,
    as_json: bool,
    keep: Path | None,
    level: str,
    bundle: Path | None,
    people_database_url: str,
    votes_database_url: str,
    workers: int | None,
) -> None:
    """Carry out the vote of a Pabulib file (.pb or .pb.gz) and compare the outcome.

    Every voter of the file is a citizen with a phone who proves the number by an
    SMS code, takes a permit and casts, over HTTP, against a `mvote serve` of its
    own on a throwaway installation.  That installation is told by its settings to
    set no limit to SMS codes (MVOTE_CODES_*); everything else is as for a city.
    Databases that you name should be empty, or those of an earlier replay whose
    keys lie in the same --keep folder.  At level secret the permits are blind,
    and the recount bundle that the city publishes is fetched and verified.

    \b
    Exit code 0: equal to what the city published (or, where it published no
    selection, every project has the votes that the file says; a bundle is sound); 1: it is not;
    2: the file cannot be read.

    \b
    Examples:
      mvote replay Poland_Warszawa_2021_Mokotow.pb.gz
      mvote replay vote.pb --json --keep ./replayed
      mvote replay vote.pb --level secret --bundle vote.zip && mvote verify vote.zip
      mvote replay vote.pb --people-database-url postgresql://… --votes-database-url postgresql://…
    """
    began = time.monotonic()
    if bundle is not None and level != SECRET:
        raise click.UsageError("--bundle needs --level secret: other levels publish no ballots")
    if level == SECRET:
        bundle = (bundle or Path(f"{file.name.partition('.')[0]}.bundle.zip")).absolute()
    try:
        instance = read(file)
        question = question_of(instance)
    except PabulibUnreadable as fault:
        click.echo(f"mvote: {fault}", err=True)
        sys.exit(UNREADABLE)
    try:
        with _home(keep) as home:
            settings = settings_for(home, people_database_url, votes_database_url)
            counted, url = carry_out(
                _unofficial(instance),
                question,
                settings,
                processes=workers,
                tell=_tell,
                level=level,
                bundle=bundle,
            )
    except (ClientTrouble, CityFault, TimeoutError) as fault:
        click.echo(f"mvote: the replay could not be carried out: {fault}", err=True)
        sys.exit(NOT_EQUAL)
    found = compare(instance, totals=counted.totals, chosen=counted.chosen)
    report = report_of(instance, counted, found, url=url, seconds=time.monotonic() - began)
    if bundle is not None:
        sound = verify_bundle(bundle, Beside()).status == SOUND
        report |= {"bundle": str(bundle), "bundle_sound": sound}
    _show(report, found, as_json=as_json)
    sys.exit(EQUAL if is_right(report, found) else NOT_EQUAL)


def report_of(
    instance: Instance, counted: Counted, found: Comparison, *, url: str, seconds: float
) -> dict[str, Any]:
    """What ``--json`` prints; ``equal`` is None where the city published no selection."""
    whole = counted.cast == counted.counted == len(instance.voters)
    return {
        "votes_in_file": len(instance.voters),
        "cast": counted.cast,
        "counted": counted.counted,
        "totals": dict(counted.totals),
        "chosen": sorted(counted.chosen),
        "official": None if found.official is None else list(found.official),
        "equal": None if found.official is None else found.agrees and whole,
        "result_url": url,
        "seconds": round(seconds, 1),
    }


def is_right(report: dict[str, Any], found: Comparison) -> bool:
    """Whether the exit code is 0."""
    whole = bool(report["cast"] == report["counted"] == report["votes_in_file"])
    return found.agrees and whole and report.get("bundle_sound", True)


def _unofficial(instance: Instance) -> Instance:
    """The file without its published selection: that reaches nothing but the comparison."""
    return replace(instance, official_selection=None)


@contextmanager
def _home(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="mvote-replay-") as folder:
        yield Path(folder)


def _tell(said: str) -> None:
    click.echo(said, err=True)


def _show(report: dict[str, Any], found: Comparison, *, as_json: bool) -> None:
    for project, (stated, counted) in list(found.wrong_totals.items())[:SHOWN]:
        _tell(f"project {project}: {stated} votes in the file, {counted} counted")
    if found.missing or found.surplus:
        _tell(f"funded by the city only: {', '.join(found.missing) or 'none'}")
        _tell(f"funded by the count only: {', '.join(found.surplus) or 'none'}")
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    names = ("votes_in_file", "cast", "counted", "seconds", "result_url", "bundle", "bundle_sound")
    for name in (name for name in names if name in report):
        click.echo(f"{name.replace('_', ' ')}: {report[name]}")
    click.echo(f"chosen: {', '.join(report['chosen'])}")
    said = {True: "equal to the city's selection", False: "NOT equal to what the file says"}
    nothing = "no selection was published; the votes of every project agree"
    right = is_right(report, found)
    click.echo(nothing if report["equal"] is None and right else said[right])
