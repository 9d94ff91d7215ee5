"""Why a due cannot be paused or handed on, and why a day cannot be named as a closure."""

from mvote.core.errors import Conflict, Invalid, NotAllowed, NotFound


class DueUnknown(NotFound):
    words = {"ko": "그런 기한이 없습니다.", "en": "There is no such due date."}


class DueOver(Conflict):
    words = {
        "ko": "이미 답변했거나 취소된 기한이라 바꿀 수 없습니다.",
        "en": "This was given or lifted already, so nothing about it changes.",
    }


class DuePast(Conflict):
    words = {
        "ko": "기한이 지난 뒤에는 멈출 수 없습니다. 답변하실 때까지 지연으로 공개됩니다.",
        "en": "The date has passed, so it cannot be paused. It shows as overdue until answered.",
    }


class DueOfOtherDepartment(NotAllowed):
    words = {
        "ko": "이 답변은 다른 부서({department})가 맡고 있습니다.",
        "en": "Another department ({department}) owes this.",
    }


class PauseNotAhead(Invalid):
    words = {
        "ko": "멈춤은 지금부터 시작하며, 끝나는 날은 오늘보다 뒤여야 합니다.",
        "en": "A pause begins now and has to end on a day after today.",
    }


class PauseTooLong(Conflict):
    words = {
        "ko": "멈춤은 모두 합쳐 {days}일을 넘을 수 없습니다. 남은 날은 {left}일입니다.",
        "en": "All pauses together may take {days} days at most; {left} are left.",
    }


class PausesUsedUp(Conflict):
    words = {
        "ko": "한 기한은 {most}번까지만 멈출 수 있습니다.",
        "en": "One date can be paused {most} times at most.",
    }


class OwnerSettled(Conflict):
    words = {
        "ko": "담당 부서({department})가 확정되어 더 넘길 수 없습니다.",
        "en": "It was settled that {department} owes this; it cannot be handed on.",
    }


class NotForYouToSettle(NotAllowed):
    words = {
        "ko": "총괄 부서({department})만 담당 부서를 정할 수 있습니다.",
        "en": "Only the coordinating department ({department}) settles who owes this.",
    }


class NamedDepartmentUnknown(Invalid):
    words = {
        "ko": "{department}은(는) 넘겨받을 수 있는 부서가 아닙니다.",
        "en": "{department} is no department that could take this.",
    }


class ClosureUnknown(NotFound):
    words = {"ko": "그런 휴무가 없습니다.", "en": "There is no such closure."}


class ClosureNotAhead(Invalid):
    words = {
        "ko": "휴무는 오늘 이후의 날로, 시작일부터 {days}일까지 정할 수 있습니다.",
        "en": "A closure lies ahead, and takes {days} days at most from its first.",
    }
