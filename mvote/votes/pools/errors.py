"""Refusals of opinion pools."""

from mvote.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany


class PoolUnknown(NotFound):
    words = {"ko": "그런 의견 모음이 없습니다.", "en": "There is no such opinion pool."}


class PoolFrozen(Conflict):
    words = {
        "ko": "의견 모음이 끝났습니다. 결과를 보실 수 있습니다.",
        "en": "The opinion pool is over; its result can be read.",
    }


class PoolNotFrozen(Conflict):
    words = {
        "ko": "의견 모음이 아직 끝나지 않았습니다. 결과는 끝난 뒤에 보실 수 있습니다.",
        "en": "The opinion pool is not over yet; its result is shown then.",
    }


class PoolOfDepartment(NotAllowed):
    words = {
        "ko": "다른 부서({department})의 의견 모음입니다.",
        "en": "This opinion pool is another department's ({department}).",
    }


class PoolStatementUnknown(NotFound):
    words = {
        "ko": "그런 진술이 없거나, 지금은 볼 수 없습니다.",
        "en": "There is no such statement, or it cannot be seen now.",
    }


class TooManyStatements(TooMany):
    words = {
        "ko": "한 사람이 진술을 {most}개까지 쓸 수 있습니다.",
        "en": "One person may write {most} statements.",
    }


class PoolFull(Conflict):
    words = {
        "ko": "이 의견 모음에는 진술이 이미 {most}개 있어 더 받지 않습니다.",
        "en": "This opinion pool has {most} statements already and takes no more.",
    }


class StatementStands(Conflict):
    words = {
        "ko": "같은 진술이 이미 있습니다.",
        "en": "The same statement stands there already.",
    }


class ContestNotYours(NotAllowed):
    """Only who voted in the pool can contest."""

    words = {
        "ko": "이 의견 모음에 참여하신 분만 이의를 제기하실 수 있습니다.",
        "en": "Only those who voted in this opinion pool may contest.",
    }


class ContestedBefore(Conflict):
    words = {
        "ko": "이 진술에 대해 이미 이의를 제기하셨습니다.",
        "en": "You contested this statement before.",
    }


class ContestUnknown(NotFound):
    words = {"ko": "그런 이의가 없습니다.", "en": "There is no such contest."}


class ContestAnswered(Conflict):
    words = {"ko": "이미 답변한 이의입니다.", "en": "This contest was answered already."}


class VotesNotPublic(NotAllowed):
    words = {
        "ko": "사람별 응답을 공개하지 않기로 하고 연 의견 모음입니다.",
        "en": "This opinion pool was opened without publishing how single people voted.",
    }


class PoolTooSmall(NotAllowed):
    words = {
        "ko": "참여하신 분이 {least}명보다 적어 응답을 공개하지 않습니다.",
        "en": "Fewer than {least} people took part, so how they voted is not published.",
    }


class PoolEndsTooSoon(Invalid):
    words = {
        "ko": "끝나는 시각은 지금보다 뒤여야 합니다.",
        "en": "The pool has to end later than now.",
    }
