"""An official who acts: who it is, for which department, with which duties."""

import re
from dataclasses import dataclass

DEPARTMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""The code of a department, which both wings write."""
DEPARTMENT_WORDS = "1 to 64 small letters, digits or hyphens, the first no hyphen"
DUTIES = ("drafter", "approver", "answerer", "moderator", "administrator")


@dataclass(frozen=True, slots=True)
class Official:
    """``id`` is the random account id of the identity token; no name travels with it."""

    id: str
    department: str
    duties: frozenset[str]

    def speaks_for(self, department: str) -> bool:
        """An administrator acts for every department, others for their own."""
        return self.department == department or "administrator" in self.duties
