"""What fields are called in acts about records, proposals, calls and discussions."""

from collections.abc import Mapping
from typing import Final

from mvote.core.text import Words

RECORD_LABELS: Final[Mapping[str, Words]] = {
    "minority": {
        "ko": "다른 의견의 가장 많은 지지를 받은 까닭에 대한 답",
        "en": "Answer to the strongest reason of those who did not win",
    },
    "minority.reason": {"ko": "그 까닭의 식별 번호", "en": "Id of that reason"},
    "promises": {"ko": "약속이 어떻게 되었습니까?", "en": "What became of the promises"},
    "promise": {"ko": "약속", "en": "Promise"},
    "outcome": {"ko": "결과", "en": "Outcome"},
    "steps": {"ko": "단계", "en": "Steps"},
    "step": {"ko": "단계의 번호", "en": "Number of the step"},
    "due": {"ko": "언제까지", "en": "Due"},
    "links": {"ko": "볼 수 있는 주소", "en": "Where it can be seen"},
    "add_erratum:entry": {"ko": "바로잡을 항목의 번호", "en": "Number of the entry"},
    "into": {"ko": "합칠 곳", "en": "Merge into"},
    "subjects": {"ko": "새 기록으로 옮길 것", "en": "What goes on in the new record"},
    "tags": {"ko": "주제", "en": "Topics"},
    "due_id": {"ko": "기한", "en": "What is owed"},
    "until": {"ko": "언제까지 멈출까요?", "en": "Until the end of"},
    "first": {"ko": "첫날", "en": "First day"},
    "last": {"ko": "마지막 날", "en": "Last day"},
    "closure_id": {"ko": "쉬는 날", "en": "Closure"},
    "proposal_id": {"ko": "제안", "en": "Proposal"},
    "proposal": {"ko": "제안", "en": "Proposal"},
    "call_id": {"ko": "제안 모으기", "en": "Call"},
    "choices": {"ko": "고른 제안", "en": "Proposals that were chosen"},
    "jury": {"ko": "심사한 사람들", "en": "Who decided"},
    "rules": {"ko": "규칙", "en": "Rules"},
    "topics": {"ko": "주제", "en": "Topics"},
    "topics.id": {"ko": "주제 아이디", "en": "Id of the topic"},
    "topics.department": {"ko": "맡을 부서", "en": "Department that takes it"},
    "districts": {"ko": "지역", "en": "Districts"},
    "districts.id": {"ko": "지역 아이디", "en": "Id of the district"},
    "thresholds": {"ko": "공감 기준", "en": "Thresholds"},
    "way": {"ko": "고르는 방법", "en": "How winners are chosen"},
    "winners": {"ko": "고를 수", "en": "How many at most"},
    "promise_days": {"ko": "고른 제안에 답할 날수", "en": "Days to answer what was chosen"},
    "template": {"ko": "서식", "en": "Template"},
    "add_threshold_set:name": {"ko": "기준 아이디", "en": "Id of the set"},
    "source": {"ko": "근거", "en": "Source"},
    "days": {"ko": "공감을 모으는 날수", "en": "Days in which supports are collected"},
    "stages": {"ko": "단계", "en": "Stages"},
    "stages.id": {"ko": "단계 아이디", "en": "Id of the stage"},
    "stages.name": {"ko": "단계의 이름", "en": "Name of the stage"},
    "supports": {"ko": "필요한 공감 수", "en": "Supports needed"},
    "stages.due": {"ko": "그때부터 답할 기한", "en": "What is owed from then on"},
    "due.kind": {"ko": "무엇을", "en": "What"},
    "due.amount": {"ko": "얼마 안에", "en": "Within"},
    "due.unit": {"ko": "단위", "en": "Unit"},
    "post_id": {"ko": "토론 글", "en": "Post"},
    "role": {"ko": "소속과 직책", "en": "Position"},
    "interest": {"ko": "이해관계", "en": "Declared interest"},
    "enter_expert_statement:key": {"ko": "전문가의 공개 키", "en": "The expert's public key"},
    "signature": {"ko": "전문가의 서명", "en": "The expert's signature"},
}

RECORD_HELP: Final[Mapping[str, Words]] = {
    "options": {
        "ko": "이긴 안은 꼭 들어가야 합니다. 채택하지 않는 안에는 까닭을 적어 주십시오.",
        "en": "Has to hold the winners. What is not adopted needs a reason.",
    },
    "minority": {
        "ko": "답해야 할 까닭이 있을 때만 적습니다.",
        "en": "Only where there is such a reason.",
    },
    "links": {"ko": "한 줄에 하나씩", "en": "One a line"},
    "tags": {"ko": "한 줄에 하나씩, ‘#’은 없어도 됩니다.", "en": "One a line, with or without #"},
    "subjects": {
        "ko": "투표, 제안, 의견 모음, 약속의 식별 번호를 한 줄에 하나씩",
        "en": "Ids of polls, proposals, pools or promises, one a line",
    },
    "topics.id": {"ko": "짧은 영문 (보기: parks)", "en": "Short, such as parks"},
    "districts.id": {"ko": "짧은 영문 (보기: north)", "en": "Short, such as north"},
    "open_call:opens": {"ko": "비우면 바로 시작합니다.", "en": "Empty: at once."},
    "open_call:closes": {"ko": "비우면 끝이 없습니다.", "en": "Empty: no end."},
    "open_call:audience": {
        "ko": "비우면 번호를 확인한 누구나. JSON으로 적습니다.",
        "en": "Empty: everyone with a verified number. As JSON.",
    },
    "add_threshold_set:name": {
        "ko": "영문 소문자, 숫자, ‘-’",
        "en": "Small letters, digits, hyphens",
    },
    "stages.due": {"ko": "비우면 기한이 없습니다.", "en": "Empty: nothing is owed by a date."},
    "signature": {
        "ko": "비우면 부서가 옮겨 적은 것으로 봅니다.",
        "en": "Empty: on the office's word.",
    },
    "reply_to_proposal:decision": {"ko": "답변일 때만 고릅니다.", "en": "With an answer only."},
    "expected": {"ko": "기한은 그대로입니다.", "en": "The due date stays."},
}
