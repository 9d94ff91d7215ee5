"""Why a file of indicators is not taken, and why an indicator cannot be questioned."""

from mvote.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany


class IndicatorsRefused(Invalid):
    """``line`` counts from 1, the header included; nothing of the file was taken."""

    words = {
        "ko": "지표 파일의 {line}번째 줄: {reason}",
        "en": "The file of indicators, line {line}: {reason}",
    }


class IndicatorUnknown(NotFound):
    words = {"ko": "그런 지표가 없습니다.", "en": "There is no such indicator."}


class NothingToQuestion(Conflict):
    words = {
        "ko": "아직 질문할 수 있는 지표가 없습니다.",
        "en": "There is no indicator yet that could be questioned.",
    }


class TooManyQuestions(TooMany):
    words = {
        "ko": "한 지표에는 한 사람이 {most}번까지 질문할 수 있습니다.",
        "en": "One person may question one indicator {most} times at most.",
    }


class QuestionUnknown(NotFound):
    words = {"ko": "그런 질문이 없습니다.", "en": "There is no such question."}


class QuestionNotShown(Conflict):
    words = {
        "ko": "공개되지 않은 질문은 다룰 수 없습니다.",
        "en": "A question that is not shown cannot be taken up.",
    }


class QuestionTakenUp(Conflict):
    words = {
        "ko": "이미 {became}(으)로 다루고 있는 질문입니다.",
        "en": "This question was taken up already, as a {became}.",
    }


class QuestionNoCase(Conflict):
    words = {
        "ko": "먼저 이 질문을 민원으로 접수해 주십시오.",
        "en": "Take this question up as a case first.",
    }


class QuestionOfOtherDepartment(NotAllowed):
    words = {
        "ko": "이 질문은 담당 부서({department})만 다룰 수 있습니다.",
        "en": "Only the department in charge ({department}) can take this question up.",
    }
