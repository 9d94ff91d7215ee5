"""Every setting, in one place: one line each, with its default and what it means."""

from mvote.contradictions import SettingsFault
from mvote.settings.setting import SIDES, WINGS, Side, Wing, wings_of
from mvote.settings.whole import Settings, at_people, at_votes

__all__ = [
    "SIDES",
    "WINGS",
    "Settings",
    "SettingsFault",
    "Side",
    "Wing",
    "at_people",
    "at_votes",
    "wings_of",
]
