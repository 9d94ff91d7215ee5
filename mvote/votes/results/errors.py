"""Why a result is not shown."""

from mvote.core.errors import Conflict


class ResultNotPublished(Conflict):
    words = {
        "ko": "이 투표의 결과는 아직 발표되지 않았습니다.",
        "en": "The result of this poll has not been published.",
    }
