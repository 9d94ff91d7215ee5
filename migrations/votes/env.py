"""Alembic's entry for the votes wing."""

import mvote.app
import mvote.worker  # noqa: F401  (with both imported, all tables are known)
from mvote.operations.database import migrate

migrate("votes")
