"""Refusals of permits."""

from mvote.core.errors import Conflict, Invalid, NotAllowed, Unavailable


class NotEligible(NotAllowed):
    """``reasons`` are the conditions that are not met; the eligibility check explains them."""

    optional = ("reasons",)
    words = {
        "ko": "이 투표의 대상이 아닙니다. 까닭은 투표 자격 확인에서 보실 수 있습니다.",
        "en": "You are not among those this poll is for. Its eligibility check says why.",
    }


class PermitAlreadyIssued(Conflict):
    words = {
        "ko": "이미 다른 이름으로 투표 허가증을 받으셨습니다. 한 사람에게 하나만 드립니다.",
        "en": "You already took your one permit for this poll, under another name.",
    }


class NameNeeded(Invalid):
    words = {
        "ko": "실명으로 공개되는 투표입니다. 공개할 이름을 적어 주십시오.",
        "en": "This poll publishes choices under a name. Please give the name to publish.",
    }


class IssuerKeyMissing(Unavailable):
    words = {
        "ko": "이 투표의 투표 허가증을 발급할 키가 없습니다. 운영 담당자에게 알려 주십시오.",
        "en": "The key that issues permits for this poll is not here. Please tell the operator.",
    }


class PollKnownDifferently(Conflict):
    words = {
        "ko": "이미 받은 투표 정의와 다릅니다.",
        "en": "This is not the definition that was told before.",
    }
