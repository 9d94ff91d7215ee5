"""Pictures and videos beside a question or an option, each with words for whoever cannot see it."""

import re
from dataclasses import dataclass

from mvote.core.canonical import JSON
from mvote.core.fields import Reader
from mvote.core.secrecy.exact import SHA256_HEX
from mvote.core.text import Words

KINDS = ("picture", "video")
MOST_ALT = 1_000
HREF = re.compile(
    r"(?:https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[!#-;=?-\[\]_a-z~]{0,480})?"
    r"|/[!#-.0-;=?-\[\]_a-z~][!#-;=?-\[\]_a-z~]{0,479})"
)
HREF_WORDS = "an https address, or a path of this site that begins with one slash"


@dataclass(frozen=True, slots=True)
class Media:
    """``alt`` says in words what is to be seen or heard; ``sha256`` fixes the file's bytes."""

    kind: str
    href: str
    alt: Words
    sha256: str | None = None

    @property
    def own(self) -> bool:
        """Whether it lies on the city's own site, so that looking at it tells nobody else."""
        return self.href.startswith("/")

    def to_json(self) -> dict[str, JSON]:
        made: dict[str, JSON] = {"kind": self.kind, "href": self.href, "alt": dict(self.alt)}
        if self.sha256 is not None:
            made["sha256"] = self.sha256
        return made


def read_media(read: Reader) -> Media | None:
    """The field ``media`` of an object, None where there is none."""
    if "media" not in read.raw:
        return None
    inner = Reader(read.raw["media"], read.faults, read.name("media"))
    inner.only("kind", "href", "alt", "sha256")
    digest = "64 small hexadecimal digits"
    return Media(
        kind=inner.one_of("kind", KINDS),
        href=inner.matching("href", HREF, HREF_WORDS),
        alt=inner.words("alt", most=MOST_ALT, lines=True),
        sha256=inner.matching("sha256", SHA256_HEX, digest) if "sha256" in inner.raw else None,
    )
