"""What the demo shows of two hosts: each has its own only, and knows the other by its keys."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import urllib3

from mvote.operations.city import City, environment
from mvote.operations.credentials import check_apart, held_of
from mvote.operations.demo_story import StoryFault
from mvote.operations.sides import OTHER, Running, Sides
from mvote.settings import Settings, SettingsFault, Wing

ANSWER_SECONDS = 20.0


def examine_hosts(sides: Sides, servers: Running, tell: Callable[[str], None]) -> dict[str, Any]:
    """Addresses, what each was given, what it took.  Raises StoryFault."""
    told: dict[str, Any] = {}
    for wing, other in OTHER.items():
        settings: Settings = getattr(sides, wing)
        city: City = getattr(servers, wing)
        _hold(not held_of(settings, other), f"the {wing} host holds nothing of the {other} side")
        told[wing] = _host(city, settings, wing)
    tell("Each host holds its own keys and database and nothing of the other's.")
    for wing, other in OTHER.items():
        theirs = {f"{other}_keys": getattr(sides, other).keys(other)}
        _hold(
            _refuses(replace(getattr(sides, wing), **theirs), wing),
            f"a {wing} host that gets the {other} side's keys does not start",
        )
    tell("Given the other's keys, either refuses to start.")
    for wing in OTHER:
        city = getattr(servers, wing)
        path = f"/api/v1/{wing}/documents"
        _hold(_get(city.url + path).status == 401, "a stranger reads no documents")
    tell("A stranger who asks either for its documents gets none.")
    return told


def _host(city: City, settings: Settings, wing: Wing) -> dict[str, Any]:
    seen = _get(f"{city.url}/readyz").json()
    readings = seen["wings"][wing]
    _hold(list(seen["wings"]) == [wing], f"the {wing} host serves its own wing only")
    _hold(readings["documents_taken"] > 0, f"the {wing} host has taken documents")
    variables = sorted(n for n in environment(settings) if n.startswith("MVOTE_"))
    files = sorted(path.name for path in settings.home.iterdir())
    return {
        "url": city.url,
        "given": [*variables, f"{settings.home}: {', '.join(files)}"],
        "documents_taken": readings["documents_taken"],
    }


def _refuses(settings: Settings, wing: Wing) -> bool:
    try:
        check_apart(settings, (wing,))
    except SettingsFault:
        return True
    return False


def _get(url: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", url, retries=False, timeout=ANSWER_SECONDS)


def _hold(true: object, what: str) -> None:
    if not true:
        raise StoryFault(f"this should be so and is not: {what}")
