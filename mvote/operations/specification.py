"""What is written down from the program as it is: the interface's files, README's tables."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from flask import Flask

from mvote.app import create_app
from mvote.core.secrecy.limits import figures_of, readme_section
from mvote.settings import WINGS, Settings
from mvote.web.openapi import describe, describe_access, describe_refusals

WRITTEN = "<!-- {}: written by `mvote spec --readme` -->\n"
END = "<!-- end of {} -->\n"


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
