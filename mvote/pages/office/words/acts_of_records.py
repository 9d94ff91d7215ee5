"""Acts about records, answers, and what citizens write."""

from collections.abc import Mapping
from typing import Final

from mvote.pages.office.words.said import Said, said

RECORDS: Final[Mapping[str, Said]] = {
    "give_answer": said(
        "records",
        "결과에 답변하기",
        "Answer a result",
        "가장 많은 지지를 받은 안을 반드시 다루어 주십시오. 채택하지 않으면 까닭이 필요합니다."
        " 답변은 공개되고 지울 수 없습니다.",
        "Has to speak of the winning option. What is not adopted needs a reason. The answer is"
        " public and stays for good.",
        twice=True,
    ),
    "give_interim_answer": said(
        "records",
        "중간 답변하기",
        "Give an interim answer",
        "언제까지 답변할지 알립니다. 기한은 그대로입니다.",
        "Says by when you will answer. The due date stays.",
        twice=True,
    ),
    "add_step": said("records", "추진 상황 쓰기", "Write what was done or is planned", twice=True),
    "close_record": said(
        "records",
        "종결 보고로 기록 마치기",
        "Close a record with a report",
        "마친 기록에는 더 쓸 수 없습니다.",
        "Nothing can be written into a closed record.",
        twice=True,
    ),
    "add_erratum": said(
        "records",
        "기록의 항목 바로잡기",
        "Correct an entry of a record",
        "틀린 항목은 그대로 남고, 바로잡았다는 표시가 붙습니다.",
        "The wrong entry stays, with a mark.",
        twice=True,
    ),
    "make_promise": said(
        "records",
        "약속하기",
        "Make a promise",
        "단계마다 언제까지 할지 적습니다. 처음 정한 날은 지울 수 없습니다.",
        "Each step with the day by which it is done. The first day named stays for good.",
        twice=True,
    ),
    "add_promised_step": said("records", "약속에 단계 더하기", "Add a step to a promise"),
    "move_promised_step": said(
        "records",
        "약속한 단계의 날 미루기",
        "Move the day of a promised step",
        "까닭을 적어 주십시오. 처음 약속한 날도 함께 보입니다.",
        "Say why. The first day stays beside the new one.",
    ),
    "show_promised_step": said(
        "records", "약속한 단계를 마쳤음을 보이기", "Show that a promised step was done"
    ),
    "merge_record": said(
        "records",
        "기록을 다른 기록에 합치기",
        "Merge a record into another one",
        "두 기록이 모두 남고, 답해야 할 것도 함께 옮겨 갑니다.",
        "Both stay, and what is owed goes along.",
        twice=True,
    ),
    "split_record": said(
        "records",
        "기록 나누기",
        "Split a record",
        "고른 것은 새 기록에서 이어지고, 그에 대해 답할 것도 옮겨 갑니다.",
        "What is named goes on in a new record, with what is owed for it.",
        twice=True,
    ),
    "tag_record": said("records", "기록에 주제 붙이기", "Tag a record with topics"),
    "pause_due": said(
        "records",
        "답변 기한 멈추기",
        "Pause the clock of an answer",
        "까닭은 모두가 읽습니다.",
        "Everyone reads the reason.",
        twice=True,
    ),
    "refuse_due": said(
        "records",
        "우리 부서 일이 아니라고 알리기",
        "Say that it is not ours",
        "어느 부서의 일인지 함께 적습니다. 기한은 계속 흐릅니다.",
        "Say whose it is. The clock runs on.",
        twice=True,
    ),
    "assign_due": said(
        "records",
        "답할 부서 정하기",
        "Settle which department answers",
        "조정 부서가 정하면 더 넘길 수 없습니다.",
        "What the coordinating department settles is handed on no more.",
        twice=True,
    ),
}

PROPOSALS: Final[Mapping[str, Said]] = {
    "reply_to_proposal": said("proposals", "제안에 답하기", "Reply to a proposal", twice=True),
    "put_proposal_to_vote": said(
        "proposals",
        "제안을 투표로 부치기",
        "Put a proposal to the vote",
        "제안의 내용으로 투표 초안을 만듭니다. 다른 담당자가 승인해야 시작됩니다.",
        "Drafts a poll with what the proposal says. Another official has to approve it.",
    ),
    "merge_proposal": said(
        "proposals",
        "비슷한 제안에 합치기",
        "Merge a proposal into a similar one",
        "두 제안이 모두 남고, 공감 수는 더하지 않습니다.",
        "Both stay readable; supports are not added up.",
        twice=True,
    ),
    "take_question_as_case": said(
        "records",
        "지표에 대한 물음을 사안으로 받기",
        "Take a question to an indicator as a case",
        "논의 기록이 열리고 첫 답변과 답변의 기한이 시작됩니다.",
        "Opens a record; the clock of a first reply and of an answer starts.",
        twice=True,
    ),
    "reply_to_question": said(
        "records", "지표에 대한 물음에 답하기", "Reply to a question to an indicator", twice=True
    ),
    "take_question_as_proposal": said(
        "proposals",
        "지표에 대한 물음을 제안으로 받기",
        "Take a question to an indicator as a proposal",
        "고른 제안 모으기에서 공감을 모읍니다.",
        "It collects supports in the call that you choose.",
        twice=True,
    ),
    "open_call": said(
        "proposals",
        "제안 모으기 시작하기",
        "Open a call for proposals",
        "시작하면 규칙을 바꿀 수 없습니다.",
        "Its rules cannot be changed once it is open.",
        twice=True,
    ),
    "end_call": said("proposals", "제안 모으기 마치기", "End a call", twice=True),
    "choose_by_jury": said(
        "proposals",
        "심사 결과 적기",
        "Enter what a jury chose",
        "고른 제안마다 까닭을 적습니다. 제안마다 논의 기록이 열리고 답변 기한이 시작됩니다.",
        "Say why for each. Each becomes a record, and its clock starts.",
        twice=True,
    ),
    "put_call_to_vote": said(
        "proposals", "모은 제안을 투표로 부치기", "Put the proposals of a call to the vote"
    ),
    "add_threshold_set": said(
        "proposals",
        "공감 기준 더하기",
        "Add a set of thresholds",
        "저장하면 바꿀 수 없고, 앞으로 시작하는 제안 모으기에 쓸 수 있습니다.",
        "It never changes, and serves calls to come.",
        twice=True,
    ),
}

DISCUSSION: Final[Mapping[str, Said]] = {
    "reply_for_office": said(
        "discussion", "토론 글에 부서의 이름으로 답하기", "Reply to a post for the department"
    ),
    "enter_expert_statement": said(
        "discussion",
        "전문가 의견 올리기",
        "Enter an expert's statement",
        "누구를 위해 말하는지 이해관계를 꼭 밝힙니다. 전문가의 서명이 있으면 함께 적습니다.",
        "Say in whose interest it is. Enter the expert's signature where there is one.",
        twice=True,
    ),
}

MODERATION: Final[Mapping[str, Said]] = {
    "list_moderation_queue": said("moderation", "살펴볼 글", "Texts to look at"),
    "publish_text": said(
        "moderation",
        "글 공개하기",
        "Show a text",
        "까닭은 공개되고 남습니다.",
        "The reason is public and kept.",
    ),
    "hide_text": said(
        "moderation",
        "글 가리기",
        "Hide a text",
        "까닭은 공개되고 남습니다. 글을 옮겨 적지 마십시오. 쓴 사람은 한 번 이의를 낼 수 있습니다.",
        "The reason is public and kept: do not quote the text. Its author may appeal once.",
    ),
    "remove_text": said(
        "moderation",
        "불법인 글 영구히 지우기",
        "Remove an illegal text for good",
        "다른 담당자가 가린 글만 지울 수 있고 되돌릴 수 없습니다.",
        "Only what another official has hidden; it cannot be undone.",
        twice=True,
    ),
    "list_moderation_appeals": said("moderation", "결정할 이의 신청", "Appeals to decide"),
    "decide_appeal": said(
        "moderation",
        "이의 신청 결정하기",
        "Decide an appeal",
        "글을 가린 담당자가 아닌 사람이 결정합니다.",
        "Anyone but who hid the text decides.",
        twice=True,
    ),
    "list_opinion_pool": said("moderation", "투표에 쓴 글 살펴보기", "Texts written in a poll"),
    "publish_opinion": said("moderation", "투표에 쓴 글 공개하기", "Publish a text of a poll"),
    "hide_opinion": said("moderation", "투표에 쓴 글 가리기", "Hide a text of a poll"),
}

POOLS: Final[Mapping[str, Said]] = {
    "open_pool": said(
        "pools",
        "기록에 의견 모음 열기",
        "Open an opinion pool under a record",
        "서로 다른 생각을 담은 짧은 첫 의견을 여러 개 적어 주십시오. 한 문장에 한 가지만 담습니다.",
        "Write several short first statements of different minds, one thought in each.",
    ),
    "add_seeds": said("pools", "의견 모음에 첫 의견 더하기", "Add first statements to a pool"),
    "freeze_pool": said(
        "pools",
        "의견 모음 마치고 결과 확정하기",
        "End a pool and freeze its result",
        "결과는 해시와 함께 기록에 들어가고 바꿀 수 없습니다.",
        "The result enters the record with its digest and cannot be changed.",
        twice=True,
    ),
    "answer_contest": said(
        "pools", "의견 모음 결과에 대한 이의에 답하기", "Answer a contest of a pool's result"
    ),
}
