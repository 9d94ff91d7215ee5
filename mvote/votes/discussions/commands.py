"""``mvote record``: check a record that somebody kept as a file."""

import sys
from pathlib import Path

import click

from mvote.core.canonical import MalformedJson, parse
from mvote.votes.discussions.rules_export import file_fault, is_withheld

CHANGED, UNREADABLE = 1, 2
MOST_BYTES = 200_000_000


@click.group()
def record() -> None:
    """Policy discussion records."""


@record.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--chain", help="The chain that you noted earlier; it has to stand in the file.")
def check(file: Path, chain: str | None) -> None:
    """Recompute every digest of a record that was downloaded as JSON.

    Needs no server and no database.  Exit code 0 where every entry is as it was
    written (as far as moderators show it), 1 where something was changed or is
    missing, 2 where FILE cannot be read.

    \b
    Examples:
      curl -sO https://poll.example/api/v1/records/0123456789abcdef/export.json
      mvote record check export.json
      mvote record check export.json --chain 5f2d…
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError(f"larger than {MOST_BYTES} bytes")
        document = parse(file.read_bytes())
    except (OSError, ValueError, MalformedJson) as error:
        click.echo(f"mvote: {file} cannot be read: {error}", err=True)
        sys.exit(UNREADABLE)
    fault = file_fault(document) or _other_chain(document, chain)
    if fault:
        click.echo(f"not as it was written: {fault}")
        sys.exit(CHANGED)
    parts = [document["head"], *document["entries"]]
    withheld = sum(map(is_withheld, parts))
    if not withheld:
        click.echo(f"{len(document['entries'])} entries, each as it was written")
    else:
        click.echo(f"{len(document['entries'])} entries in one chain")
        click.echo(
            f"{withheld} of {len(parts)} parts leave words out that moderators do not show,"
            " so this file cannot tell whether the rest of those is as it was written"
        )
    click.echo(f"chain {document['chain']}")


def _other_chain(document: dict[str, object], chain: str | None) -> str | None:
    """A longer record holds the chain that was noted as the digest of an entry."""
    entries = document["entries"]
    if chain is None or not isinstance(entries, list):
        return None
    known = {document["chain"], *(entry["digest"] for entry in entries)}
    return None if chain in known else "the chain that you noted is not in this file"
