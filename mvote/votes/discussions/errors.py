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


class RecordMoved(Conflict):
    words = {
        "ko": "이 기록은 다른 기록({into})으로 합쳐졌습니다. 그 기록에 적어 주십시오.",
        "en": "This record was merged into another ({into}). Please write into that one.",
    }


class RecordsNotToMerge(Conflict):
    words = {
        "ko": "같은 부서의 서로 다른 두 기록만 합칠 수 있습니다.",
        "en": "Only two different records of one department can be merged.",
    }


class NothingToSplit(FieldsRefused):
    """``errors`` says which of the things named do not belong to this record."""

    words = {
        "ko": "나누려는 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of what is to be split off are not right: {fields}",
    }


class RecordEntryUnknown(NotFound):
    words = {
        "ko": "이 기록에 그런 항목이 없습니다.",
        "en": "There is no such entry in this record.",
    }


class PromiseUnknown(NotFound):
    words = {
        "ko": "이 기록에 그런 약속이나 단계가 없습니다.",
        "en": "There is no such promise or step in this record.",
    }


class PromiseRefused(FieldsRefused):
    """``errors`` says which part of a promise, a step or what is told of them is wrong."""

    words = {
        "ko": "약속의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the promise are not right: {fields}",
    }


class TooManyPromises(Conflict):
    words = {
        "ko": "한 기록에 약속은 {most}개, 한 약속에 단계는 {steps}개까지 둘 수 있습니다.",
        "en": "A record takes at most {most} promises, and a promise {steps} steps.",
    }


class AnswerNotGiven(Conflict):
    words = {
        "ko": "이 투표에는 아직 답변이 없습니다.",
        "en": "This poll has no answer yet.",
    }


class AnswerReplaced(Conflict):
    words = {
        "ko": "그사이 새 답변이 나왔습니다. 새 답변을 읽고 평가해 주십시오.",
        "en": "There is a newer answer by now. Please read and rate that one.",
    }


class AnswerAlreadyRated(Conflict):
    words = {
        "ko": "이 답변은 이미 평가하셨습니다.",
        "en": "You have rated this answer already.",
    }


class AskedAgainAlready(Conflict):
    words = {
        "ko": "이 투표에는 다시 답변을 이미 요구했습니다. 한 번만 요구할 수 있습니다.",
        "en": "A second answer about this poll was asked for already, which is possible once.",
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
