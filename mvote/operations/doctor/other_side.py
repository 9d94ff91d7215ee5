"""The other side of the installation, as a host that has one side alone reaches it."""

from collections.abc import Iterator, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mvote.core.errors import Unavailable
from mvote.core.fields import FieldsRefused
from mvote.gateways.other_wing import (
    AnswerNotTrusted,
    Line,
    OtherWingRefuses,
    fetch_documents,
    tls_context,
)
from mvote.keys import all_of, held_keys, open_public_keys
from mvote.operations.credentials import held_of
from mvote.operations.doctor.addresses import is_this_host
from mvote.operations.doctor.finding import Finding
from mvote.operations.sides import OTHER
from mvote.settings import Settings, SettingsFault, Wing

NO_NUMBER = -1
"""Whoever knows us and is asked for documents behind it refuses it, signed, and does nothing."""


def look_at_other_side(settings: Settings, wing: Wing) -> Iterator[Finding]:
    """``wing`` is the other one."""
    yield from _credentials(settings, wing)
    variable = f"MVOTE_{wing.upper()}_PUBLIC_KEYS"
    try:
        public = open_public_keys(settings, wing)
        tls_context(settings)
    except SettingsFault as fault:
        about, _, said = str(fault).partition(": ")
        yield Finding("bad", about, said, f"copy public.json of the {wing} host and set {variable}")
        return
    yield Finding("good", variable, "read")
    yield from _reach(settings, wing, public)


def _credentials(settings: Settings, wing: Wing) -> Iterator[Finding]:
    held = held_of(settings, wing)
    if held:
        yield Finding(
            "bad" if settings.both_sides_here == "no" else "look",
            "MVOTE_BOTH_SIDES_HERE",
            f"this host holds a credential or keys of the {wing} side: {', '.join(held)}",
            "take them away: the two sides must not meet on one host",
        )


def _reach(
    settings: Settings, wing: Wing, public: Mapping[str, Ed25519PublicKey]
) -> Iterator[Finding]:
    url, variable = settings.wing_url(wing), f"MVOTE_{wing.upper()}_URL"
    if not url:
        do = f"set the address at which this host reaches the {wing} host"
        yield Finding("bad", variable, "is not set", do)
        return
    if url.startswith("http://") and not is_this_host(url):
        said = "drafts and the number of permits go to the other side unencrypted"
        yield Finding("look", variable, said, "use https, or a network of your own")
    yield _call(settings, wing, public)


def _call(settings: Settings, wing: Wing, public: Mapping[str, Ed25519PublicKey]) -> Finding:
    """Ask for what cannot be: only the other side itself can say so, and it changes nothing."""
    variable = f"MVOTE_{wing.upper()}_URL"
    try:
        key = held_keys(settings, OTHER[wing])["exchange"].private
    except (KeyError, SettingsFault):
        said = "cannot be tried before this side has its keys"
        return Finding("look", variable, said, "start it once")
    try:
        fetch_documents(Line.of(settings, wing, key, all_of(public, "exchange")), after=NO_NUMBER)
        refused = ""
    except OtherWingRefuses as refusal:
        refused = str(refusal.params["code"])
    except AnswerNotTrusted as refusal:
        do = f"give each host the public.json that the other one has now, and check {variable}"
        return Finding("bad", variable, refusal.sentence("en"), do)
    except Unavailable as refusal:
        do = "start it, and see to network, firewall and certificate; documents wait meanwhile"
        return Finding("bad", variable, refusal.sentence("en"), do)
    if refused != FieldsRefused.code():
        return Finding("bad", variable, f"the other side answers {refused}", "see its log")
    return Finding("good", variable, f"the {wing} side answers, and each knows the other")
