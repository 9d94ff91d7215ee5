"""Officials name people, and what they are answered tells who stands on a roll."""

from datetime import datetime
from typing import Final

from mvote.db import transaction
from mvote.installation import installation
from mvote.people.identity.service.limits import seconds_over
from mvote.people.rolls.errors import TooManyPeopleNamed

LIMIT: Final = "named"
HOUR: Final = 3600


def count_named(official: str, *, now: datetime) -> None:
    """Count a person whom an official names, found or not: nobody tries out a whole city.

    Raises TooManyPeopleNamed.
    """
    most, key = installation().settings.people_named_per_hour, official.encode()
    with transaction("people", durable=False) as session:
        wait = seconds_over(session, LIMIT, key, most=most, seconds=HOUR, now=now)
    if wait is not None:
        raise TooManyPeopleNamed(retry_after=wait)
