"""``mvote hosting``: print the files that stand around mvote on a city's host."""

from importlib.resources import files
from pathlib import Path
from typing import cast

import click

from mvote.operations.credentials import PUBLIC
from mvote.operations.serve import side_option
from mvote.operations.sides import OTHER
from mvote.settings import Side, Wing, wings_of

NAMES: dict[Side, str] = {
    "both": "vote.city.example",
    "people": "id.city.example",
    "votes": "vote.city.example",
}
PLACES = {"name": NAMES["both"], "port": "8000", "program": "/opt/mvote/bin/mvote"}
"""What the files in this folder say; each is a whole one, ready for whoever means just this."""
UNITS = ("mvote.service", "mvote-worker.service")

name_option = click.option("--name", help="The host's name.  [default: as in an example]")
port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Port at which mvote listens.",
)


@click.group()
def hosting() -> None:
    """Print what a city puts around mvote on a host: proxy, services, container, settings."""


@hosting.command()
@side_option
@name_option
@port_option
def nginx(side: str, name: str | None, port: int) -> None:
    """Print a configuration of nginx that writes no request down.

    On two hosts, once for each side under its own name.

    \b
    Examples:
      mvote hosting nginx --name vote.city.example
      mvote hosting nginx --side people --name id.city.example --port 8001
    """
    name = name or NAMES[cast(Side, side)]
    click.echo(_filled("nginx.conf", {"name": name, "port": str(port)}), nl=False)


@hosting.command()
@side_option
@port_option
@click.option(
    "--program", default=PLACES["program"], show_default=True, help="Where `mvote` is installed."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Write the files into this folder instead, as /etc/systemd/system.",
)
def systemd(side: str, port: int, program: str, output: Path | None) -> None:
    """Print service units for the server and for the worker.

    They run as the user mvote, keep everything in /var/lib/mvote, read
    /etc/mvote/mvote.env, and may do nothing else on the host.

    \b
    Examples:
      mvote hosting systemd
      mvote hosting systemd --side votes --output /etc/systemd/system
    """
    for unit in UNITS:
        text = _filled(unit, {"port": str(port), "program": program})
        text = text.replace("--side both", f"--side {side}")
        if output is None:
            click.echo(f"# {unit}\n{text}")
        else:
            (output / unit).write_text(text)
            click.echo(f"{output / unit}")


@hosting.command()
@side_option
def container(side: str) -> None:
    """Print a Containerfile, for docker or podman.

    \b
    Examples:
      mvote hosting container | docker build -t mvote -f - .
      mvote hosting container --side people
    """
    click.echo(_filled("Containerfile", {}).replace('"both"', f'"{side}"'), nl=False)


@hosting.command()
@side_option
def settings(side: str) -> None:
    """Print the settings that a city has to make, to be filled in.

    \b
    Examples:
      mvote hosting settings
      mvote hosting settings --side people
    """
    click.echo("\n".join(_settings(cast(Side, side))))


def _settings(side: Side) -> list[str]:
    lines = [
        "# /etc/mvote/mvote.env: chmod 600",
        "MVOTE_HOME=/var/lib/mvote",
        f"MVOTE_PUBLIC_URL=https://{NAMES['votes']}",
        "MVOTE_TRUSTED_PROXIES=127.0.0.1,::1",
        "MVOTE_LOG_FORMAT=json",
        "MVOTE_METRICS_PORT=9101",
        "MVOTE_CITY_KO=하늘시",
        'MVOTE_CITY_EN="Haneul City"',
    ]
    for wing in wings_of(side):
        role = f"mvote_{wing}"
        url = f"postgresql://{role}:PASSWORD@localhost/{role}"
        lines.append(f"MVOTE_{wing.upper()}_DATABASE_URL={url}")
        if wing == "people":
            lines += [f"MVOTE_PEOPLE_PUBLIC_URL=https://{NAMES['people']}"] * (side == "people")
            lines += ["MVOTE_SMS_GATEWAY=https://sms.city.example/send", "MVOTE_SMS_SECRET=SECRET"]
    if side != "both":
        other: Wing = OTHER[side]
        lines += [
            f"MVOTE_{other.upper()}_URL=https://{NAMES[other]}",
            f"MVOTE_{other.upper()}_PUBLIC_KEYS=/etc/mvote/{other}-{PUBLIC}",
        ]
    return lines


def _filled(file: str, given: dict[str, str]) -> str:
    text = (files(__package__) / file).read_text()
    for place, value in given.items():
        text = text.replace(PLACES[place], value)
    return text
