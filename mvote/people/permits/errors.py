"""Refusals of permits."""

from mvote.core.errors import Conflict, Invalid, NotAllowed, Unavailable


class NotEligible(NotAllowed):
    """``reasons`` are the conditions that are not met; the eligibility check explains them."""

    optional = ("reasons",)
    words = {
        "ko": "이 투표의 대상이 아닙니다. 까닭은 투표 자격 확인에서 보실 수 있습니다.",
        "en": "You are not among those this poll is for. Its eligibility check says why.",
    }


class RollKeyMissing(NotAllowed):
    """The sign-in shows nothing by which the poll knows its voters."""

    words = {
        "ko": "이 투표에서 받는 방법으로 본인 확인을 하지 않으셨습니다. 방법은 투표 자격 확인에서 "
        "보실 수 있습니다.",
        "en": "You have not proved who you are in a way that this poll takes. Its eligibility "
        "check says how.",
    }


class ProofTooWeak(NotAllowed):
    words = {
        "ko": "이 투표에는 더 확실한 본인 확인이 필요합니다. 방법은 투표 자격 확인에서 보실 수 "
        "있습니다.",
        "en": "This poll asks for a stronger proof of who you are. Its eligibility check says how.",
    }


class PermitAlreadyIssued(Conflict):
    words = {
        "ko": "이미 이 투표의 허가증을 다른 이름이나 다른 기기로 받으셨습니다. "
        "한 사람에게 하나만 드립니다.",
        "en": "You already took your one permit for this poll, under another name or with "
        "another phone.",
    }


class RollFull(Conflict):
    words = {
        "ko": "이 투표의 대상자로 확정된 수만큼 허가증이 모두 발급되었습니다. 담당 부서에 문의해 "
        "주십시오.",
        "en": "As many permits were issued as the poll counted eligible when it was frozen. "
        "Please ask the department.",
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


class PermitsForgotten(Unavailable):
    words = {
        "ko": "복구된 저장소에 이미 발급한 허가증의 기록이 빠져 있어 발급을 멈추었습니다. 운영 "
        "담당자에게 알려 주십시오.",
        "en": "The database was restored and lacks permits that were given out, so none is issued "
        "now. Please tell the operator.",
    }


class PermitsLocked(Unavailable):
    words = {
        "ko": "시스템을 사본에서 되돌렸습니다. 공무원 두 사람이 확인할 때까지 투표 허가증을 "
        "발급하지 않습니다.",
        "en": "The system was put back from a copy. No permit is given until two officials have "
        "looked.",
    }


class PollKnownDifferently(Conflict):
    words = {
        "ko": "이미 받은 투표 정의와 다릅니다.",
        "en": "This is not the definition that was told before.",
    }


class BlindedMessageNeeded(Invalid):
    words = {
        "ko": "비밀 투표입니다. 발급 키의 이름(kid)과 가려진 값(blinded_msg)을 함께 보내 주십시오.",
        "en": "This poll is secret. Please send the name of its issuer key (kid) and a blinded "
        "value (blinded_msg).",
    }


class BlindedMessageNotUsedHere(Invalid):
    words = {
        "ko": "가려진 값 없이 허가증을 발급하는 투표입니다.",
        "en": "This poll issues its permits without a blinded value.",
    }


class IssuerKeyUnknown(Invalid):
    words = {
        "ko": "이 투표의 발급 키가 아닙니다. 투표 정의에 있는 키의 이름을 보내 주십시오.",
        "en": "This is no issuer key of the poll. Please name one that its definition lists.",
    }


class BlindedMessageTaken(Conflict):
    """No permit was used up: the phone begins anew with another seed."""

    words = {
        "ko": "다른 사람이 이미 보낸 가려진 값입니다. 새로 만들어 다시 보내 주십시오.",
        "en": "Somebody else already sent this blinded value. Please make a new one and send it.",
    }


class PermitNotSigned(Unavailable):
    """The permit is noted, so only the same request brings it."""

    words = {
        "ko": "지금 서명할 수 없습니다. 잠시 뒤 같은 요청을 다시 보내 주십시오.",
        "en": "It cannot be signed now. Please send the same request again shortly.",
    }
