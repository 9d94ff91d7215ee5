"""Why a result is not shown."""

from mvote.core.errors import Conflict, Invalid


class ResultNotPublished(Conflict):
    words = {
        "ko": "이 투표의 결과는 아직 발표되지 않았습니다.",
        "en": "The result of this poll has not been published.",
    }


class QuestionUnnamed(Invalid):
    words = {
        "ko": "투표의 질문 하나를 지정해 주십시오: {known}",
        "en": "Name one question of the poll: {known}",
    }
