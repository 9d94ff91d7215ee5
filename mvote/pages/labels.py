"""Our words for states and kinds, as pages show them."""

from collections.abc import Mapping

from mvote.core.text import Words

POLL_STATES: Mapping[str, Words] = {
    "frozen": {"ko": "시작 전", "en": "not open yet"},
    "open": {"ko": "투표 중", "en": "open"},
    "suspended": {"ko": "일시 중지", "en": "suspended"},
    "closing": {"ko": "집계 중", "en": "being counted"},
    "closed": {"ko": "집계 중", "en": "being counted"},
    "published": {"ko": "결과 발표", "en": "result published"},
    "cancelled": {"ko": "취소됨", "en": "cancelled"},
}
POLL_KINDS: Mapping[str, Words] = {
    "city": {"ko": "시가 묻습니다", "en": "The city asks"},
    "statistic": {"ko": "한 문항 조사", "en": "One-question poll"},
    "budget": {"ko": "주민참여예산", "en": "Participatory budget"},
    "rehearsal": {"ko": "연습 투표", "en": "Rehearsal"},
}
RECORD_STATES: Mapping[str, Words] = {
    "awaiting-result": {"ko": "결과를 기다리는 중", "en": "awaiting the result"},
    "awaiting-answer": {"ko": "답변을 기다리는 중", "en": "awaiting the answer"},
    "answered": {"ko": "답변 완료", "en": "answered"},
    "closed": {"ko": "종결", "en": "closed"},
    "withdrawn": {"ko": "철회됨", "en": "withdrawn"},
    "discussed": {"ko": "논의 중", "en": "under discussion"},
    "merged": {"ko": "합쳐짐", "en": "merged"},
}
TRANSFERS: Mapping[str, Words] = {
    "surplus": {"ko": "초과 득표 이양", "en": "surplus passed on"},
    "elimination": {"ko": "탈락에 따른 이양", "en": "passed on after elimination"},
}
MEDIA_KINDS: Mapping[str, Words] = {
    "picture": {"ko": "사진", "en": "Picture"},
    "video": {"ko": "영상", "en": "Video"},
}
FIGURES: Mapping[str, Words] = {
    "median": {"ko": "중앙값", "en": "Median"},
    "mean": {"ko": "평균", "en": "Mean"},
    "lower-quartile": {"ko": "제1사분위수", "en": "Lower quartile"},
    "upper-quartile": {"ko": "제3사분위수", "en": "Upper quartile"},
    "least": {"ko": "최솟값", "en": "Smallest"},
    "most": {"ko": "최댓값", "en": "Largest"},
    "texts": {"ko": "글 수", "en": "Texts"},
    "endowment": {"ko": "한 사람의 몫", "en": "Share of each voter"},
}
WHOLE_ORDER: Words = {"ko": "전체 순서", "en": "Full order"}
