"""The conditions that decide who may vote in a poll."""

from collections.abc import Mapping

from mvote.core.canonical import JSON
from mvote.core.eligibility.birth_year import BirthYear
from mvote.core.eligibility.condition import AudienceRefused, Condition, Facts, Unmet
from mvote.core.eligibility.district import District
from mvote.core.eligibility.gender import Gender
from mvote.core.eligibility.on_list import OnList
from mvote.core.eligibility.verified_number import VerifiedNumber
from mvote.core.fields import Faults, Reader
from mvote.core.registry import Registry
from mvote.core.text import Words

__all__ = [
    "CONDITIONS",
    "AudienceRefused",
    "Facts",
    "Unmet",
    "check_audience",
    "describe",
    "is_targeted",
    "unmet",
]

CONDITIONS: Registry[Condition] = Registry(
    "condition", VerifiedNumber(), District(), BirthYear(), Gender(), OnList()
)


def check_audience(audience: JSON) -> None:
    """Check ``{"all": [{"condition": …, …}, …]}``.  Raises AudienceRefused."""
    faults = Faults()
    read = Reader(audience, faults)
    read.only("all")
    seen: set[str] = set()
    for place, raw in enumerate(read.items("all", least=1, most=2 * len(CONDITIONS.names()))):
        inner = Reader(raw, faults, f"all[{place}]")
        name = inner.one_of("condition", CONDITIONS.names())
        if not name:
            continue
        if name in seen and name != OnList.name:
            inner.fault("condition", "stands twice")
        seen.add(name)
        CONDITIONS.get(name).read(inner)
    faults.refuse(AudienceRefused)


def is_targeted(audience: Mapping[str, JSON]) -> bool:
    """Whether a checked audience is a part of the city whose number can be known."""
    return any(CONDITIONS.get(raw["condition"]).targets for raw in audience["all"])


def describe(audience: Mapping[str, JSON]) -> tuple[Words, ...]:
    """Whom a checked audience lets vote: a sentence a condition, all of which have to be met."""
    return tuple(CONDITIONS.get(raw["condition"]).describe(raw) for raw in audience["all"])


def unmet(audience: Mapping[str, JSON], facts: Facts) -> tuple[Unmet, ...]:
    """The conditions of a checked audience that a citizen does not meet; none is: may vote."""
    failed = []
    for raw in audience["all"]:
        condition = CONDITIONS.get(raw["condition"])
        if not condition.met(raw, facts):
            failed.append(condition.unmet(raw, facts))
    return tuple(failed)
