"""Every act that officials may do, by the name of its route: group, title, help.

A route without its line here has no form, and a test fails.
"""

from collections.abc import Mapping
from typing import Final

from mvote.pages.office.words.acts_of_people import OFFICIALS, OWN, ROLLS, RUNNING
from mvote.pages.office.words.acts_of_polls import POLLS
from mvote.pages.office.words.acts_of_records import (
    DISCUSSION,
    MODERATION,
    POOLS,
    PROPOSALS,
    RECORDS,
)
from mvote.pages.office.words.said import Said

ACTS: Final[Mapping[str, Said]] = {
    **POLLS,
    **RECORDS,
    **PROPOSALS,
    **DISCUSSION,
    **POOLS,
    **MODERATION,
    **ROLLS,
    **OFFICIALS,
    **RUNNING,
    **OWN,
}
