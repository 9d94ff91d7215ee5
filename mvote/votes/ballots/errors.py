"""Why a ballot is not taken, and why a count is not told."""

from mvote.core.errors import Conflict, NotAllowed, Unavailable


class SeqConflict(Conflict):
    words = {
        "ko": "같은 순번({seq})의 다른 표가 이미 접수되어 있습니다.",
        "en": "Another ballot with the number {seq} has been taken already.",
    }


class StaleSeq(Conflict):
    words = {
        "ko": "더 나중 순번의 표가 이미 접수되어 있어 순번 {seq}의 표는 받을 수 없습니다.",
        "en": "A later ballot has been taken already, so ballot number {seq} comes too late.",
    }


class RevoteNotAllowed(Conflict):
    words = {
        "ko": "이 투표에서는 한 번 던진 표를 바꿀 수 없습니다.",
        "en": "In this poll a ballot that was cast cannot be changed.",
    }


class IntakeFull(Unavailable):
    words = {
        "ko": "지금 투표가 몰리고 있습니다. 표는 접수되지 않았습니다."
        " 잠시 뒤 같은 표를 다시 보내 주십시오.",
        "en": "Very many are voting right now. The ballot was not taken."
        " Please send the same ballot again shortly.",
    }


class BallotFateUnknown(Unavailable):
    """The ballot may or may not be stored; the same bytes again are never a second ballot."""

    words = {
        "ko": "표가 저장되었는지 지금 확인할 수 없습니다. 같은 표를 그대로 다시 보내 주십시오."
        " 두 번 세지 않습니다.",
        "en": "It cannot be told right now whether the ballot was stored. Please send exactly the"
        " same ballot again; it will not count twice.",
    }


class BallotNotStorable(Unavailable):
    """The database refuses this one ballot while others beside it are stored."""

    words = {
        "ko": "이 표를 저장하지 못했습니다. 표는 접수되지 않았습니다."
        " 운영 담당자에게 알려 주십시오.",
        "en": "This ballot could not be stored and was not taken. Please tell the operator.",
    }


class CountHiddenBeforeClose(Conflict):
    words = {
        "ko": "이 투표는 마감 전에 집계를 공개하지 않습니다.",
        "en": "This poll shows no count before it is closed.",
    }


class BallotsNotOpen(NotAllowed):
    words = {
        "ko": "이 투표는 실명 투표가 아니므로 누가 무엇을 골랐는지 공개하지 않습니다.",
        "en": "This poll is not an open one, so who chose what is not published.",
    }
