"""Variables that mean nothing, and those that were never filled in.

A setting that is spelled wrongly keeps its default in silence.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches

from mvote.operations.doctor.finding import Finding
from mvote.settings import Settings

ELSEWHERE = frozenset({"MVOTE_SIDE", "MVOTE_TEST_DATA"})
"""What `mvote serve` tells its own processes, and what the tests read."""

EXAMPLES = re.compile(r"city\.example|:PASSWORD@|^SECRET$")
"""What stands in the settings that `mvote hosting settings` prints."""


def look_at_variables(environ: Mapping[str, str]) -> Iterator[Finding]:
    known = {f"MVOTE_{f.name.upper()}" for f in fields(Settings)}
    for name in sorted(environ):
        if name in known and EXAMPLES.search(environ[name]):
            said = "is still what `mvote hosting settings` printed"
            yield Finding("bad", name, said, "fill in your own")
        if not name.startswith("MVOTE_") or name in known | ELSEWHERE:
            continue
        close = get_close_matches(name, known, n=1)
        meant = f"set {close[0]}, if that is meant" if close else "take it away"
        yield Finding("look", name, "is no setting of mvote and changes nothing", meant)
