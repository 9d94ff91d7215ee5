"""What can go wrong for a client, seen from its side of the wire.

::

    ClientTrouble
    ├── Refused         mvote said no, with a code and a sentence
    ├── Unreachable     no whole answer came; whether the request was carried out is unknown
    ├── NotUnderstood   an answer came that is not what the API promises
    ├── PermitNotHeld   a ballot was to be cast before a permit was taken
    ├── SwarmStopped    one of many citizens met what was not expected
    ├── NotReached      a poll did not come into the state that was waited for
    └── BoardAlarm      a board did what it never may: keep the evidence

A permit or receipt with a bad signature raises the refusals of ``core.secrecy``.
"""

from collections.abc import Mapping

from mvote.core.canonical import JSON


class ClientTrouble(Exception):
    """The root of this tree."""


class Refused(ClientTrouble):
    """A refusal of mvote (RFC 9457).  ``sentences`` by language; ``retry_after`` in seconds."""

    def __init__(
        self,
        *,
        status: int,
        code: str,
        sentences: Mapping[str, str],
        params: Mapping[str, JSON],
        errors: Mapping[str, JSON] | None = None,
        retry_after: int | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.sentences = sentences
        self.params = params
        self.errors = errors
        self.retry_after = retry_after
        fields = f" {dict(errors)}" if errors else ""
        super().__init__(f"{status} {code}: {sentences['en']}{fields}")


class Unreachable(ClientTrouble):
    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        super().__init__(f"{address} gave no answer: {reason}")


class NotUnderstood(ClientTrouble):
    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what} gave an answer that is not understood: {reason}")


class NotReached(ClientTrouble):
    def __init__(self, poll: str, wanted: tuple[str, ...], state: str | None) -> None:
        self.state = state
        now = f"is {state}" if state else "is not public"
        super().__init__(f"poll {poll} has not become {' or '.join(wanted)}: it {now}")


class BoardAlarm(ClientTrouble):
    """No fault to be tried again.  ``evidence`` are the signed checkpoints that show it."""

    def __init__(self, code: str, evidence: tuple[str, ...]) -> None:
        self.code = code
        self.evidence = evidence
        super().__init__(f"ALARM: {code}; keep the signed checkpoints as evidence")


class PermitNotHeld(ClientTrouble):
    def __init__(self, poll: str) -> None:
        super().__init__(f"no permit for poll {poll} is held: take it first")


class SwarmStopped(ClientTrouble):
    """``place`` counts from 0 in the order of the items; the cause is ``__cause__``."""

    def __init__(self, place: int, done: int, cause: BaseException) -> None:
        self.place = place
        self.done = done
        what = str(cause) if isinstance(cause, ClientTrouble) else repr(cause)
        super().__init__(f"stopped at number {place + 1} after {done} were done: {what}")
