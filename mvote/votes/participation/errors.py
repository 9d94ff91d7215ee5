"""Refusals of acts without a name."""

from typing import Final

from mvote.core.errors import Conflict, Refusal, TooMany, Unavailable
from mvote.core.scope import ScopeIsClosed, ScopeUnknown
from mvote.core.secrecy.act import ActForAnother, ActForged, ActMalformed, ActTooLarge
from mvote.core.secrecy.permit import PermitMalformed, PermitNotValid


class ScopeOpening(Unavailable):
    """The people wing has not named its issuer yet, a moment after it was opened."""

    words = {
        "ko": "참여를 준비하고 있습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "Taking part is being prepared. Please try again shortly.",
    }


class ActOutdated(Conflict):
    """Its ``seq`` is not above that of the last act of the same holder, which stands."""

    words = {
        "ko": "이보다 나중에 보내신 내용이 이미 처리되었습니다.",
        "en": "A later act of yours was taken already.",
    }


class TooManyActs(TooMany):
    words = {
        "ko": "한 사람이 여기에 보낼 수 있는 횟수({most}번)를 모두 쓰셨습니다.",
        "en": "You have used all {most} acts that one person may send here.",
    }


ACT_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    ScopeUnknown,
    ScopeOpening,
    ScopeIsClosed,
    ActMalformed,
    ActTooLarge,
    ActForAnother,
    ActForged,
    PermitMalformed,
    PermitNotValid,
    ActOutdated,
    TooManyActs,
)
"""What every route may say that takes an act."""
