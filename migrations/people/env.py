"""Alembic's entry for the people wing."""

import mvote.app  # noqa: F401  (all tables are known once the app's parts are imported)
from mvote.operations.database import migrate

migrate("people")
