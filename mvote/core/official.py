"""An official who acts: who it is, for which department, with which duties."""

from dataclasses import dataclass

DUTIES = ("drafter", "approver", "answerer", "administrator")


@dataclass(frozen=True, slots=True)
class Official:
    """``id`` is the random account id of the identity token; no name travels with it."""

    id: str
    department: str
    duties: frozenset[str]

    def speaks_for(self, department: str) -> bool:
        """An administrator acts for every department, others for their own."""
        return self.department == department or "administrator" in self.duties
