"""Alembic's entry for the votes wing."""

import mvote.app  # noqa: F401  (all tables are known once the app's parts are imported)
from mvote.operations.database import migrate

migrate("votes")
