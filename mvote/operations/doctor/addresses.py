"""The addresses that citizens and providers see, and who stands in between."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from mvote.operations.doctor.finding import Finding
from mvote.settings import Settings, Wing


def look_at_addresses(settings: Settings, wings: tuple[Wing, ...]) -> Iterator[Finding]:
    yield from _public_address(settings)
    yield from _proxies(settings)
    if "people" in wings:
        yield from _messages(settings)


def is_this_host(url: str) -> bool:
    """Whether an address leads no further than this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def in_earnest(settings: Settings) -> bool:
    """Whether citizens are meant to come: the address is not this machine's own."""
    return not is_this_host(settings.public_url)


def _public_address(settings: Settings) -> Iterator[Finding]:
    url = settings.public_url
    if url.startswith("https://"):
        yield Finding("good", "MVOTE_PUBLIC_URL", url)
        return
    yield Finding(
        "bad" if in_earnest(settings) else "look",
        "MVOTE_PUBLIC_URL",
        f"{url} is not https: phones refuse to keep secrets there, and anyone on the way reads",
        "put a proxy with a certificate in front and set the address that citizens see"
        " (`mvote hosting nginx`)",
    )


def _proxies(settings: Settings) -> Iterator[Finding]:
    about, trusted = "MVOTE_TRUSTED_PROXIES", settings.trusted_networks()
    wide = [str(one) for one in trusted if one.num_addresses > 1 and not one.is_private]
    if wide:
        yield Finding(
            "bad",
            about,
            f"anyone in {', '.join(wide)} may say who is calling",
            "name the addresses of your own proxies only",
        )
    elif trusted:
        yield Finding("good", about, ", ".join(map(str, trusted)))
    elif in_earnest(settings):
        yield Finding(
            "look",
            about,
            "is empty: behind a proxy all citizens seem to call from one address",
            "name the proxy's address, as 127.0.0.1",
        )


def _messages(settings: Settings) -> Iterator[Finding]:
    kind = settings.sms_gateway.partition(":")[0]
    if kind == "https" or (kind == "http" and is_this_host(settings.sms_gateway)):
        yield Finding("good", "MVOTE_SMS_GATEWAY", "a provider over HTTP")
        return
    if kind == "http":
        said = "codes and numbers go to the provider unencrypted"
    else:
        said = f"codes go to {'the terminal' if kind == 'console' else 'a file'}, not to phones"
    yield Finding(
        "bad" if in_earnest(settings) else "look",
        "MVOTE_SMS_GATEWAY",
        said,
        "set the https address of your provider's adapter and MVOTE_SMS_SECRET",
    )
