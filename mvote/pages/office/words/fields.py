"""What fields are called, and what is told beside them.

By the end of a field's path: ``questions.options.title`` is looked for whole, then as
``options.title``, then as ``title``.  In front of a path may stand the act it is for.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from mvote.core.text import Words
from mvote.pages.office.words.fields_of_drafts import DRAFT_HELP, DRAFT_LABELS
from mvote.pages.office.words.fields_of_records import RECORD_HELP, RECORD_LABELS

LABELS: Final[Mapping[str, Words]] = {
    **DRAFT_LABELS,
    **RECORD_LABELS,
    "poll_id": {"ko": "투표", "en": "Poll"},
    "poll": {"ko": "투표", "en": "Poll"},
    "record_id": {"ko": "논의 기록", "en": "Record"},
    "record": {"ko": "논의 기록", "en": "Record"},
    "template_id": {"ko": "서식", "en": "Template"},
    "official_id": {"ko": "담당자", "en": "Official"},
    "opinion_id": {"ko": "글", "en": "Text"},
    "passkey_id": {"ko": "패스키", "en": "Passkey"},
    "session_id": {"ko": "로그인", "en": "Sign-in"},
    "pending": {"ko": "확인할 요청", "en": "Request to confirm"},
    "withdraw_act:pending": {"ko": "거둘 요청", "en": "Request to withdraw"},
    "correction": {"ko": "확인할 요청", "en": "Request to confirm"},
    "confirm_quarantine_decision:decision": {"ko": "확인할 요청", "en": "Request to confirm"},
    "options.decision": {"ko": "결정", "en": "Decision"},
    "review": {"ko": "재검토 요청", "en": "Review"},
    "batch": {"ko": "인쇄 묶음", "en": "Batch of codes"},
    "serial": {"ko": "코드의 일련번호", "en": "Serial number of the code"},
    "number": {"ko": "휴대전화 번호", "en": "Mobile number"},
    "change_room_password:number": {"ko": "방", "en": "Room"},
    "close_room:number": {"ko": "방", "en": "Room"},
    "confirm_at_desk:number": {
        "ko": "휴대전화에 보이는 번호",
        "en": "Number that the phone shows",
    },
    "answer_complaint:number": {"ko": "신고", "en": "Complaint"},
    "code": {"ko": "부서", "en": "Department"},
    "add_department:code": {"ko": "부서 코드", "en": "Code of the department"},
    "department": {"ko": "부서", "en": "Department"},
    "duties": {"ko": "권한", "en": "Duties"},
    "login": {"ko": "아이디", "en": "Login"},
    "password": {"ko": "비밀번호", "en": "Password"},
    "passkey": {"ko": "패스키", "en": "Passkey"},
    "label": {"ko": "기기 이름", "en": "Name of the device"},
    "oidc": {"ko": "시 로그인", "en": "Login of the city"},
    "oidc.login": {"ko": "로그인 번호", "en": "Login under way"},
    "oidc.secret": {"ko": "시작할 때 받은 값", "en": "Secret of the beginning"},
    "oidc.code": {"ko": "돌아올 때 받은 값", "en": "Code of the return"},
    "name": {"ko": "이름", "en": "Name"},
    "whole_city": {"ko": "시 전체의 서식으로 저장할까요?", "en": "For the whole city?"},
    "words": {"ko": "담당자가 부르는 이름", "en": "What officials call it"},
    "reason": {"ko": "까닭", "en": "Reason"},
    "options.reason": {"ko": "까닭", "en": "Reason"},
    "answer": {"ko": "답변", "en": "Answer"},
    "text": {"ko": "내용", "en": "Text"},
    "ask_roll_correction:text": {"ko": "공개할 까닭", "en": "Reason, for everyone to read"},
    "ask_quarantine_decision:text": {"ko": "공개할 까닭", "en": "Reason, for everyone to read"},
    "url": {"ko": "주소", "en": "Address"},
    "language": {"ko": "언어", "en": "Language"},
    "webhook_id": {"ko": "웹훅", "en": "Webhook"},
    "item": {"ko": "글", "en": "Text"},
    "category": {"ko": "어떤 문제입니까?", "en": "What is wrong with it?"},
    "decide_appeal:upheld": {"ko": "이의가 맞습니까?", "en": "Is the appeal right?"},
    "upheld": {"ko": "신고가 맞습니까?", "en": "Was the complaint right?"},
    "released": {
        "ko": "다른 허가증과 똑같이 셀까요?",
        "en": "Count them as every other permit?",
    },
    "rule": {"ko": "규칙", "en": "Rule"},
    "granted": {"ko": "받아들일까요?", "en": "Grant it?"},
    "change": {"ko": "고칠 일", "en": "Change"},
    "entry": {"ko": "명부의 식별 번호", "en": "Id in the register"},
    "begin": {"ko": "장애가 시작된 때", "en": "Began at"},
    "end": {"ko": "장애가 끝난 때", "en": "Ended at"},
    "corrects": {"ko": "바로잡을 알림의 번호", "en": "Number of the note that it corrects"},
    "order": {"ko": "순서", "en": "Order"},
    "give_answer:options": {"ko": "안에 대한 답변", "en": "Answer to an option"},
    "options.question": {"ko": "질문", "en": "Question"},
    "options.option": {"ko": "안", "en": "Option"},
    "expected": {"ko": "답변할 날", "en": "Day on which the answer is expected"},
    "planned": {"ko": "할 날", "en": "Planned for"},
    "done": {"ko": "한 날", "en": "Done on"},
    "state": {"ko": "상태", "en": "State"},
    "after": {"ko": "이 다음부터", "en": "Behind"},
    "limit": {"ko": "한 번에 볼 수", "en": "How many at once"},
    "subject": {"ko": "무엇에 대해", "en": "About"},
    "list_people_happenings:kind": {"ko": "일의 종류", "en": "Kind of happening"},
    "list_votes_happenings:kind": {"ko": "일의 종류", "en": "Kind of happening"},
    "If-Match": {"ko": "읽은 판", "en": "Revision that was read"},
    "Room-Pass": {"ko": "방 출입증", "en": "Room pass"},
    "audience": {"ko": "투표 대상", "en": "Audience"},
    "open_call:audience": {"ko": "참여 대상", "en": "Who may take part"},
    "audience.room.room": {"ko": "방", "en": "Room"},
}

HELP: Final[Mapping[str, Words]] = {
    **DRAFT_HELP,
    **RECORD_HELP,
    "pending": {
        "ko": "다른 담당자의 요청을 확인할 때만 고르십시오. 비우면 새로 요청합니다.",
        "en": "Only to confirm what another official asked for. Empty: you ask for it.",
    },
    "withdraw_act:pending": {"ko": "내가 한 요청만 거둘 수 있습니다.", "en": "Only your own."},
    "record": {
        "ko": "비우면 새 논의 기록을 엽니다.",
        "en": "Empty: a new record is opened.",
    },
    "opens": {
        "ko": "비우면 손으로 시작합니다. 시의 표준시로 적습니다.",
        "en": "Empty: opened by hand. In the city's time zone.",
    },
    "closes": {"ko": "시의 표준시로 적습니다.", "en": "In the city's time zone."},
    "begin": {"ko": "시의 표준시로 적습니다.", "en": "In the city's time zone."},
    "end": {"ko": "시의 표준시로 적습니다.", "en": "In the city's time zone."},
    "order": {
        "ko": "동점인 안의 아이디를 앞선 것부터 한 줄에 하나씩 적어 주십시오.",
        "en": "The ids of the tied options, one a line, the best first.",
    },
    "add_department:code": {
        "ko": "영문 소문자, 숫자, ‘-’ (보기: parks)",
        "en": "Small letters, digits, hyphens, such as parks",
    },
    "login": {
        "ko": "영문 소문자, 숫자, ‘.’, ‘_’, ‘-’",
        "en": "Small letters, digits, dots, underscores, hyphens",
    },
    "label": {
        "ko": "나중에 알아볼 수 있는 이름 (보기: 청사 보안 열쇠)",
        "en": "So that you know it again, such as: key at the office",
    },
    "entry": {
        "ko": "시 명부에 있는 그 사람의 식별 번호",
        "en": "The city's own id of the person",
    },
    "serial": {"ko": "비우면 남은 코드 모두", "en": "Empty: every code that is left"},
    "subject": {
        "ko": "투표, 기록, 담당자의 식별 번호",
        "en": "Id of a poll, a record or an official",
    },
    "list_people_happenings:kind": {"ko": "보기: OfficialAdded", "en": "Such as OfficialAdded"},
    "list_votes_happenings:kind": {"ko": "보기: PollFrozen", "en": "Such as PollFrozen"},
    "audience": {
        "ko": "누가 투표할 수 있는지 조건으로 정합니다.",
        "en": "Conditions say who may vote.",
    },
    "audience.district.any_of": {
        "ko": "명부에 쓰는 자치구 코드를 한 줄에 하나씩 적어 주십시오. 하나에만 살면 됩니다.",
        "en": "The register's codes of districts, one a line. Living in one of them is enough.",
    },
    "audience.birth-year.from": {
        "ko": "다섯 해 묶음의 첫 해 (보기: 1990). 비우면 제한이 없습니다.",
        "en": "The first year of five, such as 1990. Empty: no limit.",
    },
    "audience.birth-year.to": {
        "ko": "다섯 해 묶음의 마지막 해 (보기: 2004). 비우면 제한이 없습니다.",
        "en": "The last year of five, such as 2004. Empty: no limit.",
    },
    "audience.list.list": {
        "ko": "올려 둔 대상자 명단의 이름",
        "en": "As the list was named when it was uploaded",
    },
    "Room-Pass": {
        "ko": "비공개 투표일 때만 적습니다.",
        "en": "Of a private poll only.",
    },
}


def label_of(act: str, path: str) -> Words | None:
    """What a field is called; None where nobody wrote words for it."""
    return _find(LABELS, act, path)


def help_of(act: str, path: str) -> Words | None:
    return _find(HELP, act, path)


def _find(table: Mapping[str, Words], act: str, path: str) -> Words | None:
    return next((table[name] for name in _names(act, path) if name in table), None)


def _names(act: str, path: str) -> Iterator[str]:
    parts = path.split(".")
    ends = [".".join(parts[start:]) for start in range(len(parts))]
    for end in ends:
        yield f"{act}:{end}"
    yield from ends
