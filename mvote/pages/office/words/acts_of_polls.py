"""Acts about polls, their results and complaints."""

from collections.abc import Mapping
from typing import Final

from mvote.pages.office.words.said import Said, said

TWO_KO = "담당자 두 사람이 결정합니다. 먼저 요청하면 다른 담당자가 확인합니다."
TWO_EN = "Two officials decide: one asks, another confirms."

POLLS: Final[Mapping[str, Said]] = {
    "list_department_polls": said("polls", "우리 부서의 투표", "Polls of the department"),
    "draft_from_template": said(
        "polls",
        "서식으로 투표 초안 만들기",
        "Draft a poll from a template",
        "서식의 내용으로 초안을 만듭니다. 제목과 기간을 정한 뒤 초안에서 나머지를 고칠 수"
        " 있습니다.",
        "Makes a draft with what the template says. Give it a title and its times; all else can"
        " be changed in the draft.",
    ),
    "copy_poll": said(
        "polls",
        "투표를 복사해 초안 만들기",
        "Draft a poll from another one",
        "질문과 규칙을 그대로 옮깁니다. 기간과 논의 기록은 새로 정합니다.",
        "Takes over questions and rules. Times and record are its own.",
    ),
    "draft_poll": said("polls", "빈 초안에서 투표 만들기", "Draft a poll from nothing"),
    "get_draft": said("polls", "초안 읽기", "Read a draft"),
    "change_draft": said(
        "polls",
        "초안 고치기",
        "Change a draft",
        "그 사이에 다른 담당자가 고쳤다면 저장하지 않고 알려 드립니다.",
        "If another official saved it meanwhile, nothing is saved and you are told.",
    ),
    "approve_poll": said(
        "polls",
        "초안 승인하기",
        "Approve a draft",
        "다른 담당자가 쓴 초안을 읽은 그대로 승인합니다. 승인하면 확정되고 다시는 고칠 수"
        " 없습니다.",
        "Approves another official's draft as you read it. It is then frozen and can never be"
        " changed.",
        twice=True,
    ),
    "open_poll": said(
        "polls",
        "투표 시작하기",
        "Open a poll",
        "확정된 투표를 지금 시작합니다.",
        "Opens a frozen poll now.",
        twice=True,
    ),
    "suspend_poll": said(
        "polls",
        "투표 잠시 멈추기",
        "Suspend a poll",
        "까닭은 모든 시민이 읽습니다.",
        "Everyone reads the reason.",
    ),
    "resume_poll": said(
        "polls",
        "멈춘 투표 다시 시작하기",
        "Resume a poll",
        "백업에서 되살린 투표라면 담당자 두 사람이 결정합니다.",
        "Where the poll was put back from a copy, two officials decide.",
    ),
    "close_poll": said("polls", "투표 일찍 마감하기", "Close a poll", TWO_KO, TWO_EN, twice=True),
    "cancel_poll": said(
        "polls",
        "투표 취소하기",
        "Cancel a poll",
        "되돌릴 수 없습니다. " + TWO_KO,
        "It cannot be undone. " + TWO_EN,
        twice=True,
    ),
    "declare_outage": said(
        "polls",
        "장애 알리고 마감 늦추기",
        "Declare an outage",
        "투표할 수 없었던 시간만큼 마감을 늦춥니다. " + TWO_KO,
        "Moves the closing by the time in which nobody could vote. " + TWO_EN,
        twice=True,
    ),
    "write_note": said(
        "polls",
        "투표에 알림 쓰기",
        "Write a note on a poll",
        "알림은 지울 수 없습니다. 틀린 알림은 새 알림으로 바로잡습니다.",
        "A note stays for good. A wrong one is put right by another note.",
        twice=True,
    ),
    "list_pending_acts": said("polls", "확인을 기다리는 요청", "Requests that wait"),
    "withdraw_act": said("polls", "내가 한 요청 거두기", "Withdraw my request"),
    "save_template": said("polls", "투표를 서식으로 저장하기", "Save a poll as a template"),
    "list_templates": said("polls", "서식 목록", "Templates"),
    "get_template": said("polls", "서식 읽기", "Read a template"),
    "delete_template": said("polls", "서식 지우기", "Delete a template", twice=True),
    "get_poll_open_tie": said("polls", "결정할 동점 보기", "See a tie to be decided"),
    "decide_poll_tie": said(
        "polls",
        "동점 결정하기",
        "Decide a tie",
        "결정과 까닭은 결과와 함께 공개되고 바꿀 수 없습니다.",
        "The decision and its reason become part of the result for good.",
        twice=True,
    ),
    "answer_complaint": said(
        "polls",
        "표가 없다는 신고에 답하기",
        "Answer a complaint about the board",
        "답변은 모두에게 공개됩니다.",
        "Everyone reads the answer.",
        twice=True,
    ),
    "count_eligible": said("polls", "투표할 수 있는 사람 수 보기", "See how many may vote"),
}
