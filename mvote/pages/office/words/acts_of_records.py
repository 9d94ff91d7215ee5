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
