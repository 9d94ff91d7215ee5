"""The list of the synthetic citizens whom a rehearsal is for."""

from collections.abc import Iterable

from sqlalchemy import insert

from mvote.core.rehearsal import is_rehearsal_list
from mvote.db import transaction
from mvote.people.rolls.errors import ListNameNotValid
from mvote.people.rolls.tables import ListedRow


def list_synthetic(name: str, macs: Iterable[bytes]) -> None:
    """Write the list of a rehearsal.  Raises ListNameNotValid for one of real people."""
    if not is_rehearsal_list(name):
        raise ListNameNotValid()
    rows = [{"list": name, "number_mac": mac} for mac in sorted(macs)]
    with transaction("people") as session:
        session.execute(insert(ListedRow), rows)
