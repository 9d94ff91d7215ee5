"""Make a copy of a carried city, put it back, and look at all that is there."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, pool, text

from mvote.db import METADATA
from mvote.operations.backup import make_copy
from mvote.operations.restore import _read, put_back
from mvote.settings import WINGS, Settings
from tests.operations.carried import city

on_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def copied(settings: Settings, name: str = "copy", **given: Any) -> tuple[Path, Path]:
    folder, keys = settings.home.parent / name, settings.home.parent / f"{name}-keys.json"
    make_copy(settings, folder, keys, wings=given.get("wings", WINGS))
    return folder, keys


def restored(settings: Settings, folder: Path, keys: Path | None, **given: Any) -> dict[str, Any]:
    wings = given.get("wings", WINGS)
    manifest, found = _read(folder, keys, wings)
    return put_back(settings, folder, manifest, found, wings=wings, replacing=True)


def everything(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of both wings but those that copying and restoring write."""
    found = {}
    for wing in WINGS:
        made = create_engine(settings.database_url(wing), poolclass=pool.NullPool)
        with made.connect() as connection:
            for table in sorted(METADATA[wing].tables):
                if table not in ("copies", "polls", "exchange_looks", "issuer_keys"):
                    rows = connection.execute(text(f'SELECT * FROM "{table}"'))
                    found[f"{wing}.{table}"] = sorted(map(tuple, rows), key=repr)
    return found


def copied_city(settings: Settings) -> tuple[Path, Path]:
    with city(settings) as town:
        town.vote(town.open(), "somebody")
        (settings.home / "boards").mkdir(exist_ok=True)
        return copied(settings)
