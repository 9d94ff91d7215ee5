"""Settings that are each allowed and together make no sense, or that take secrecy away."""

from collections.abc import Iterator

from mvote.operations.doctor.finding import Finding
from mvote.settings import Settings

SECRET_BATCH = Settings().batch_ballots
SECRET_LEAVES = Settings().board_leaves
NOT_LONGER = (
    ("ballot_bytes", "body_bytes", "ballots are refused before they are read"),
    ("fresh_seconds", "access_seconds", "a sign-in counts as fresh after its token has ended"),
    ("access_seconds", "refresh_seconds", "the token that renews ends before the one it renews"),
    ("code_resend_seconds", "code_seconds", "a code is over before another may be asked for"),
    ("codes_per_number_hour", "codes_per_prefix_hour", "one number uses up its neighbours' codes"),
    ("codes_per_prefix_hour", "codes_per_day", "a few numbers use up the codes of the whole city"),
    ("intake_flush", "intake_queue", "no write is ever as large as it may be"),
    ("worker_seconds", "heartbeat_seconds", "a worker that only pauses is taken for dead"),
    ("exchange_connect_seconds", "exchange_seconds", "connecting alone takes all the time"),
    ("clock_leeway_seconds", "access_seconds", "a token holds longer after its end than before"),
)
"""The first may not be more than the second, else …"""
NEEDED = ("code_tries", "code_seconds", "body_bytes", "ballot_bytes", "page_items", "intake_queue")
"""With 0 of them nobody can vote."""


def look_at_limits(settings: Settings) -> Iterator[Finding]:
    found = [*_contradictions(settings), *_zeros(settings), *_secrecy(settings)]
    yield from found
    if not found:
        yield Finding("good", "limits", "contradict nowhere")
    yield Finding("good", "MVOTE_TIME_ZONE", f"pages show times in {settings.time_zone}")


def _contradictions(settings: Settings) -> Iterator[Finding]:
    for less, more, so in NOT_LONGER:
        a, b = getattr(settings, less), getattr(settings, more)
        if a > b:
            yield Finding(
                "bad",
                _variable(less),
                f"is {a}, more than {_variable(more)} with {b}: {so}",
                f"lower the one or raise the other; the defaults are {getattr(Settings(), less)}"
                f" and {getattr(Settings(), more)}",
            )


def _zeros(settings: Settings) -> Iterator[Finding]:
    for name in NEEDED:
        if not getattr(settings, name):
            default = getattr(Settings(), name)
            yield Finding("bad", _variable(name), "is 0", f"the default is {default}")


def _secrecy(settings: Settings) -> Iterator[Finding]:
    for name, least in (("batch_ballots", SECRET_BATCH), ("board_leaves", SECRET_LEAVES)):
        if getattr(settings, name) < least:
            yield Finding(
                "look",
                _variable(name),
                f"is {getattr(settings, name)}: a voter hides among fewer than the usual {least}",
                f"set {least} or more, unless this is a trial",
            )


def _variable(name: str) -> str:
    return f"MVOTE_{name.upper()}"
