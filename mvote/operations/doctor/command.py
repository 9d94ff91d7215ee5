"""The command, and the order in which things are looked at."""

import json
import os
import sys
from collections.abc import Iterator
from typing import cast

import click

from mvote.operations.doctor.addresses import look_at_addresses
from mvote.operations.doctor.databases import look_at_database
from mvote.operations.doctor.files import look_at_files, look_at_keys
from mvote.operations.doctor.finding import Finding, Grade
from mvote.operations.doctor.limits import look_at_limits
from mvote.operations.doctor.other_side import look_at_other_side
from mvote.operations.doctor.variables import look_at_variables
from mvote.operations.serve import side_option
from mvote.settings import WINGS, Settings, Side, wings_of

SIGNS: dict[Grade, str] = {"good": "✓", "look": "!", "bad": "✗"}


@click.command()
@side_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(side: str, as_json: bool) -> None:
    """Look at settings, keys, databases, disk, clock and the other side, and say what to do.

    Changes nothing.  Exit code 0 where citizens can vote (there may be things to
    look at), 1 where something is wrong, 2 where the settings cannot be read.

    \b
    Examples:
      mvote doctor
      mvote doctor --side votes --json
    """
    found = list(examine(Settings.from_env(), cast(Side, side)))
    wrong = any(one.grade == "bad" for one in found)
    if as_json:
        rows = [
            {"grade": one.grade, "about": one.about, "said": one.said, "do": one.do}
            for one in found
        ]
        click.echo(json.dumps({"good": not wrong, "findings": rows}, indent=2, ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{SIGNS[one.grade]} {one.about}: {one.said}")
            if one.do:
                click.echo(f"    → {one.do}")
    sys.exit(wrong)


def examine(settings: Settings, side: Side) -> Iterator[Finding]:
    """Everything that can be known without changing anything."""
    wings = wings_of(side)
    yield from look_at_variables(os.environ)
    yield from look_at_addresses(settings, wings)
    yield from look_at_limits(settings)
    yield from look_at_files(settings)
    for wing in wings:
        yield from look_at_keys(settings, wing)
        yield from look_at_database(settings, wing)
    for wing in WINGS:
        if wing not in wings:
            yield from look_at_other_side(settings, wing)
