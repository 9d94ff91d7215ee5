"""Acts about rolls, officials and the running of the city's installation."""

from collections.abc import Mapping
from typing import Final

from mvote.pages.office.words.said import Said, said

ROLLS: Final[Mapping[str, Said]] = {
    "count_audience": said("rolls", "투표 대상의 수 어림하기", "Count an audience, about"),
    "ask_roll_correction": said(
        "rolls",
        "명부 고치기 요청하기",
        "Ask for a correction of the roll",
        "다른 담당자가 확인해야 고쳐집니다. 까닭은 공개되므로 이름을 적지 마십시오.",
        "Another official has to confirm it. The reason is public: name nobody.",
    ),
    "list_roll_corrections": said("rolls", "명부 고치기 요청 목록", "Corrections that wait"),
    "confirm_roll_correction": said(
        "rolls", "명부 고치기 확인하기", "Confirm a correction of the roll", twice=True
    ),
    "ask_quarantine_decision": said(
        "rolls",
        "따로 세는 허가증에 대한 결정 요청하기",
        "Ask for a decision about permits counted apart",
    ),
    "list_quarantine_decisions": said(
        "rolls", "따로 세는 허가증에 대한 요청 목록", "Decisions about permits that wait"
    ),
    "confirm_quarantine_decision": said(
        "rolls",
        "따로 세는 허가증에 대한 결정 확인하기",
        "Confirm a decision about permits counted apart",
        twice=True,
    ),
    "list_reviews": said("rolls", "참여 자격 재검토 요청 목록", "Reviews that wait"),
    "decide_review": said(
        "rolls",
        "참여 자격 재검토 결정하기",
        "Decide a review",
        "받아들이면 명부 고치기를 요청하게 되고, 다른 담당자가 확인해야 합니다.",
        "Granted, it asks for a correction of the roll that another official has to confirm.",
        twice=True,
    ),
    "make_room": said("rolls", "비공개 방 만들기", "Make a private room"),
    "list_rooms": said("rolls", "비공개 방 목록", "Private rooms"),
    "change_room_password": said("rolls", "방 비밀번호 바꾸기", "Change the password of a room"),
    "close_room": said("rolls", "방 닫기", "Close a room", twice=True),
    "get_printed_code": said("rolls", "인쇄 코드 하나의 상태 보기", "See one printed code"),
    "revoke_codes": said(
        "rolls",
        "인쇄 코드 무효로 하기",
        "Make printed codes void",
        "번호를 비우면 아직 쓰이지 않은 코드를 모두 무효로 합니다.",
        "Without a serial number every code of the batch that was not used becomes void.",
        twice=True,
    ),
    "confirm_at_desk": said(
        "rolls",
        "창구에서 본인 확인하기",
        "Confirm somebody at the ID desk",
        "신분증을 본 뒤, 휴대전화에 보이는 번호와 명부의 식별 번호를 적어 주십시오.",
        "Having seen the card, type the number that the phone shows and the person's id.",
        twice=True,
    ),
}

OFFICIALS: Final[Mapping[str, Said]] = {
    "list_officials": said("officials", "담당자 목록", "Officials"),
    "get_official": said("officials", "담당자 보기", "See an official"),
    "add_official": said(
        "officials",
        "담당자 추가하기",
        "Add an official",
        "등록 링크가 한 번만 보입니다. 안전한 길로 본인에게 전해 주십시오.",
        "The enrolment link is shown once. Hand it over safely.",
    ),
    "change_official": said(
        "officials",
        "담당자의 부서와 권한 바꾸기",
        "Change department and duties",
        "그 담당자의 모든 로그인이 끝납니다.",
        "Every sign-in of that official ends.",
    ),
    "disable_official": said(
        "officials", "담당자 사용 중지하기", "Disable an official", twice=True
    ),
    "enable_official": said("officials", "담당자 다시 사용하기", "Enable an official"),
    "make_enrolment_link": said(
        "officials",
        "등록 링크 새로 만들기",
        "Make a new enrolment link",
        "앞서 만든 링크는 쓸 수 없게 됩니다.",
        "A link made before is void.",
    ),
    "end_sessions_of_official": said(
        "officials", "담당자의 로그인 모두 끝내기", "End every sign-in of an official", twice=True
    ),
    "add_department": said("officials", "부서 등록하기", "Add a department"),
}

RUNNING: Final[Mapping[str, Said]] = {
    "name_closure": said(
        "running",
        "쉬는 날 정하기",
        "Name days on which the city does not work",
        "이미 알린 기한은 그대로입니다.",
        "Dates already promised stay.",
    ),
    "withdraw_closure": said(
        "running",
        "정한 쉬는 날 거두기",
        "Take back days on which the city does not work",
        "이미 알린 기한은 그대로입니다.",
        "Dates already promised stay.",
    ),
    "list_webhooks": said("running", "웹훅 목록", "Webhooks"),
    "add_webhook": said(
        "running",
        "웹훅 더하기",
        "Add a webhook",
        "새 소식을 이 주소로 보냅니다. 서명을 확인할 비밀 값이 한 번만 보입니다.",
        "News are posted to this address. The secret that verifies them is shown once.",
    ),
    "remove_webhook": said("running", "웹훅 지우기", "Remove a webhook", twice=True),
    "release_scopes": said(
        "running",
        "되살린 참여 범위에서 허가증 다시 내주기",
        "Let scopes give permits again",
        "백업에서 되살린 범위가 모두 다시 허가증을 내줍니다.",
        "All scopes that were put back from a copy give permits again.",
        twice=True,
    ),
    "list_people_happenings": said(
        "running", "참여자 쪽에서 일어난 일", "What happened on the people side"
    ),
    "list_votes_happenings": said(
        "running", "투표 쪽에서 일어난 일", "What happened on the votes side"
    ),
}

OWN: Final[Mapping[str, Said]] = {
    "get_me": said("own", "내 부서와 권한", "My department and duties"),
    "list_own_passkeys": said("own", "내 패스키", "My passkeys"),
    "add_own_passkey": said("own", "패스키 하나 더 등록하기", "Add another passkey"),
    "begin_adding_passkey": said(
        "own", "패스키 등록 시작하기", "Begin to add a passkey", within="add_own_passkey"
    ),
    "remove_own_passkey": said(
        "own",
        "패스키 지우기",
        "Remove a passkey",
        "다른 모든 로그인이 끝납니다.",
        "Every other sign-in of yours ends.",
        twice=True,
    ),
    "list_own_sessions": said("own", "내가 로그인한 곳", "Where I am signed in"),
    "end_own_session": said("own", "로그인 하나 끝내기", "End one sign-in"),
    "end_own_sessions": said(
        "own",
        "내 로그인 모두 끝내기",
        "End every sign-in of mine",
        "지금 이 로그인도 끝납니다.",
        "This one ends too.",
        twice=True,
    ),
    "confirm_sign_in": said(
        "own", "본인임을 다시 확인하기", "Prove again who I am", page="office.prove"
    ),
    "ask_for_own_passkey": said(
        "own", "다시 확인 시작하기", "Begin to prove again", within="confirm_sign_in"
    ),
    "sign_out": said("own", "로그아웃", "Sign out", page="office.leave"),
}
