"""Why an opinion is not shown or not decided upon."""

from mvote.core.errors import Conflict, NotAllowed, NotFound


class OpinionUnknown(NotFound):
    words = {"ko": "그런 의견이 없습니다.", "en": "There is no such opinion."}


class OpinionsNotPublished(Conflict):
    words = {
        "ko": "의견은 투표 결과를 발표한 뒤에 공개합니다.",
        "en": "Opinions are shown once the result of their poll is published.",
    }


class PoolOfOtherDepartment(NotAllowed):
    words = {
        "ko": "이 의견은 담당 부서({department})만 검토할 수 있습니다.",
        "en": "Only moderators of the department in charge ({department}) review these opinions.",
    }
