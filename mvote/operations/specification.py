"""The two files that describe the interface, made from the routes as they are."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mvote.app import create_app
from mvote.settings import Settings
from mvote.web.openapi import describe, describe_refusals


def files() -> dict[str, str]:
    """Name → content.  No setting of this machine enters: the same program gives the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app("both", Settings(home=Path(folder)))
        with app.app_context():
            document = describe(app, app.extensions["mvote-api"])
    return {"openapi.json": _spelled(document), "refusals.json": _spelled(describe_refusals())}


def write(made: Mapping[str, str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_text(content)


def stale(made: Mapping[str, str], folder: Path) -> list[str]:
    """The names of the files that are missing or differ."""
    return [
        name
        for name, content in made.items()
        if not (folder / name).is_file() or (folder / name).read_text() != content
    ]


def _spelled(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
