"""The states of a poll, which act leads from which to which, and what is said when it does not.

::

    draft → approved → frozen → open ⇄ suspended → closing → closed → published
    cancelled from any state before closed; no way leads back from frozen
"""

from collections.abc import Mapping

from mvote.core.errors import Conflict, NotFound

DRAFT, APPROVED, FROZEN, OPEN = "draft", "approved", "frozen", "open"
SUSPENDED, CLOSING, CLOSED = "suspended", "closing", "closed"
PUBLISHED, CANCELLED = "published", "cancelled"

PHASES = (DRAFT, APPROVED, FROZEN, OPEN, SUSPENDED, CLOSING, CLOSED, PUBLISHED, CANCELLED)
PUBLIC = PHASES[PHASES.index(FROZEN) :]
"""States in which the public sees the poll (a cancelled one only if it was frozen before)."""

ACTS: Mapping[str, Mapping[str, str]] = {
    "edit": {DRAFT: DRAFT},
    "approve": {DRAFT: APPROVED},
    "freeze": {APPROVED: FROZEN},
    "permit": {FROZEN: FROZEN, OPEN: OPEN},
    "open": {FROZEN: OPEN},
    "cast": {OPEN: OPEN},
    "suspend": {OPEN: SUSPENDED},
    "resume": {SUSPENDED: OPEN},
    "extend": {OPEN: OPEN, SUSPENDED: SUSPENDED},
    "close": {OPEN: CLOSING, SUSPENDED: CLOSING},
    "seal": {CLOSING: CLOSED},
    "publish": {CLOSED: PUBLISHED},
    "cancel": dict.fromkeys(PHASES[: PHASES.index(CLOSED)], CANCELLED),
}
"""Act → state before → state after.

``permit`` and ``cast`` are what citizens do and leave the state as it is, and so does
``extend``, by which an outage moves the closing; ``seal`` is the last entry on the board,
once the issued list has come.
"""


class PollUnknown(NotFound):
    """Said by both wings, each of the polls it knows."""

    words = {"ko": "그런 투표가 없습니다.", "en": "There is no such poll."}


class PollNotApproved(Conflict):
    words = {
        "ko": "아직 승인되지 않은 투표입니다.",
        "en": "The poll is not approved yet.",
    }


class AlreadyApproved(Conflict):
    words = {
        "ko": "이미 승인된 투표입니다.",
        "en": "The poll is already approved.",
    }


class PollNotFrozen(Conflict):
    words = {
        "ko": "아직 내용이 확정되지 않은 투표입니다.",
        "en": "The poll is not frozen yet.",
    }


class AlreadyFrozen(Conflict):
    words = {
        "ko": "내용이 이미 확정되어 바꿀 수 없는 투표입니다.",
        "en": "The poll is frozen and cannot be changed any more.",
    }


class PollNotYetOpen(Conflict):
    words = {
        "ko": "아직 시작되지 않은 투표입니다.",
        "en": "The poll is not open yet.",
    }


class AlreadyOpen(Conflict):
    words = {
        "ko": "이미 진행 중인 투표입니다.",
        "en": "The poll is already open.",
    }


class PollSuspended(Conflict):
    words = {
        "ko": "투표가 일시 중지되었습니다.",
        "en": "The poll is suspended.",
    }


class PollNotSuspended(Conflict):
    words = {
        "ko": "일시 중지된 투표가 아닙니다.",
        "en": "The poll is not suspended.",
    }


class PollClosed(Conflict):
    words = {
        "ko": "종료된 투표입니다.",
        "en": "The poll is closed.",
    }


class PollNotClosed(Conflict):
    words = {
        "ko": "아직 종료되지 않은 투표입니다.",
        "en": "The poll is not closed yet.",
    }


class AlreadyPublished(Conflict):
    words = {
        "ko": "결과가 이미 발표된 투표입니다.",
        "en": "The result of the poll is already published.",
    }


class PollCancelled(Conflict):
    words = {
        "ko": "취소된 투표입니다.",
        "en": "The poll is cancelled.",
    }


def check_act(state: str, act: str) -> str:
    """The state that ``act`` leads to.

    Raises the Conflict that tells why it is not possible in ``state``, and
    ValueError for a state or an act that does not exist.
    """
    if state not in PHASES or act not in ACTS:
        raise ValueError(f"no poll is {state}, or nobody can {act} it")
    after = ACTS[act].get(state)
    if after is None:
        raise _refusal(state, act)()
    return after


_BY_STATE: Mapping[str, type[Conflict]] = {
    DRAFT: PollNotFrozen,
    APPROVED: PollNotFrozen,
    FROZEN: PollNotYetOpen,
    OPEN: AlreadyOpen,
    SUSPENDED: PollSuspended,
    CLOSING: PollClosed,
    CLOSED: PollClosed,
    PUBLISHED: PollClosed,
    CANCELLED: PollCancelled,
}


def _refusal(state: str, act: str) -> type[Conflict]:
    if state == CANCELLED:
        return PollCancelled
    if act in ("edit", "approve", "freeze"):
        return {DRAFT: PollNotApproved, APPROVED: AlreadyApproved}.get(state, AlreadyFrozen)
    if act in ("seal", "publish"):
        return {CLOSED: PollClosed, PUBLISHED: AlreadyPublished}.get(state, PollNotClosed)
    if act == "resume" and state == OPEN:
        return PollNotSuspended
    return _BY_STATE[state]
