"""``mvote verify``: the recount of ``python -m mvote.core.verify``, among the other commands."""

import sys

import click

from mvote.core.verify.__main__ import main


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
    short_help="Count a secret poll again from its recount bundle.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Count a secret poll again from its recount bundle."""
    sys.exit(main(list(arguments)))
