"""The ``mvote`` command, gathered from domains and operations, each imported when called."""

import os
import sys
from importlib import import_module
from typing import cast

import click
from flask import Flask

from mvote.core.errors import Refusal
from mvote.operations.processes import starting
from mvote.settings import SettingsFault

COMMANDS = {
    "audit": "mvote.audit.commands:audit",
    "backup": "mvote.operations.backup:backup",
    "codes": "mvote.people.rolls.commands:codes",
    "count": "mvote.operations.count:count",
    "db": "mvote.operations.commands:db",
    "department": "mvote.votes.polls.commands:department",
    "demo": "mvote.operations.demo:demo",
    "doctor": "mvote.operations.doctor.command:doctor",
    "hosting": "mvote.operations.hosting.command:hosting",
    "indicators": "mvote.votes.indicators.commands:indicators",
    "keys": "mvote.operations.keys:keys",
    "list": "mvote.people.rolls.commands:list_",
    "official": "mvote.people.officials.commands:official",
    "pool": "mvote.operations.pool:pool",
    "record": "mvote.votes.discussions.commands:record",
    "register": "mvote.people.rolls.commands:register",
    "rehearse": "mvote.operations.rehearse:rehearse",
    "replay": "mvote.operations.replay:replay",
    "restore": "mvote.operations.restore:restore",
    "results": "mvote.votes.results.commands:results",
    "serve": "mvote.operations.serve:serve",
    "spec": "mvote.operations.specification:spec",
    "survey": "mvote.operations.survey:survey",
    "verify": "mvote.operations.verify:verify",
    "worker": "mvote.operations.commands:worker",
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        with starting():
            command: click.Command = getattr(import_module(module), name)
        return command


@click.command(cls=LazyGroup)
@click.version_option(package_name="mvote", prog_name="mvote")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """mvote: municipal polls.

    A city asks, citizens answer from a phone, anyone can recount, and the city
    must answer back.  Settings are environment variables, MVOTE_*.
    """
    ctx.obj = ctx.obj or open_app


def open_app(side: str = "both") -> Flask:
    """The app that a domain's command works in; domains do not know how one is put together.

    Commands get this function by ``click.pass_obj``.  Raises SettingsFault.
    """
    from mvote.headless import create_headless_app
    from mvote.operations.database import check_revisions
    from mvote.settings import Settings, Side, wings_of

    settings = Settings.from_env()
    check_revisions(settings, wings_of(side))
    return create_headless_app(cast(Side, side), settings)


def main() -> None:
    """Run the command; what is refused is one sentence, exit code 2."""
    try:
        sys.exit(cli(standalone_mode=False))
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except Refusal as refusal:
        click.echo(f"mvote: {refusal.sentence(_language())} [{refusal.code()}]", err=True)
        sys.exit(2)
    except SettingsFault as fault:
        click.echo(f"mvote: {fault}", err=True)
        sys.exit(2)


def _language() -> str:
    """The operator's language, by the usual variables."""
    named = next(
        (os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), ""
    )
    return "ko" if named.startswith("ko") else "en"


if __name__ == "__main__":
    main()
