"""What the parts of an answer are called, and what can be done with it next."""

from collections.abc import Mapping
from typing import Final

from mvote.core.text import Words
from mvote.pages.language import in_words
from mvote.pages.office.words.fields import LABELS
from mvote.pages.office.words.fields_of_drafts import DRAFT_LABELS

_YES_NO: Final[Mapping[bool, Words]] = {
    True: {"ko": "예", "en": "yes"},
    False: {"ko": "아니요", "en": "no"},
}
RESULTS: Final[Mapping[str, Words]] = {
    "id": {"ko": "식별 번호", "en": "Id"},
    "items": {"ko": "목록", "en": "Items"},
    "draft": {"ko": "초안", "en": "Draft"},
    "revision": {"ko": "판", "en": "Revision"},
    "phase": {"ko": "단계", "en": "Phase"},
    "ph": {"ko": "투표의 해시", "en": "Hash of the poll"},
    "opened": {"ko": "시작한 때", "en": "Opened"},
    "closed": {"ko": "마감한 때", "en": "Closed"},
    "published": {"ko": "발표한 때", "en": "Published"},
    "cancelled": {"ko": "취소한 때", "en": "Cancelled"},
    "link": {"ko": "링크", "en": "Link"},
    "author": {"ko": "작성자", "en": "Author"},
    "approver": {"ko": "승인자", "en": "Approver"},
    "issued": {"ko": "내준 허가증", "en": "Permits issued"},
    "act": {"ko": "요청한 일", "en": "Act"},
    "content": {"ko": "내용", "en": "Content"},
    "by": {"ko": "한 사람", "en": "By"},
    "asked": {"ko": "요청한 때", "en": "Asked at"},
    "expires": {"ko": "기한", "en": "Until"},
    "expires_at": {"ko": "기한", "en": "Until"},
    "official": {"ko": "담당자", "en": "Official"},
    "enrolment": {"ko": "등록", "en": "Enrolment"},
    "enrolment.link": {
        "ko": "등록 링크 (지금만 보입니다)",
        "en": "Enrolment link (shown only now)",
    },
    "account": {"ko": "계정", "en": "Account"},
    "disabled": {"ko": "사용 중지", "en": "Disabled"},
    "passkeys": {"ko": "패스키 수", "en": "Passkeys"},
    "added": {"ko": "등록한 날", "en": "Added"},
    "used": {"ko": "마지막으로 쓴 날", "en": "Last used"},
    "started": {"ko": "시작한 날", "en": "Started"},
    "device": {"ko": "기기", "en": "Device"},
    "current": {"ko": "지금 이 로그인", "en": "This one"},
    "at": {"ko": "때", "en": "At"},
    "body": {"ko": "내용", "en": "Body"},
    "version": {"ko": "판", "en": "Version"},
    "previous": {"ko": "앞 항목의 해시", "en": "Digest before"},
    "digest": {"ko": "해시", "en": "Digest"},
    "due": {"ko": "기한", "en": "Due"},
    "due_at": {"ko": "기한", "en": "Due"},
    "overdue": {"ko": "기한이 지남", "en": "Overdue"},
    "shipped": {"ko": "프로그램에 들어 있음", "en": "Comes with the program"},
    "about": {"ko": "무엇에 대해", "en": "About"},
    "count": {"ko": "수", "en": "Count"},
    "revoked": {"ko": "무효로 한 수", "en": "Made void"},
    "pending": {"ko": "확인을 기다리는 요청", "en": "Waits for a second official"},
    "kind": {"ko": "종류", "en": "Kind"},
    "all": {"ko": "모두 해당", "en": "All of these"},
    "any": {"ko": "하나라도 해당", "en": "Any of these"},
    "condition": {"ko": "조건", "en": "Condition"},
    "winners": {"ko": "이긴 안", "en": "Winners"},
    "runners_up": {"ko": "그다음 안", "en": "Runners-up"},
    "unread": {
        "ko": "많은 시민이 적은 까닭이 아직 검토되지 않아 답변할 수 없음",
        "en": "Waits until a reason that many gave is read",
    },
    "answered": {"ko": "답변했음", "en": "Answered"},
    "again": {"ko": "시민이 다시 물었음", "en": "Citizens asked again"},
    "option": {"ko": "안", "en": "Option"},
    "result": {"ko": "결과의 해시", "en": "Digest of the result"},
    "voters_at_least": {"ko": "적어도 이만큼이 투표함", "en": "Voters, at least"},
    "question": {"ko": "질문", "en": "Question"},
    "since": {"ko": "언제부터", "en": "Since"},
    "said": {"ko": "신고한 사람의 말", "en": "What reporters say"},
    "appeal": {"ko": "쓴 사람의 이의", "en": "What the author says"},
    "answer_owed": {"ko": "시가 답해야 함", "en": "The city owes an answer"},
    "reports": {"ko": "신고 수", "en": "Reports"},
}
"""By the end of the path, before the words that forms have for the same."""


ORDER: Final = (
    *("title", "name", "login", "text", "label", "summary", "state", "phase", "kind"),
    *(name.rsplit(".", 1)[-1] for name in DRAFT_LABELS),
)
"""What comes first in an answer; all else follows as it was told."""


def result_label(path: str) -> str:
    """What a part of an answer is called; its own name where nobody wrote words for it."""
    parts = path.split(".")
    for start in range(len(parts)):
        end = ".".join(parts[start:])
        words = RESULTS.get(end) or LABELS.get(end)
        if words is not None:
            return in_words(words)
    return parts[-1]


def yes_no(value: bool) -> Words:
    return _YES_NO[value]


NEXT: Final[Mapping[str, str]] = dict.fromkeys(
    ("draft_from_template", "draft_poll", "copy_poll", "put_proposal_to_vote", "put_call_to_vote"),
    "change_draft",
)
"""What most go on to after an act."""
SUBJECTS: Final[Mapping[str, Mapping[str, str]]] = {
    "list_department_polls": {"poll_id": "id"},
    "draft_from_template": {"poll_id": "id"},
    "draft_poll": {"poll_id": "id"},
    "copy_poll": {"poll_id": "id"},
    "list_templates": {"template_id": "id"},
    "save_template": {"template_id": "id"},
    "list_officials": {"official_id": "id"},
    "open_pool": {"pool_id": "id"},
    "open_call": {"call_id": "id"},
    "put_proposal_to_vote": {"poll_id": "id"},
    "put_call_to_vote": {"poll_id": "id"},
    "list_rooms": {"number": "number"},
    "make_room": {"number": "number"},
    "list_webhooks": {"webhook_id": "id"},
    "list_own_passkeys": {"passkey_id": "id"},
    "list_own_sessions": {"session_id": "id"},
    "list_opinion_pool": {"opinion_id": "id"},
    "list_pending_acts": {"pending": "id"},
    "list_roll_corrections": {"correction": "id"},
    "list_quarantine_decisions": {"decision": "id"},
    "list_moderation_queue": {"kind": "kind", "item": "item"},
    "list_moderation_appeals": {"kind": "kind", "item": "item"},
    "list_reviews": {"poll_id": "poll", "review": "id"},
}
"""For the items of an answer, or for what was made: which names of addresses they fill."""
MORE: Final[Words] = {"ko": "다음 목록", "en": "The next ones"}
