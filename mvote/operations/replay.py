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
from mvote.formats.pabulib import Instance, PabulibUnreadable, read
from mvote.formats.pabulib_comparison import Comparison, compare
from mvote.formats.pabulib_question import PabulibQuestion, question_of
from mvote.operations import database, pabulib_vote
from mvote.operations.city import City, CityFault, free_port, run, serving
from mvote.operations.officials import Desk, add_department, add_official, unused
from mvote.operations.pabulib_vote import Counted
from mvote.operations.progress import counting
from mvote.operations.sms_file import SmsFile
from mvote.settings import WINGS, Settings

EQUAL, NOT_EQUAL, UNREADABLE = 0, 1, 2
THREADS = 32
ENOUGH = 1_000_000_000
SHOWN = 10


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Make the installation in this folder and leave it there.",
)
@click.option("--people-database-url", default="", help="PostgreSQL instead of a SQLite file.")
@click.option("--votes-database-url", default="", help="PostgreSQL instead of a SQLite file.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes of the server.")
def replay(
    *,
    file: Path,
    as_json: bool,
    keep: Path | None,
    people_database_url: str,
    votes_database_url: str,
    workers: int | None,
) -> None:
    """Carry out the vote of a Pabulib file (.pb or .pb.gz) and compare the outcome.

    Every voter of the file is a citizen with a phone who proves the number by an
    SMS code, takes a permit and casts, over HTTP, against a `mvote serve` of its
    own on a throwaway installation.  That installation is told by its settings to
    set no limit to SMS codes (MVOTE_CODES_*); everything else is as for a city.

    \b
    Exit code 0: equal to what the city published (or, where it published no
    selection, every project has the votes that the file says); 1: not equal;
    2: the file cannot be read.

    \b
    Examples:
      mvote replay Poland_Warszawa_2021_Mokotow.pb.gz
      mvote replay vote.pb --json --keep ./replayed
      mvote replay vote.pb --people-database-url postgresql://… --votes-database-url postgresql://…
    """
    began = time.monotonic()
    try:
        instance = read(file)
        question = question_of(instance)
    except PabulibUnreadable as fault:
        click.echo(f"mvote: {fault}", err=True)
        sys.exit(UNREADABLE)
    try:
        with _home(keep) as home:
            settings = _settings(home, people_database_url, votes_database_url)
            counted, url = _carry_out(_unofficial(instance), question, settings, workers)
    except (ClientTrouble, CityFault, TimeoutError) as fault:
        click.echo(f"mvote: the replay could not be carried out: {fault}", err=True)
        sys.exit(NOT_EQUAL)
    found = compare(instance, totals=counted.totals, chosen=counted.chosen)
    report = report_of(instance, counted, found, url=url, seconds=time.monotonic() - began)
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
    return found.agrees and whole


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


def _settings(home: Path, people: str, votes: str) -> Settings:
    port = free_port()
    return Settings(
        home=home,
        people_database_url=people,
        votes_database_url=votes,
        public_url=f"http://localhost:{port}",
        sms_gateway=f"file:{home / 'sms.jsonl'}",
        codes_per_number_hour=ENOUGH,
        codes_per_prefix_hour=ENOUGH,
        codes_per_day=ENOUGH,
        worker_seconds=0.2,
    )


def _carry_out(
    instance: Instance, question: PabulibQuestion, settings: Settings, workers: int | None
) -> tuple[Counted, str]:
    """The whole vote against a server of its own; gives the count and where it is shown."""
    _tell(f"{instance.file}: {len(instance.voters)} voters, {len(instance.projects)} projects")
    database.upgrade(settings, WINGS)
    register = settings.home / "register.csv"
    register.write_text(pabulib_vote.register_of(instance))
    run(settings, "register", "import", str(register))
    desks = _staff(settings)
    port = int(settings.public_url.rpartition(":")[2])
    log = settings.home / "serve.log"
    with serving(settings, port=port, log=log, processes=workers) as city:
        return _vote(instance, question, city, desks)


def _staff(settings: Settings) -> tuple[Desk, Desk]:
    """Who drafts and who approves."""
    department = unused("replay")
    add_department(settings, department, {"ko": "재현과", "en": "Replays"})
    return (
        add_official(settings, unused("drafter"), "drafter", department=department),
        add_official(settings, unused("approver"), "approver", department=department),
    )


def _vote(
    instance: Instance, question: PabulibQuestion, city: City, desks: tuple[Desk, Desk]
) -> tuple[Counted, str]:
    api = city.api(connections=THREADS + 2)
    drafter, approver = (desk.sign_in(api) for desk in desks)
    draft = pabulib_vote.draft_of(instance, question, department=desks[0].department)
    poll = pabulib_vote.prepare(drafter, approver, draft)
    sms = SmsFile(Path(city.settings.sms_gateway.removeprefix("file:")))
    with counting("ballots", len(instance.voters)) as progress:
        cast = pabulib_vote.vote(
            instance,
            question,
            api=api,
            poll=poll,
            code_of=sms.code_of,
            threads=THREADS,
            progress=progress,
        )
    _tell(f"{cast} receipts, closing")
    counted = pabulib_vote.finish(approver, question, poll=poll, cast=cast)
    api.close()
    return counted, f"{city.url}/polls/{poll}/result"


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
    for name in ("votes_in_file", "cast", "counted", "seconds", "result_url"):
        click.echo(f"{name.replace('_', ' ')}: {report[name]}")
    click.echo(f"chosen: {', '.join(report['chosen'])}")
    said = {True: "equal to the city's selection", False: "NOT equal to what the file says"}
    nothing = "no selection was published; the votes of every project agree"
    right = is_right(report, found)
    click.echo(nothing if report["equal"] is None and right else said[right])
