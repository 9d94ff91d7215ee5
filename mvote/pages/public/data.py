"""The open data as files: tables, what describes them, and the catalogue."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, current_app

from mvote.core.canonical import canonical_bytes
from mvote.installation import installation
from mvote.votes.indicators import service
from mvote.votes.indicators.rules_catalog import catalog_of, csvw_of
from mvote.votes.indicators.rules_data import TABLES
from mvote.web.caching import conditional
from mvote.web.errors import NoSuchAddress
from mvote.web.guard import guarded

data = Blueprint("data", __name__)

CSV_TYPE = "text/csv; charset=utf-8; header=present"
METADATA_TYPE = "application/csvm+json"
CATALOG_TYPE = "application/ld+json"


@data.get("/data/<table>.csv")
@guarded
def get_data_table(table: str) -> Response:
    """A table, row by row as it is read; nothing of it waits in memory."""
    if table not in TABLES:
        raise NoSuchAddress()
    pieces = service.stream_table(table, now=datetime.now(UTC))
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    response = Response(_one_by_one(app, pieces), content_type=CSV_TYPE)
    described = f'<{_base()}/{table}.csv-metadata.json>; rel="describedby"'
    response.headers["Link"] = f'{described}; type="{METADATA_TYPE}"'
    response.headers["Content-Disposition"] = f'attachment; filename="{table}.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _one_by_one(app: Flask, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The app is there while a piece is made, and nothing is held while it is read."""
    while True:
        with app.app_context():
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


@data.get("/data/<table>.csv-metadata.json")
@guarded
def get_data_schema(table: str) -> Response:
    """What the columns of a table mean (CSV on the Web)."""
    if table not in TABLES:
        raise NoSuchAddress()
    licence = installation().settings.data_licence
    described = csvw_of(TABLES[table], base=_base(), licence=licence)
    return conditional(canonical_bytes(described), content_type=METADATA_TYPE)


@data.get("/data/catalog.jsonld")
@guarded
def get_data_catalog() -> Response:
    """All tables as a DCAT 3 catalogue."""
    settings = installation().settings
    found = catalog_of(
        base=_base(),
        city={"ko": settings.city_ko, "en": settings.city_en},
        home=settings.public_url,
        licence=settings.data_licence,
    )
    return conditional(canonical_bytes(found), content_type=CATALOG_TYPE)


def _base() -> str:
    return f"{installation().settings.public_url}/data"
