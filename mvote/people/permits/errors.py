"""Refusals of permits."""

from mvote.core.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable


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


class AlreadyOnRoll(Conflict):
    words = {
        "ko": "이미 이 투표의 명부에 있는 사람입니다.",
        "en": "This person is on the roll of the poll already.",
    }


class NotOnRoll(Conflict):
    words = {
        "ko": "이 투표의 명부에 없는 사람입니다.",
        "en": "This person is not on the roll of the poll.",
    }


class RollNotCorrected(Conflict):
    """Before freezing the register is what is put right, and behind the end nothing is."""

    words = {
        "ko": "명부는 투표가 확정된 뒤부터 마감될 때까지만 정정할 수 있습니다.",
        "en": "The roll of a poll is corrected from its freezing until its end.",
    }


class PersonNeeded(Invalid):
    words = {
        "ko": "시가 쓰는 식별자(entry)나 휴대전화 번호(number) 가운데 하나만 적어 주십시오.",
        "en": "Please give either the city's own id (entry) or a mobile number (number).",
    }


class PersonNotKnown(Invalid):
    words = {
        "ko": "이 투표의 명부에서 그 사람을 찾을 수 없습니다. 다른 값으로 적어 주십시오.",
        "en": "This does not lead to a person on the roll of this poll. Please give the other one.",
    }


class CorrectionUnknown(NotFound):
    words = {
        "ko": "기다리는 명부 정정 요청이 없습니다. 이미 처리되었거나 기한이 지났습니다.",
        "en": "No such correction waits. It was dealt with, or its time is over.",
    }


class CorrectionPending(Conflict):
    words = {
        "ko": "이 사람에 대한 정정 요청이 이미 기다리고 있습니다.",
        "en": "A correction of this person's entry waits already.",
    }


class OwnCorrection(NotAllowed):
    words = {
        "ko": "자신이 요청한 정정은 다른 공무원이 확인해야 합니다.",
        "en": "Another official has to confirm the correction that you asked for.",
    }


class PersonDiffers(Conflict):
    """The second official has to know whom it is about, and the record holds no number."""

    words = {
        "ko": "요청된 사람과 다른 사람입니다. 요청한 공무원에게 확인해 주십시오.",
        "en": "This is not the person who was asked for. Please check with the other official.",
    }


class QuarantineRuleUnknown(NotFound):
    words = {
        "ko": "이 투표에는 그런 규칙이 없습니다. 허가증을 따로 세는 규칙은 투표 정의에 있습니다.",
        "en": "This poll has no such rule; its definition lists those by which permits are counted "
        "apart.",
    }


class QuarantineOver(Conflict):
    """Before freezing the rules are what is put right; behind the end the numbers are known."""

    words = {
        "ko": "따로 센 허가증에 대한 결정은 투표가 확정된 뒤부터 마감될 때까지만 할 수 있습니다.",
        "en": "About permits that are counted apart is decided from the freezing of a poll until "
        "its end.",
    }


class QuarantineDecisionPending(Conflict):
    words = {
        "ko": "이 규칙에 대한 결정 요청이 이미 기다리고 있습니다.",
        "en": "A decision about this rule waits already.",
    }


class QuarantineDecisionUnknown(NotFound):
    words = {
        "ko": "기다리는 결정 요청이 없습니다. 이미 처리되었거나 기한이 지났습니다.",
        "en": "No such decision waits. It was confirmed, or its time is over.",
    }


class OwnQuarantineDecision(NotAllowed):
    words = {
        "ko": "자신이 요청한 결정은 다른 공무원이 확인해야 합니다.",
        "en": "Another official has to confirm the decision that you asked for.",
    }


class MayVoteAlready(Conflict):
    words = {
        "ko": "이 투표에 투표하실 수 있으므로 재심사가 필요하지 않습니다.",
        "en": "You may vote in this poll, so there is nothing to review.",
    }


class ReviewAsked(Conflict):
    words = {
        "ko": "이 투표의 재심사를 이미 요청하셨습니다. 결과는 같은 곳에서 보실 수 있습니다.",
        "en": "You already asked for a review in this poll; its outcome will be told there.",
    }


class ReviewTextTooLong(Invalid):
    words = {
        "ko": "재심사를 요청하는 글은 {most}자까지 적을 수 있습니다.",
        "en": "The text of a request for review has at most {most} characters.",
    }


class ReviewUnknown(NotFound):
    words = {"ko": "그런 재심사 요청이 없습니다.", "en": "There is no such review."}


class ReviewDecided(Conflict):
    words = {
        "ko": "이미 결정된 재심사입니다.",
        "en": "This review was decided already.",
    }


class ScopeNotForYou(NotAllowed):
    """``reasons`` are the conditions that are not met; none: the sign-in shows too little."""

    optional = ("reasons",)
    words = {
        "ko": "이 일에 참여하실 수 있는 대상이 아니거나, 필요한 방법으로 본인 확인을 하지 "
        "않으셨습니다.",
        "en": "You are not among those who may take part here, or have not proved who you are in "
        "the way that is needed.",
    }


class ScopeProofTooWeak(NotAllowed):
    words = {
        "ko": "여기에 참여하시려면 더 확실한 본인 확인이 필요합니다.",
        "en": "Taking part here needs a stronger proof of who you are.",
    }


class ScopePermitTaken(Conflict):
    words = {
        "ko": "이미 다른 기기나 다른 이름으로 여기에 참여하셨습니다. 한 사람이 한 번만 참여 "
        "허가증을 받습니다.",
        "en": "You already take part here with another phone or under another name; one person "
        "has one permit.",
    }


class ScopesLocked(Unavailable):
    words = {
        "ko": "시스템을 사본에서 되돌렸습니다. 담당 공무원이 확인할 때까지 새로 참여하실 수 "
        "없습니다. 이미 참여하신 분은 계속하실 수 있습니다.",
        "en": "The system was put back from a copy. Nobody new can take part until an official "
        "has looked; whoever takes part already can go on.",
    }


class ScopeKnownDifferently(Conflict):
    words = {
        "ko": "이미 받은 참여 범위의 정의와 다릅니다.",
        "en": "This is not the definition of the scope that was told before.",
    }
