"""What a citizen agrees to: a text for each purpose, in versions, and a digest of what was read.

A city that words its texts itself names a file by ``MVOTE_CONSENT_TEXTS``::

    {"identification": {"version": 2, "title": {"ko": …, "en": …}, "text": {"ko": …, "en": …}}}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from mvote.core.canonical import JSON, digest
from mvote.core.fields import Faults, FieldsRefused, Reader
from mvote.core.text import Words

IDENTIFICATION: Final = "identification"
DECLARATION: Final = "declaration"
MOST_TITLE, MOST_TEXT = 200, 10_000


class ConsentTextsRefused(FieldsRefused):
    words = {
        "ko": "동의문 파일의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the file of consent texts are not right: {fields}",
    }


@dataclass(frozen=True, slots=True)
class ConsentText:
    """``purpose`` is what the data serves; a new ``version`` has to be agreed to anew."""

    purpose: str
    version: int
    title: Words
    text: Words

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form, 64 hexadecimal digits: proves what was agreed to."""
        return digest(self.to_json())

    def to_json(self) -> dict[str, JSON]:
        return {
            "purpose": self.purpose,
            "version": self.version,
            "title": dict(self.title),
            "text": dict(self.text),
        }


@dataclass(frozen=True, slots=True)
class Consent:
    """What one citizen agreed to, on which day, and since when no more."""

    purpose: str
    version: int
    digest: str
    given: date
    withdrawn: date | None


TEXTS: Final[Mapping[str, ConsentText]] = {
    IDENTIFICATION: ConsentText(
        IDENTIFICATION,
        1,
        {"ko": "본인 확인을 위한 개인정보 이용", "en": "Data that proves who you are"},
        {
            "ko": "목적: 한 사람이 한 번만 투표하도록 본인을 확인합니다.\n"
            "항목: 휴대전화 번호, 로그인 서비스의 식별값 또는 투표 명부의 항목."
            " 번호 자체는 저장하지 않고 되돌릴 수 없는 암호값만 저장합니다."
            " 이름, 주소, 주민등록번호는 받지 않습니다.\n"
            "기간: 계정을 삭제하실 때까지, 또는 오래 쓰지 않아 자동으로 삭제될 때까지입니다. 진행"
            " 중인 투표에서 받은 투표권의 표시는 그 투표의 이의 제기 기간이 끝날 때까지 남습니다.\n"
            "동의하지 않으셔도 됩니다. 다만 그 경우 휴대전화로 투표하실 수 없습니다.",
            "en": "Purpose: to know that each person votes once.\n"
            "Data: your mobile number, your name at the sign-in service as an opaque value, or your"
            " entry on the roll. The number itself is not stored, only a keyed digest of it. No"
            " name, address or resident number is asked for.\n"
            "How long: until you delete the account, or it is deleted because nobody used it. The"
            " mark of a permit taken in a running poll stays until the time for disputes is over.\n"
            "You need not agree. Without it you cannot vote by phone.",
        },
    ),
    DECLARATION: ConsentText(
        DECLARATION,
        1,
        {"ko": "직접 밝힌 정보의 이용", "en": "What you tell about yourself"},
        {
            "ko": "목적: 직접 밝힌 정보를 받아들이는 투표에서 투표 대상인지 확인합니다.\n"
            "항목: 자치구, 출생 연도(다섯 해 단위), 성별 가운데 스스로 적으신 것. 시의 명부와 따로"
            " 보관하며 명부의 내용을 바꾸지 않습니다.\n"
            "기간: 동의를 거두시거나 계정이 삭제될 때까지입니다.\n"
            "동의하지 않으셔도 다른 투표에는 영향이 없습니다.",
            "en": "Purpose: to know whether you may vote in polls that take your word for it.\n"
            "Data: those of district, year of birth (in bands of five years) and gender that you"
            " state. It is kept apart from the city's register and changes nothing there.\n"
            "How long: until you withdraw your consent or the account is deleted.\n"
            "You need not agree; other polls are not concerned.",
        },
    ),
}


def read_texts(raw: bytes) -> Mapping[str, ConsentText]:
    """The shipped texts with those of a city's file in their place.  Raises ConsentTextsRefused."""
    faults = Faults()
    try:
        read = Reader(json.loads(raw), faults)
    except ValueError:
        raise ConsentTextsRefused({"": ["is not JSON"]}) from None
    read.only(*TEXTS)
    found = {name: _read_text(name, read, faults) for name in TEXTS if name in read.raw}
    faults.refuse(ConsentTextsRefused)
    return {**TEXTS, **found}


def _read_text(name: str, read: Reader, faults: Faults) -> ConsentText:
    inner = Reader(read.object(name), faults, name)
    inner.only("version", "title", "text")
    return ConsentText(
        name,
        inner.integer("version", least=1, most=1_000_000),
        inner.words("title", most=MOST_TITLE),
        inner.words("text", most=MOST_TEXT, lines=True),
    )
