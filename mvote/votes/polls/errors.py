"""What departments and polls say no to."""

from mvote.core.errors import ChangedMeanwhile, Conflict, NotAllowed, NotFound, Refusal
from mvote.core.fields import FieldsRefused


class DepartmentExists(Conflict):
    words = {
        "ko": "‘{department}’ 부서는 이미 등록되어 있습니다.",
        "en": "The department “{department}” is already there.",
    }


class DepartmentRefused(FieldsRefused):
    words = {
        "ko": "부서의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the department are not right: {fields}",
    }


class NotYourDepartment(NotAllowed):
    words = {
        "ko": "‘{department}’ 부서의 투표입니다. 그 부서의 공무원만 처리할 수 있습니다.",
        "en": "This poll belongs to the department “{department}”; only its officials may act.",
    }


class OwnPoll(NotAllowed):
    """The four eyes: who wrote a poll does not also decide about it."""

    words = {
        "ko": "직접 작성하거나 고친 투표입니다. 다른 공무원이 처리해야 합니다.",
        "en": "You wrote or edited this poll. Another official has to do this.",
    }


class RevisionNeeded(Refusal):
    status = 428
    words = {
        "ko": "고치려는 초안의 판을 If-Match 머리글로 알려 주십시오.",
        "en": "Say in the If-Match header which revision of the draft you are changing.",
    }


class DraftChangedMeanwhile(ChangedMeanwhile):
    words = {
        "ko": "그 사이에 다른 사람이 초안을 고쳤습니다. 새로 불러와서 다시 고쳐 주십시오.",
        "en": "Another person changed the draft meanwhile. Load it again before you change it.",
    }


class OpensBySchedule(Conflict):
    words = {
        "ko": "{opens}에 시작하기로 확정된 투표여서 그 전에는 시작할 수 없습니다.",
        "en": "This poll was frozen to open at {opens} and cannot open before.",
    }


class ClosingTimePassed(Conflict):
    words = {
        "ko": "마감 시각({closes})이 지나 시작하거나 다시 시작할 수 없습니다.",
        "en": "The closing time {closes} has passed; the poll cannot open or go on.",
    }


class IssuedListMissing(Conflict):
    words = {
        "ko": "발급 목록이 아직 오지 않아 투표를 마칠 수 없습니다.",
        "en": "The list of issued permits has not come yet, so the poll cannot be closed.",
    }


class PurgeNotStated(NotFound):
    words = {
        "ko": "이 투표의 발급 기록을 지웠다는 확인서가 아직 없습니다.",
        "en": "There is no statement yet that the records of this poll's permits were erased.",
    }
