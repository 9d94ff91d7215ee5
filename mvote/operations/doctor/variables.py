"""Variables that mean nothing: a setting that is spelled wrongly keeps its default in silence."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches

from mvote.operations.doctor.finding import Finding
from mvote.settings import Settings

ELSEWHERE = frozenset({"MVOTE_SIDE", "MVOTE_TEST_DATA"})
"""What `mvote serve` tells its own processes, and what the tests read."""


def look_at_variables(environ: Mapping[str, str]) -> Iterator[Finding]:
    known = {f"MVOTE_{f.name.upper()}" for f in fields(Settings)}
    for name in sorted(environ):
        if not name.startswith("MVOTE_") or name in known | ELSEWHERE:
            continue
        close = get_close_matches(name, known, n=1)
        meant = f"set {close[0]}, if that is meant" if close else "take it away"
        yield Finding("look", name, "is no setting of mvote and changes nothing", meant)
