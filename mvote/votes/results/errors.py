"""Why a result is not shown."""

from mvote.core.errors import Conflict, NotAllowed


class ResultNotPublished(Conflict):
    words = {
        "ko": "이 투표의 결과는 아직 공표되지 않았습니다.",
        "en": "The result of this poll has not been published.",
    }


class RunningCountHidden(Conflict):
    words = {
        "ko": "이 투표는 마감 전에 집계를 공개하지 않습니다.",
        "en": "This poll shows no count before it is closed.",
    }


class BallotsNotOpen(NotAllowed):
    words = {
        "ko": "이 투표는 공개 투표가 아니므로 누가 무엇을 골랐는지 공개하지 않습니다.",
        "en": "This poll is not an open one, so who chose what is not published.",
    }
