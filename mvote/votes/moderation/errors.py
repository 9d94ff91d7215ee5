"""Why something is not reported, not decided upon, or not appealed against."""

from mvote.core.errors import Conflict, NotAllowed, NotFound


class TextUnknown(NotFound):
    words = {
        "ko": "검토할 수 있는 시민의 글이 아닙니다.",
        "en": "No citizen's text of that name can be moderated.",
    }


class NeverModerated(NotAllowed):
    """What the city wrote, or owes, stands."""

    words = {
        "ko": "시가 쓴 글과 시가 답해야 할 일은 숨길 수 없습니다.",
        "en": "What the city wrote, or has to answer for, is never moderated.",
    }


class AnswerOwedForText(Conflict):
    words = {
        "ko": "시가 답변해야 하는 글이므로 숨길 수 없습니다. 불법 내용만 영구 삭제할 수 있습니다.",
        "en": "The city owes an answer to this text, so it cannot be hidden; only what is illegal"
        " can be removed for good.",
    }


class TextOfOtherDepartment(NotAllowed):
    words = {
        "ko": "이 글은 담당 부서({department})만 검토할 수 있습니다.",
        "en": "Only moderators of the department in charge ({department}) review this text.",
    }


class TextRemovedForGood(Conflict):
    words = {
        "ko": "영구 삭제된 글이라 더 결정할 것이 없습니다.",
        "en": "This text was removed for good; nothing more can be decided about it.",
    }


class TextWithdrawn(Conflict):
    words = {
        "ko": "작성자가 거두어들인 글입니다.",
        "en": "Its author withdrew this text.",
    }


class NotHidden(Conflict):
    words = {
        "ko": "숨겨진 글이 아닙니다.",
        "en": "This text is not hidden.",
    }


class HideFirst(Conflict):
    """Removal for good takes two officials: one hides, another removes."""

    words = {
        "ko": "먼저 숨긴 뒤 다른 공무원이 영구 삭제할 수 있습니다.",
        "en": "It has to be hidden first; then another official can remove it for good.",
    }


class OwnDecision(NotAllowed):
    words = {
        "ko": "직접 숨긴 글입니다. 다른 공무원이 결정해야 합니다.",
        "en": "You hid this text yourself. Another official has to decide.",
    }


class AppealPending(Conflict):
    words = {
        "ko": "이의 신청이 접수되어 있습니다. 그 결정을 먼저 내려야 합니다.",
        "en": "An appeal waits for its decision, which comes first.",
    }


class NoAppealPending(Conflict):
    words = {
        "ko": "결정을 기다리는 이의 신청이 없습니다.",
        "en": "No appeal waits for a decision.",
    }


class DecidedOnAppeal(Conflict):
    words = {
        "ko": "이의 신청을 받아들여 공개한 글은 다시 숨길 수 없습니다.",
        "en": "This text is shown because an appeal was upheld; it cannot be hidden again.",
    }


class AppealedBefore(Conflict):
    words = {
        "ko": "이의 신청은 글마다 한 번만 할 수 있습니다.",
        "en": "An appeal can be made once for each text.",
    }


class NotTheAuthor(NotAllowed):
    words = {
        "ko": "글을 쓴 사람만 할 수 있습니다.",
        "en": "Only the author of this text can do that.",
    }


class ReportedBefore(Conflict):
    words = {
        "ko": "이미 신고하신 글입니다.",
        "en": "You reported this text already.",
    }


class OtherTextMeant(Conflict):
    """What was signed names another text than the address."""

    words = {
        "ko": "서명하신 내용이 다른 글에 관한 것입니다.",
        "en": "What you signed is about another text.",
    }
