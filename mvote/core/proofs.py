"""How citizens prove who they are, and by what one of them stands on the roll of a poll.

The proofs by strength, and what each gives::

    sms        a code sent to a number came back            the key ``number``
    register   … and the city's register holds the number   its ``entry`` too
    code       a printed code of the city was entered       the key ``entry``
    oidc       a sign-in at the city's provider             the key ``oidc``
    desk       an official saw the person at the counter    the key ``entry``

A poll knows each voter by one roll key alone, so that two ways of proving it come to the
same voter.  Which least proof goes with which key::

    number  sms, register          a code or the desk proves an entry, which may have no number
    entry   register, code, desk   a number alone leads to no entry: the register has to hold it
                                   (and a sign-in at a provider leads to none either)
    oidc    oidc                   nothing else proves the subject of a provider
"""

from collections.abc import Mapping
from typing import Final

from mvote.core.text import Words

PROOFS: Final = ("sms", "register", "code", "oidc", "desk")
"""From the weakest to the strongest."""
FITTING: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("sms", "register"),
    "oidc": ("oidc",),
    "entry": ("register", "code", "desk"),
}
"""Roll key → the least proofs that a poll with it may ask for."""
ROLL_KEYS: Final = tuple(FITTING)

PROOF_LABELS: Final[Mapping[str, Words]] = {
    "sms": {"ko": "휴대전화 문자 인증", "en": "a code sent to a mobile number"},
    "register": {
        "ko": "시의 명부에 있는 휴대전화 번호의 문자 인증",
        "en": "a code sent to a mobile number that stands in the city's register",
    },
    "code": {"ko": "시가 보낸 인쇄 코드", "en": "a printed code from the city"},
    "oidc": {"ko": "본인 확인 서비스 로그인", "en": "a sign-in at the city's sign-in service"},
    "desk": {"ko": "창구에서의 신분 확인", "en": "showing an identity card at a counter"},
}
_WHY: Final[Mapping[str, str]] = {
    "number": "the other proofs prove no number",
    "oidc": "no other proof proves the subject of a provider",
    "entry": "the other proofs lead to no entry of the roll",
}


def is_at_least(proof: str, least: str) -> bool:
    """Whether a proof is as strong as another."""
    return PROOFS.index(proof) >= PROOFS.index(least)


def stronger(one: str, other: str) -> str:
    return one if is_at_least(one, other) else other


def misfit(roll_key: str, proof: str) -> str | None:
    """Why a poll with this roll key cannot ask for this least proof; None where it can.

    Empty is what was refused already.
    """
    if not roll_key or not proof or proof in FITTING[roll_key]:
        return None
    named = " or ".join(FITTING[roll_key])
    return f"has to be {named} with the roll key “{roll_key}”: {_WHY[roll_key]}"
