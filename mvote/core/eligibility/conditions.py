"""The registry of conditions."""

from mvote.core.eligibility.birth_year import BirthYear
from mvote.core.eligibility.condition import Condition
from mvote.core.eligibility.declared import Declared
from mvote.core.eligibility.district import District
from mvote.core.eligibility.gender import Gender
from mvote.core.eligibility.on_list import OnList
from mvote.core.eligibility.proved import Proved
from mvote.core.eligibility.room import InRoom
from mvote.core.eligibility.verified_number import VerifiedNumber
from mvote.core.eligibility.verified_resident import VerifiedResident
from mvote.core.registry import Registry

CONDITIONS: Registry[Condition] = Registry(
    "condition",
    VerifiedNumber(),
    VerifiedResident(),
    Proved(),
    District(),
    BirthYear(),
    Gender(),
    OnList(),
    InRoom(),
    Declared(),
)
