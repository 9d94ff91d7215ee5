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


class ApproverNeeded(NotAllowed):
    """Who may ask for an act may not therefore decide it."""

    words = {
        "ko": "승인 권한이 있는 공무원만 결정할 수 있습니다.",
        "en": "Only an official with the duty “approver” can decide this.",
    }


class OwnRequest(NotAllowed):
    """The four eyes: who asked for an act does not also confirm it."""

    words = {
        "ko": "직접 요청한 일입니다. 다른 공무원이 확인해야 합니다.",
        "en": "You asked for this yourself. Another official has to confirm it.",
    }


class PendingActUnknown(NotFound):
    words = {
        "ko": "확인을 기다리는 그런 요청이 없습니다.",
        "en": "There is no such request that waits for a second official.",
    }


class PendingActVoid(Conflict):
    words = {
        "ko": "요청한 뒤 투표의 상태가 바뀌었거나 확인할 시간이 지나 요청이 무효가 되었습니다. "
        "다시 요청해 주십시오.",
        "en": "The request is void: the poll has changed since, or the time to confirm it is "
        "over. Please ask again.",
    }


class PendingActDiffers(Conflict):
    words = {
        "ko": "확인하려는 내용이 요청된 내용과 다릅니다.",
        "en": "What you confirm is not what was asked for.",
    }


class AnotherRequestPending(Conflict):
    words = {
        "ko": "같은 일에 대한 다른 요청({pending})이 확인을 기다리고 있습니다. "
        "먼저 그 요청을 거두어 주십시오.",
        "en": "Another request of yours for the same act ({pending}) waits to be confirmed. "
        "Withdraw it first.",
    }


class RevisionNeeded(Refusal):
    status = 428
    words = {
        "ko": "고치려는 초안의 판을 If-Match 머리글로 알려 주십시오.",
        "en": "Say in the If-Match header which revision of the draft you are changing.",
    }


class DraftChangedMeanwhile(ChangedMeanwhile):
    """``details`` hold the current ``etag`` and, where the revision that the caller knew is
    kept, who saved last (``by``, an account id) and the ``changes`` since: JSON Pointers
    with old and new values, and how many more there are.
    """

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


class QuarantineHidden(NotAllowed):
    words = {
        "ko": "따로 센 허가증의 수는 마감 뒤에 공개합니다.",
        "en": "How many permits are counted apart is shown after the end.",
    }


class NoteUnknown(NotFound):
    words = {
        "ko": "그 투표에 그런 번호의 알림이 없습니다.",
        "en": "The poll has no note of that number.",
    }


class TooManyNotes(Conflict):
    words = {
        "ko": "이 투표에는 알림을 더 쓸 수 없습니다(최대 {most}개).",
        "en": "No more notes can be written on this poll (at most {most}).",
    }


class TemplateUnknown(NotFound):
    words = {"ko": "그런 서식이 없습니다.", "en": "There is no such template."}


class TemplateOfTheCity(NotAllowed):
    words = {
        "ko": "시 전체의 서식은 관리자만 저장하거나 지울 수 있습니다.",
        "en": "Only an administrator saves or deletes a template of the whole city.",
    }


class TemplateShipped(Conflict):
    words = {
        "ko": "프로그램에 들어 있는 서식이어서 지울 수 없습니다.",
        "en": "This template comes with the program and cannot be deleted.",
    }


class TooManyTemplates(Conflict):
    words = {
        "ko": "서식을 더 저장할 수 없습니다(최대 {most}개).",
        "en": "No more templates can be saved (at most {most}).",
    }


class PurgeNotStated(NotFound):
    words = {
        "ko": "이 투표의 발급 기록을 지웠다는 확인서가 아직 없습니다.",
        "en": "There is no statement yet that the records of this poll's permits were erased.",
    }
