"""``mvote spec``: writes the interface's files and README's tables from the program as it is."""

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
from flask import Flask

from mvote.app import create_app
from mvote.core.secrecy.limits import figures_of, readme_section
from mvote.settings import WINGS, Settings
from mvote.web.openapi import describe, describe_access, describe_refusals

WRITTEN = "<!-- {}: written by `mvote spec --readme` -->\n"
END = "<!-- end of {} -->\n"


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


def files() -> dict[str, str]:
    """Name → content.  No setting of this machine enters: the same program gives the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        app = create_app("both", settings)
        with app.app_context():
            document = describe(app, app.extensions["mvote-api"])
        served = {wing: _addresses(create_app(wing, settings)) for wing in WINGS}
        access = describe_access(app, served)
    return {
        "openapi.json": _spelled(document),
        "refusals.json": _spelled(describe_refusals()),
        "access.json": _spelled(access),
    }


def _addresses(app: Flask) -> set[str]:
    return {rule.rule for rule in app.url_map.iter_rules()}


def write(made: Mapping[Path, str]) -> None:
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def stale(made: Mapping[Path, str]) -> list[Path]:
    """The files that are missing or differ."""
    return [
        path for path, content in made.items() if not path.is_file() or path.read_text() != content
    ]


def with_tables(readme: str) -> str:
    """The text with its settings and its limits renewed.  Raises ValueError without their places.

    The limits speak of the settings as they are by default.
    """
    limits = readme_section(figures_of(Settings()))
    return _renewed(_renewed(readme, "settings", _settings()), "limits", limits)


def _renewed(readme: str, name: str, content: str) -> str:
    before, begin, rest = readme.partition(WRITTEN.format(name))
    _, end, after = rest.partition(END.format(name))
    if not (begin and end):
        raise ValueError(f"no place for the {name}")
    return "".join((before, begin, "\n", content, "\n", end, after))


def _settings() -> str:
    rows = [
        f"| `MVOTE_{one.name.upper()}` | {_default(one.default)} | {one.metadata['meaning']} |\n"
        for one in fields(Settings)
    ]
    return "".join(("| variable | default | what it is |\n|---|---|---|\n", *rows))


def _default(value: object) -> str:
    """As it would be typed; a path or a text that is empty stays so."""
    spelled = "" if value == Path() else str(value)
    return f"`{spelled}`" if spelled else ""


def _spelled(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
