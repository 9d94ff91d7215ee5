"""``mvote pool``: opinion pools in files, as Polis exports them."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from mvote.core.opinion.statements import Group, bridging_statements
from mvote.core.opinion.votes import Counts
from mvote.formats.source import Unreadable
from mvote.operations import count_report, pool_import, pool_report
from mvote.operations.pool_summary import Summary, summarised

BAD_INPUT = 2
SIGNS = {"1": 1, "-1": -1}


@click.group()
def pool() -> None:
    """Opinion pools: what people agree to, in which groups, and what bridges them."""


@pool.command()
@click.argument("votes", type=click.Path(path_type=Path))
@click.option(
    "--groups",
    type=click.Path(path_type=Path),
    help="participants-votes.csv, whose column group-id names the groups.",
)
@click.option(
    "--agree",
    type=click.Choice(list(SIGNS)),
    help="Which vote is agree; 1, unless --groups shows it to be -1.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def summarise(*, votes: Path, groups: Path | None, agree: str | None, as_json: bool) -> None:
    """Summarise the votes of a conversation that Polis exported.

    VOTES is votes.csv (timestamp, datetime, comment-id, voter-id, vote) or the JSON of Polis
    and red-dwarf, each also packed as .gz.  Of several votes of a person on a statement the
    last counts.  1 is agree, 0 pass, -1 disagree, as in the public export; files in which -1
    is agree are found out by --groups, else say --agree -1.

    Groups are those of --groups.  Without it they are our own: two principal components and
    k-means, with two to five groups by silhouette, of those who voted on seven statements
    (or on all); the same on every run and whatever the order of the votes.

    \b
    --json prints one object:
      participants  how many people voted
      statements    by id: agree, disagree and pass, the numbers of people
      groups        by name: size, and statements: by id the same three counts
      bridging      all ids of statements by group-aware consensus, best first: the
                    product over groups of (agree + 1) / (votes + 2)

    \b
    Example: three people, of whom Polis put 0 and 1 in one group and 2 in another.
      $ mvote pool summarise votes.csv --groups participants-votes.csv --json
      {"participants": 3,
       "statements": {"0": {"agree": 2, "disagree": 0, "pass": 1},
                      "1": {"agree": 1, "disagree": 1, "pass": 0}},
       "groups": {"0": {"size": 2,
                        "statements": {"0": {"agree": 1, "disagree": 0, "pass": 1},
                                       "1": {"agree": 0, "disagree": 1, "pass": 0}}},
                  "1": {"size": 1,
                        "statements": {"0": {"agree": 1, "disagree": 0, "pass": 0},
                                       "1": {"agree": 1, "disagree": 0, "pass": 0}}}},
       "bridging": ["0", "1"]}

    Exit code 2: a file cannot be read, or the two are not of one conversation; a sentence
    says why.
    """
    try:
        found = summarised(votes, groups, agree=SIGNS[agree] if agree else None)
    except Unreadable as fault:
        click.echo(f"mvote: {fault.sentence(count_report.language())}", err=True)
        sys.exit(BAD_INPUT)
    if as_json:
        click.echo(json.dumps(report(found), ensure_ascii=False, indent=2))
    else:
        pool_report.show(found)
    for note in pool_report.notes(found):
        click.echo(note, err=True)


@pool.command("import")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--department", required=True, help="The code of the department in charge.")
@click.option("--ko", required=True, help="The title in Korean.")
@click.option("--en", required=True, help="The title in English.")
@click.option("--record", help="The record it belongs to.  [default: a new one]")
@click.option(
    "--agree",
    type=click.Choice(list(SIGNS)),
    help="Which vote is agree; 1, unless participants-votes.csv shows it to be -1.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def import_(
    open_app: pool_import.OpenApp,
    *,
    folder: Path,
    department: str,
    ko: str,
    en: str,
    record: str | None,
    agree: str | None,
    as_json: bool,
) -> None:
    """Bring a conversation that Polis exported into a pool of this city.

    FOLDER holds votes.csv (or votes.json) and comments.csv, and participants-votes.csv where
    there is one, each also packed as .gz.  Statements keep their numbers and votes their
    voters; citizens go on with it by permits of the new pool.  Statements that were taken out
    there are neither shown nor counted here.  All of it comes or nothing.

    \b
    Example:
      mvote pool import polis/bikes --department roads --ko "자전거" --en "Bicycles"

    Exit code 2: a file cannot be read, or the files are not of one conversation.
    """
    sign, title = SIGNS[agree] if agree else None, {"ko": ko, "en": en}
    try:
        told = pool_import.import_folder(
            open_app, folder, record=record, department=department, title=title, agree=sign
        )
    except Unreadable as fault:
        click.echo(f"mvote: {fault.sentence(count_report.language())}", err=True)
        sys.exit(BAD_INPUT)
    click.echo(pool_import.spelled(told) if as_json else pool_import.said(told))


def report(found: Summary) -> dict[str, Any]:
    """What ``--json`` prints."""
    return {
        "participants": found.participants,
        "statements": _counts(found.statements),
        "groups": {
            name: {"size": found.sizes[name], "statements": _counts(group)}
            for name, group in found.groups.items()
        },
        "bridging": list(bridging_statements(found.compared.values())),
    }


def _counts(group: Group) -> dict[str, dict[str, int]]:
    return {name: _three(one) for name, one in group.items()}


def _three(one: Counts) -> dict[str, int]:
    return {"agree": one.agree, "disagree": one.disagree, "pass": one.passed}
