"""Why something cannot enter a record."""

from mvote.core.errors import Conflict, NotAllowed, NotFound
from mvote.core.fields import FieldsRefused


class RecordUnknown(NotFound):
    words = {
        "ko": "그런 정책 토론 기록이 없습니다.",
        "en": "There is no such policy discussion record.",
    }


class RecordClosed(Conflict):
    words = {
        "ko": "이 기록은 종결 보고로 마무리되어 더 적을 수 없습니다.",
        "en": "This record was closed with a report and takes nothing more.",
    }


class RecordOfOtherDepartment(NotAllowed):
    words = {
        "ko": "이 기록에는 담당 부서({department})만 적을 수 있습니다.",
        "en": "Only the department in charge ({department}) can write into this record.",
    }


class NothingToAnswer(Conflict):
    words = {
        "ko": "이 기록에는 발표된 결과가 아직 없어 적을 수 없습니다.",
        "en": "No published result has entered this record yet, so nothing can be added.",
    }


class AnswerAlreadyGiven(Conflict):
    words = {
        "ko": "이미 답변한 투표입니다. 고치려면 답변을 새로 내 주십시오.",
        "en": "This poll was answered already. To change that, give a new answer.",
    }


class AnswerStillOwed(Conflict):
    words = {
        "ko": "끝나지 않았거나 답변하지 않은 투표({poll})가 있어 종결할 수 없습니다.",
        "en": "The record cannot be closed while a poll ({poll}) runs or has no answer.",
    }


class OfficialAnswerRefused(FieldsRefused):
    """``errors`` says which part of the answer is missing or wrong."""

    words = {
        "ko": "답변의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the answer are not right: {fields}",
    }
