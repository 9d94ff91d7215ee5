"""``mvote pool``: opinion pools in files, as Polis exports them."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from mvote.core.opinion.statements import Group, bridging_statements
from mvote.core.opinion.votes import Counts
from mvote.formats.source import Unreadable
from mvote.operations import count_report, pool_report
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
