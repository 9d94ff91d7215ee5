"""Why a proposal, a support or an official's act on them is not taken."""

from mvote.core.errors import Conflict, NotAllowed, NotFound, TooMany
from mvote.core.fields import FieldsRefused


class CallUnknown(NotFound):
    words = {"ko": "그런 제안 공모가 없습니다.", "en": "There is no such call."}


class CallRefused(FieldsRefused):
    """``errors`` says which part of the call is missing or wrong."""

    words = {
        "ko": "공모의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the call are not right: {fields}",
    }


class CallOfOtherDepartment(NotAllowed):
    words = {
        "ko": "이 공모와 제안은 담당 부서({department})만 처리할 수 있습니다.",
        "en": "Only the department in charge ({department}) acts on this call or proposal.",
    }


class TooManyCalls(Conflict):
    words = {
        "ko": "부서의 진행 중인 공모가 너무 많습니다(최대 {most}개). 먼저 하나를 마쳐 주십시오.",
        "en": "The department has too many open calls (at most {most}). End one first.",
    }


class CallNotOpen(Conflict):
    words = {
        "ko": "지금은 제안을 받는 기간이 아닙니다.",
        "en": "This call does not take proposals now.",
    }


class CallNotOver(Conflict):
    words = {
        "ko": "공모가 끝나고 모든 제안의 공감 기간이 지난 뒤에 선정할 수 있습니다.",
        "en": "Winners are chosen once the call has ended and no proposal collects supports.",
    }


class CallChoosesOtherwise(Conflict):
    words = {
        "ko": "이 공모는 다른 방법({by})으로 선정합니다.",
        "en": "This call chooses its winners in another way ({by}).",
    }


class CallDecided(Conflict):
    words = {
        "ko": "이미 선정이 끝난 공모입니다.",
        "en": "The winners of this call were chosen already.",
    }


class ChoiceRefused(FieldsRefused):
    words = {
        "ko": "선정 내용의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the choice are not right: {fields}",
    }


class ThresholdSetKnown(Conflict):
    words = {
        "ko": "‘{name}’ 기준은 이미 있고 고칠 수 없습니다. 다른 이름으로 등록해 주십시오.",
        "en": "The threshold set “{name}” is there already and never changes. Choose another name.",
    }


class ThresholdsRefused(FieldsRefused):
    words = {
        "ko": "기준의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the threshold set are not right: {fields}",
    }


class ProposalUnknown(NotFound):
    words = {"ko": "그런 제안이 없습니다.", "en": "There is no such proposal."}


class ProposalRefused(FieldsRefused):
    words = {
        "ko": "제안의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the proposal are not right: {fields}",
    }


class TooManyProposals(TooMany):
    words = {
        "ko": "한 공모에는 한 사람이 제안을 {most}건까지 낼 수 있습니다.",
        "en": "One person may make at most {most} proposals in one call.",
    }


class ProposalCollectsNoMore(Conflict):
    words = {
        "ko": "공감을 받는 기간이 끝난 제안입니다.",
        "en": "This proposal collects no more supports.",
    }


class ProposalNotShown(Conflict):
    words = {
        "ko": "지금은 공개되지 않은 제안입니다.",
        "en": "This proposal is not shown at present.",
    }


class ProposalOfOther(NotAllowed):
    words = {
        "ko": "제안을 낸 사람만 거둘 수 있습니다.",
        "en": "Only who made a proposal can withdraw it.",
    }


class StageReachedBefore(Conflict):
    words = {
        "ko": "기준을 넘어 다음 단계로 간 제안은 거둘 수 없습니다.",
        "en": "A proposal that reached a stage cannot be withdrawn.",
    }


class MergeRefused(FieldsRefused):
    words = {
        "ko": "합칠 수 없습니다. 다음 항목을 확인해 주십시오: {fields}",
        "en": "These proposals cannot be merged: {fields}",
    }


class NothingToVoteOn(Conflict):
    words = {
        "ko": "투표에 부칠 제안이 둘 이상 있어야 합니다.",
        "en": "There have to be at least two proposals to vote on.",
    }


class CallAltered(Conflict):
    """What was frozen is no more what was told when the call opened."""

    words = {
        "ko": "공모({call})의 기준이 열릴 때 공표된 내용과 다릅니다.",
        "en": "The rules of call {call} are not those that were told when it opened.",
    }


class NothingToReplyTo(Conflict):
    words = {
        "ko": "아직 기준을 넘지 않아 기록이 없는 제안입니다.",
        "en": "This proposal has reached no stage yet, so it has no record to reply in.",
    }


class ReplyRefused(FieldsRefused):
    words = {
        "ko": "답변의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the reply are not right: {fields}",
    }
