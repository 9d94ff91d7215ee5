"""The conditions that decide who may vote in a poll, alone and joined to an audience."""

from mvote.core.eligibility.audience import (
    check_audience,
    conditions_of,
    describe,
    is_closable,
    is_countable,
    is_met,
    is_open_to,
    is_targeted,
    lists_named,
    takes_declared,
    unmet,
)
from mvote.core.eligibility.condition import AudienceRefused, Facts, Unmet
from mvote.core.eligibility.conditions import CONDITIONS

__all__ = [
    "CONDITIONS",
    "AudienceRefused",
    "Facts",
    "Unmet",
    "check_audience",
    "conditions_of",
    "describe",
    "is_closable",
    "is_countable",
    "is_met",
    "is_open_to",
    "is_targeted",
    "lists_named",
    "takes_declared",
    "unmet",
]
