"""Both forms of a feed as npm's feedsmith reads them."""

import json
import subprocess
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from tests.require import require
from tests.spec.conftest import HERE

READER = HERE / "read_feeds.mjs"
SECONDS = 300


def read_by_feedsmith(http: FlaskClient, path: str, language: str, folder: Path) -> Any:
    """Ids and titles of the Atom feed, of the JSON feed, and the pairs of replies of the first.

    ``path`` has no ending; needs the fixture ``npm_tools``.
    """
    files = [folder / "feed.atom", folder / "feed.json"]
    for file in files:
        file.write_bytes(http.get(f"{path}{file.suffix}?lang={language}").data)
    return json.loads(subprocess.check_output([require("node"), READER, *files], timeout=SECONDS))
