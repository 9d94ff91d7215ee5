"""What the parts of a poll are called."""

from collections.abc import Mapping
from typing import Final

from mvote.core.text import Words

DRAFT_LABELS: Final[Mapping[str, Words]] = {
    "v": {"ko": "형식의 판", "en": "Version of the form"},
    "kind": {"ko": "종류", "en": "Kind"},
    "title": {"ko": "제목", "en": "Title"},
    "summary": {"ko": "설명", "en": "Summary"},
    "level": {"ko": "비밀 수준", "en": "Privacy level"},
    "proof": {"ko": "본인 확인 방법", "en": "Proof of identity"},
    "roll_key": {"ko": "한 사람으로 세는 기준", "en": "What counts as one person"},
    "roll_mode": {"ko": "명부", "en": "Roll"},
    "questions": {"ko": "질문", "en": "Questions"},
    "questions.id": {"ko": "질문 아이디", "en": "Id of the question"},
    "questions.type": {"ko": "질문의 종류", "en": "Type of question"},
    "questions.title": {"ko": "질문", "en": "Question"},
    "questions.options": {"ko": "안", "en": "Options"},
    "questions.options.id": {"ko": "안 아이디", "en": "Id of the option"},
    "questions.options.title": {"ko": "안의 이름", "en": "Name of the option"},
    "questions.options.cost": {"ko": "사업비", "en": "Cost"},
    "questions.options.text": {"ko": "안의 설명", "en": "About the option"},
    "options.categories": {"ko": "분야", "en": "Categories"},
    "media": {"ko": "사진이나 영상", "en": "Picture or video"},
    "media.kind": {"ko": "사진인가요, 영상인가요?", "en": "Picture or video?"},
    "media.href": {"ko": "주소", "en": "Address"},
    "media.alt": {"ko": "보지 못하는 분을 위한 설명", "en": "In words, for who cannot see it"},
    "media.sha256": {"ko": "파일의 SHA-256", "en": "SHA-256 of the file"},
    "questions.config": {"ko": "질문의 설정", "en": "How it is set up"},
    "questions.counting": {"ko": "세는 방법", "en": "How it is counted"},
    "counting.method": {"ko": "방법", "en": "Method"},
    "counting.options": {"ko": "방법의 설정", "en": "What the method needs"},
    "questions.blank": {"ko": "비워 둘 수 있습니까?", "en": "May it be left blank?"},
    "questions.only_if": {"ko": "일부에게만 묻기", "en": "Asked of some only"},
    "only_if.question": {"ko": "앞선 질문의 아이디", "en": "Id of the earlier question"},
    "only_if.any_of": {"ko": "고른 안의 아이디", "en": "Ids of the options chosen there"},
    "questions.reason": {"ko": "까닭을 쓸 수 있습니까?", "en": "May a reason be written?"},
    "questions.none": {"ko": "‘해당 없음’을 둘까요?", "en": "Offer “none of these”?"},
    "questions.shuffle": {
        "ko": "안의 순서를 사람마다 섞을까요?",
        "en": "Shuffle the options for each voter?",
    },
    "decision": {"ko": "결정 규칙", "en": "Decision rule"},
    "decision.weight_percent": {
        "ko": "시의 결정에 반영하는 비율(%)",
        "en": "Weight in the city's decision (%)",
    },
    "decision.quorum": {"ko": "정족수", "en": "Quorum"},
    "quorum.kind": {"ko": "정족수의 종류", "en": "Kind of quorum"},
    "quorum.least": {"ko": "정족수", "en": "At least"},
    "decision.threshold": {"ko": "이기는 데 필요한 몫", "en": "Share that a winner needs"},
    "threshold.numerator": {"ko": "분자", "en": "Numerator"},
    "threshold.denominator": {"ko": "분모", "en": "Denominator"},
    "decision.ties": {"ko": "동점일 때", "en": "In a tie"},
    "decision.results": {"ko": "결과를 보이는 때", "en": "When results show"},
    "opens": {"ko": "시작하는 때", "en": "Opens at"},
    "closes": {"ko": "마감하는 때", "en": "Closes at"},
    "grace_seconds": {
        "ko": "마감 뒤 표를 게시하기까지의 초",
        "en": "Seconds after the close within which ballots are on the board",
    },
    "revote": {"ko": "마음을 바꿔 다시 투표할 수 있습니까?", "en": "May voters change their mind?"},
    "answer_days": {"ko": "답변 기한(일)", "en": "Days to answer"},
    "dispute_days": {"ko": "이의를 받는 날수", "en": "Days for disputes"},
    "turnout_step": {"ko": "참여 수를 보이는 간격", "en": "Turnout is shown in steps of"},
    "outage": {"ko": "장애가 났을 때", "en": "In an outage"},
    "outage.extend": {"ko": "마감을 늦춥니까?", "en": "Does the closing move?"},
    "outage.most_seconds": {"ko": "늦추는 시간의 한도(초)", "en": "By how many seconds at most"},
    "quarantine": {"ko": "따로 세는 허가증", "en": "Permits counted apart"},
    "quarantine.rule": {"ko": "규칙", "en": "Rule"},
    "quarantine.below": {"ko": "필요한 본인 확인 방법", "en": "Proof that is needed"},
}

DRAFT_HELP: Final[Mapping[str, Words]] = {
    "questions.id": {
        "ko": "투표 안에서 하나뿐인 짧은 영문 (보기: q1)",
        "en": "Short and used once in the poll, such as q1",
    },
    "questions.options": {
        "ko": "찬반처럼 안이 늘 같은 질문에서는 비워 두어도 됩니다.",
        "en": "May be left out where options are always the same, as with yes and no.",
    },
    "questions.options.id": {"ko": "짧은 영문 (보기: a)", "en": "Short, such as a"},
    "questions.options.cost": {"ko": "예산 사업에만 적습니다.", "en": "Of projects only."},
    "media.href": {
        "ko": "https 주소나 이 사이트의 경로",
        "en": "An https address, or a path of this site",
    },
    "media.sha256": {
        "ko": "적으면 파일이 바뀌지 않았음을 누구나 확인합니다.",
        "en": "Lets everyone check that the file was not changed.",
    },
    "questions.only_if": {
        "ko": "앞선 질문에서 어떤 안을 고른 사람에게만 물을 때 적습니다.",
        "en": "For a question only to those who chose something in an earlier one.",
    },
    "decision.weight_percent": {
        "ko": "0은 참고만 한다는 뜻입니다.",
        "en": "0: the result only advises.",
    },
    "decision.threshold": {
        "ko": "비우면 따로 정하지 않습니다. 보기: 과반은 1과 2",
        "en": "Empty: none. For more than half: 1 and 2",
    },
    "quorum.least": {"ko": "정족수가 있을 때만 적습니다.", "en": "Only where there is a quorum."},
    "outage.most_seconds": {
        "ko": "마감을 늦출 때만 적습니다.",
        "en": "Only where the closing moves.",
    },
    "quarantine": {
        "ko": "여기에 해당하는 허가증은 따로 세어 결과와 함께 보입니다.",
        "en": "Permits that these flag are also shown counted apart.",
    },
    "quarantine.below": {
        "ko": "본인 확인 방법에 대한 규칙에만 적습니다.",
        "en": "For the rule about proofs only.",
    },
}
