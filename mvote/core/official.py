"""An official who acts: who it is, for which department, with which duties."""

import re
from dataclasses import dataclass

DEPARTMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""The code of a department, which both wings write."""
DEPARTMENT_WORDS = "1 to 64 small letters, digits or hyphens, the first no hyphen"

FOR_DEPARTMENT = ("drafter", "approver", "answerer", "moderator")
"""Duties that hold within the official's own department and nowhere else."""
FOR_CITY = ("roll-keeper", "auditor", "administrator")
"""Duties that hold for the whole city: its rolls, its logs, its officials and departments."""
DUTIES = (*FOR_DEPARTMENT, *FOR_CITY)
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Official:
    """``id`` is the random account id of the identity token; no name travels with it."""

    id: str
    department: str
    duties: frozenset[str]

    def speaks_for(self, department: str) -> bool:
        """Whether it is their own.

        Nobody acts in the polls and records of another department, administrators neither:
        they manage who may, in the open, and would have to be moved there first.
        """
        return self.department == department
