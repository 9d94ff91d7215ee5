"""A rehearsal: a poll of a kind of its own, which nobody can take for a real one.

Its title says so, it is for nobody but the synthetic citizens on a list of its own, and no
list that a city imports may bear such a name.
"""

from collections.abc import Mapping
from typing import Final

from mvote.core.canonical import JSON
from mvote.core.fields import Reader
from mvote.core.text import Words

REHEARSAL: Final = "rehearsal"
"""The kind of such a poll."""
TITLE_STARTS: Final[Words] = {"ko": "[연습] ", "en": "[Rehearsal] "}
LIST_STARTS: Final = "rehearsal-"


def audience_of(name: str) -> dict[str, JSON]:
    """Those on the list of this name, and nobody else."""
    return {"all": [{"condition": "list", "list": name}]}


def is_rehearsal_list(name: str) -> bool:
    """Whether a list is one of synthetic citizens."""
    return name.startswith(LIST_STARTS)


def check_rehearsal(read: Reader, values: Mapping[str, JSON]) -> None:
    """Hold a rehearsal to its form; faults are the reader's."""
    title, audience = values["title"], values["audience"]
    if not all(title.get(one, start).startswith(start) for one, start in TITLE_STARTS.items()):
        starts = " · ".join(TITLE_STARTS.values())
        read.fault("title", f"of a rehearsal has to begin with {starts}")
    conditions = audience.get("all")
    name = str(conditions[0].get("list", "")) if conditions else ""
    if not is_rehearsal_list(name) or dict(audience) != audience_of(name):
        read.fault("audience", f"of a rehearsal is one list whose name begins with {LIST_STARTS}")
