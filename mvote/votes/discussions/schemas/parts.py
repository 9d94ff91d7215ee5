"""Fields that several schemas of records have."""

from mvote.installation import installation
from mvote.web.fields import Words

REASON_CHARACTERS = 4_000
MOST_NAMED = 1_000


def spoken() -> Words:
    """What a department writes; how long it may be is a setting."""
    return Words(required=True, most=lambda: installation().settings.text_characters, lines=True)
