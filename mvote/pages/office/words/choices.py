"""Words for what can be chosen: the registries' own where they have some, ours for the rest."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mvote.core.counting import METHODS
from mvote.core.eligibility.gender import GENDERS
from mvote.core.proofs import PROOF_LABELS
from mvote.core.quarantine import KINDS as QUARANTINE
from mvote.core.questions import QUESTIONS
from mvote.core.secrecy.levels import LEVELS
from mvote.core.text import Words
from mvote.core.ties import TIE_RULES
from mvote.pages.labels import MEDIA_KINDS, POLL_KINDS, POLL_STATES
from mvote.votes.discussions.rules import DECISION_WORDS
from mvote.votes.discussions.rules_promises import OUTCOME_WORDS
from mvote.votes.dues.rules import KIND_WORDS as DUE_WORDS
from mvote.votes.moderation.rules import CATEGORY_WORDS, STATE_WORDS
from mvote.votes.proposals.rules_calls import WAY_WORDS


def _labels(parts: Iterable[Any]) -> dict[str, Words]:
    return {one.name: one.label for one in parts}


def _quarantine() -> dict[str, Words]:
    """Their labels name the proof that is needed; here it is still to be chosen."""
    here = {"ko": "정한 방법", "en": "the one chosen"}
    return {
        one.name: {lang: one.label[lang].format(below=here[lang]) for lang in here}
        for one in QUARANTINE
    }


DUTIES: Final[Mapping[str, Words]] = {
    "drafter": {"ko": "투표 작성", "en": "drafts polls"},
    "approver": {"ko": "투표 승인", "en": "approves polls"},
    "answerer": {"ko": "답변", "en": "answers for the department"},
    "moderator": {"ko": "게시 글 관리", "en": "moderates what citizens write"},
    "roll-keeper": {"ko": "명부 관리", "en": "keeps the rolls"},
    "auditor": {"ko": "감사", "en": "audits"},
    "administrator": {"ko": "담당자 관리", "en": "manages officials"},
}

MODERATED: Final[Mapping[str, Words]] = {
    "waiting": {"ko": "대기", "en": "waiting"},
    "published": {"ko": "공개", "en": "published"},
    "hidden": {"ko": "가림", "en": "hidden"},
}

CHOICES: Final[Mapping[str, Mapping[str, Words]]] = {
    "duties": DUTIES,
    "duty": DUTIES,
    "questions.type": _labels(QUESTIONS),
    "counting.method": _labels(METHODS),
    "level": _labels(LEVELS),
    "ties": _labels(TIE_RULES),
    "proof": PROOF_LABELS,
    "below": PROOF_LABELS,
    "gender.any_of": GENDERS,
    "rule": _quarantine(),
    "options.decision": DECISION_WORDS,
    "reply_to_proposal.decision": DECISION_WORDS,
    "reply_to_proposal.kind": DUE_WORDS,
    "reply_to_question.kind": DUE_WORDS,
    "due.kind": DUE_WORDS,
    "due.unit": {
        "hours": {"ko": "시간", "en": "hours"},
        "working-hours": {"ko": "업무 시간", "en": "working hours"},
        "days": {"ko": "일", "en": "days"},
        "working-days": {"ko": "업무일", "en": "working days"},
    },
    "way": WAY_WORDS,
    "outcome": OUTCOME_WORDS,
    "media.kind": MEDIA_KINDS,
    "kind": POLL_KINDS,
    "category": CATEGORY_WORDS,
    "roll_key": {
        "number": {"ko": "휴대전화 번호 하나에 한 표", "en": "one vote a mobile number"},
        "oidc": {"ko": "로그인 하나에 한 표", "en": "one vote a login at the provider"},
        "entry": {"ko": "명부의 한 사람에 한 표", "en": "one vote an entry of the register"},
    },
    "roll_mode": {
        "growing": {"ko": "투표하는 동안 늘어남", "en": "grows while the poll is open"},
        "closed": {"ko": "시작할 때 확정", "en": "closed when the poll opens"},
    },
    "quorum.kind": {
        "none": {"ko": "정족수 없음", "en": "no quorum"},
        "voters": {"ko": "투표한 사람 수", "en": "a number of voters"},
        "percent-of-eligible": {"ko": "대상자의 비율(%)", "en": "per cent of those eligible"},
    },
    "decision.results": {
        "after-close": {"ko": "마감 뒤 공개", "en": "shown after the close"},
        "live": {"ko": "투표 중에도 공개", "en": "shown while the poll is open"},
    },
    "language": {
        "ko": {"ko": "한국어", "en": "Korean"},
        "en": {"ko": "영어", "en": "English"},
    },
    "change": {
        "added": {"ko": "명부에 더하기", "en": "add to the roll"},
        "struck": {"ko": "명부에서 빼기", "en": "strike from the roll"},
    },
    "list_opinion_pool.state": MODERATED,
    "list_moderation_queue.state": STATE_WORDS,
    "list_moderation_appeals.state": STATE_WORDS,
    "state": {
        "draft": {"ko": "초안", "en": "draft"},
        "approved": {"ko": "승인됨", "en": "approved"},
        **POLL_STATES,
    },
    "act": {
        "close": {"ko": "일찍 마감", "en": "close"},
        "cancel": {"ko": "취소", "en": "cancel"},
        "resume": {"ko": "다시 시작", "en": "resume"},
        "outage": {"ko": "장애로 마감 늦추기", "en": "move the closing for an outage"},
    },
}
"""By the end of the field's path; the longest that fits is taken."""


def choice_words(path: str, value: str) -> Words | None:
    """What a choice is called; None where nobody wrote words for it."""
    parts = path.split(".")
    for start in range(len(parts)):
        found = CHOICES.get(".".join(parts[start:]), {}).get(value)
        if found is not None:
            return found
    return None
