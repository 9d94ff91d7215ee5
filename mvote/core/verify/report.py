"""What a recount says: its checks, their words, and what it did not prove.

The phone's verifier (``mvote/phone/app/report.js``) has the same codes and the same words.
"""

from dataclasses import dataclass
from typing import Final, Literal

from mvote.core.canonical import JSON
from mvote.core.text import Words
from mvote.core.verify.words import GOOD, NOT_DONE

State = Literal["passed", "failed", "skipped"]
SOUND: Final = 0
NOT_SOUND: Final = 1
UNREADABLE: Final = 2

LABELS: Final[dict[str, Words]] = {
    "manifest": {
        "ko": "묶음의 파일이 목록과 같음",
        "en": "The files are those that the manifest names",
    },
    "canonical": {
        "ko": "모든 파일과 기록이 정해진 표기를 지킴",
        "en": "Every file and entry is spelled in the one allowed way",
    },
    "board-key": {
        "ko": "게시판 열쇠가 따로 받은 것과 같음",
        "en": "The board key is the one you were given",
    },
    "checkpoint": {"ko": "게시판이 확인점에 서명함", "en": "The board signed its checkpoints"},
    "tree-root": {
        "ko": "기록에서 다시 계산한 값이 확인점과 같음",
        "en": "The entries lead to the signed roots",
    },
    "poll-entry": {
        "ko": "첫 기록이 이 투표의 정의임",
        "en": "The first entry is the definition of this poll",
    },
    "close-entry": {
        "ko": "마지막 기록이 마감이고 수가 맞음",
        "en": "The last entry closes the poll with the right counts",
    },
    "keys": {"ko": "발급 열쇠가 요건에 맞음", "en": "The issuers' keys are as they have to be"},
    "permits": {
        "ko": "모든 표에 유효한 투표 허가증이 있음",
        "en": "Every ballot spends a good permit",
    },
    "signatures": {"ko": "모든 표의 서명이 맞음", "en": "Every ballot is signed by its own key"},
    "answers": {
        "ko": "모든 답이 투표 규칙에 맞음",
        "en": "Every answer keeps the rules of the poll",
    },
    "duplicate-seq": {
        "ko": "같은 순번의 표가 두 장 있지 않음",
        "en": "No voter has two ballots of one number",
    },
    "counts": {"ko": "투표자 ≤ 발급 ≤ 대상자", "en": "Voters ≤ permits issued ≤ eligible"},
    "issued-list": {
        "ko": "발급 목록이 마감 기록과 같음",
        "en": "The list of issued permits is the committed one",
    },
    "result": {
        "ko": "다시 센 결과가 발표와 같음",
        "en": "The recount gives the published result",
    },
    "receipt": {
        "ko": "접수증의 표가 게시판에 있음",
        "en": "The ballot of the receipt is on the board",
    },
    "earlier-checkpoint": {
        "ko": "게시판이 이전 확인점에서 이어짐",
        "en": "The board extends the earlier checkpoint",
    },
}

UNREADABLE_WORDS: Final[dict[str, Words]] = {
    "unreadable-zip": {
        "ko": "묶음을 열 수 없습니다: {what}",
        "en": "The bundle cannot be opened: {what}",
    },
    "file-missing": {
        "ko": "묶음에 {what} 파일이 없습니다.",
        "en": "The bundle holds no {what}.",
    },
    "manifest": {
        "ko": "묶음의 목록(manifest.json)을 읽을 수 없습니다.",
        "en": "The manifest of the bundle cannot be read.",
    },
    "board-key": {
        "ko": "게시판 열쇠를 읽을 수 없습니다.",
        "en": "The board key given cannot be read.",
    },
    "receipt": {"ko": "접수증을 읽을 수 없습니다.", "en": "The receipt cannot be read."},
    "earlier-checkpoint": {
        "ko": "이전 확인점을 읽을 수 없습니다.",
        "en": "The earlier checkpoint cannot be read.",
    },
    "not-opened": {
        "ko": "{what} 파일을 열 수 없습니다.",
        "en": "The file {what} cannot be opened.",
    },
    "stopped": {
        "ko": "다시 세는 일을 끝내지 못했습니다: {what}",
        "en": "The recount could not be finished: {what}",
    },
}

LIMITS: Final[dict[str, Words]] = {
    "board-key-from-bundle": {
        "ko": "게시판 열쇠는 묶음에서 가져왔습니다. 다른 곳에 공개된 열쇠와 비교하기 전에는 "
        "누가 서명했는지 알 수 없습니다.",
        "en": "The board key came out of the bundle. Until it is compared with one published "
        "elsewhere, nobody knows whose signature this is.",
    },
    "tie-decisions": {
        "ko": "동점을 정한 의장의 결정은 시의 주장입니다.",
        "en": "How the chair decided the ties is a claim of the city.",
    },
    "breakdown": {
        "ko": "집단별 표(breakdown.json)는 다시 셀 수 없는 자료입니다.",
        "en": "The tables by group (breakdown.json) cannot be recounted.",
    },
    "dropped-ballots": {
        "ko": "게시판에 오르기 전에 버려진 표가 없는지는 접수증을 가진 사람만 밝힐 수 있습니다.",
        "en": "Whether a ballot was dropped before it reached the board shows only where somebody "
        "kept the receipt.",
    },
    "same-board": {
        "ko": "모두가 같은 게시판을 보았는지는 다른 사람이 가진 확인점과 비교해야 알 수 있습니다.",
        "en": "Whether everyone was shown this same board shows only against other people's "
        "checkpoints.",
    },
    "eligibility": {
        "ko": "허가증이 자격 있는 사람에게 한 번씩만 나갔는지는 알 수 없습니다. 발급 기관은 쓰이지 "
        "않은 자격만큼 허가증을 만들 수 있습니다.",
        "en": "That permits went to eligible people only, once each. An issuer can make permits "
        "inside unused eligibility.",
    },
    "freedom": {
        "ko": "본인이 자유롭게 투표했는지는 알 수 없습니다. 강요와 매수를 막지 못합니다.",
        "en": "That the voters cast their ballots themselves and freely; coercion and vote buying "
        "are not prevented.",
    },
    "secrecy": {
        "ko": "운영하는 쪽이 표와 사람을 이을 기록을 따로 남기지 않았는지는 알 수 없습니다.",
        "en": "That nobody kept records beside the system that link ballots and people.",
    },
    "times": {
        "ko": "결과에 적힌 마감 시각과 발표 시각은 시의 주장입니다.",
        "en": "The times of closing and publishing in the result are claims of the city.",
    },
    "review": {
        "ko": "외부의 암호 전문가가 이 방식을 검토하지 않았습니다.",
        "en": "No outside cryptographer has reviewed the protocol.",
    },
}
ALWAYS: Final = (
    "dropped-ballots",
    "same-board",
    "eligibility",
    "freedom",
    "secrecy",
    "times",
    "review",
)


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found."""

    code: str
    state: State
    words: Words


@dataclass(frozen=True, slots=True)
class Report:
    """``status`` 0 sound, 1 not sound, 2 unreadable (then ``unreadable`` says why).

    ``totals`` are the recounted ones, by question and option id.
    """

    status: int
    checks: tuple[Check, ...] = ()
    not_proved: tuple[str, ...] = ()
    unreadable: Words | None = None
    poll: str | None = None
    ph: str | None = None
    title: Words | None = None
    ballots: int = 0
    voters: int = 0
    totals: dict[str, dict[str, str]] | None = None

    def to_json(self) -> dict[str, JSON]:
        return {
            "status": self.status,
            "sound": self.status == SOUND,
            "unreadable": self.unreadable,
            "poll": self.poll,
            "ph": self.ph,
            "title": self.title,
            "ballots": self.ballots,
            "voters": self.voters,
            "checks": [
                {"code": one.code, "state": one.state, "words": one.words} for one in self.checks
            ],
            "totals": self.totals,
            "not_proved": [{"code": code, "words": LIMITS[code]} for code in self.not_proved],
        }


class Checks:
    """Collects what checks found; one that nobody decided was not done."""

    def __init__(self) -> None:
        self._made: dict[str, Check] = {}

    def say(self, code: str, state: State, words: Words) -> None:
        """The first failure of a check stays."""
        before = self._made.get(code)
        if before is None or before.state != "failed":
            self._made[code] = Check(code, state, words)

    def good(self, code: str, words: Words = GOOD) -> None:
        self.say(code, "passed", words)

    def bad(self, code: str, words: Words) -> None:
        self.say(code, "failed", words)

    def all(self) -> tuple[Check, ...]:
        return tuple(self._made.get(code) or Check(code, "skipped", NOT_DONE) for code in LABELS)

    @property
    def sound(self) -> bool:
        """A check that could not be done makes nothing sound."""
        return all(code in self._made and self._made[code].state != "failed" for code in LABELS)
