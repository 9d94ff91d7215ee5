"""What stays when an account goes, the statement of what went by itself, happenings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.secrecy import keys
from mvote.core.text import Words

LABEL: Final = "mvote-retention-v1"
CITIZENS: Final = "citizens"
"""Stands in the log where a person would: who it was is not noted."""


@dataclass(frozen=True, slots=True)
class Staying:
    """What is kept behind an account's end.  ``poll`` and ``until`` (ISO 8601) where it has one."""

    what: str
    why: Words
    poll: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What went, as rows by kind, and what stays."""

    deleted: Mapping[str, int]
    stays: Sequence[Staying]


PERMIT_STAYS: Final[Words] = {
    "ko": "이 투표에서 투표권을 받으셨다는 암호값입니다. 같은 사람이 두 번 받지 못하게 하며,"
    " 이의 제기 기간이 끝나면 지워집니다.",
    "en": "A keyed digest that says that you took a permit in this poll. It keeps anyone from"
    " taking a second one, and goes when the time for disputes is over.",
}
SCOPE_PERMITS_STAY: Final[Words] = {
    "ko": "제안, 의견 모음, 정책 기록에 참여할 허가증을 받으셨다는 암호값입니다. 같은 사람이 두 번"
    " 받지 못하게 하며, 참여가 마감되면 지워집니다.",
    "en": "Keyed digests that say that you took permits to take part in proposals or records."
    " They keep anyone from taking a second one, and go when taking part is over.",
}
ACCOUNT_STAYS: Final[Words] = {
    "ko": "계정에 더 확실한 방법으로 확인하신 수단이 있어 계정은 남습니다. 계정까지 삭제하시려면 "
    "그 방법으로 로그인하신 뒤 다시 삭제해 주십시오.",
    "en": "The account, as it holds something that was proved by more than this sign-in. To delete"
    " it too, sign in that way and delete it again.",
}
REGISTER_STAYS: Final[Words] = {
    "ko": "시의 명부에 있는 항목입니다. 시가 명부를 새로 올릴 때까지 남으며,"
    " 정정은 시에 요청하실 수 있습니다.",
    "en": "Your entry in the city's register. It stays until the city loads a new one; ask the"
    " city to correct it.",
}


def make_statement(
    key: Ed25519PrivateKey, *, day: date, deleted: Mapping[str, int], months: int
) -> dict[str, JSON]:
    """That ``deleted`` rows by kind went on a day because of ``months`` without use.

    Signed by the people wing's key for documents over the label, a zero byte and the canonical
    form of everything but ``sig``.
    """
    said: dict[str, JSON] = {
        "v": 1,
        "day": day.isoformat(),
        "deleted": dict(sorted(deleted.items())),
        "months_without_use": months,
    }
    return {**said, "sig": keys.sign(key, LABEL, said)}


def months_before(month: date, months: int) -> date:
    """The first day of an earlier month."""
    count = month.year * 12 + month.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class AccountDeleted(Happening):
    """A citizen deleted the own account; the subject names nobody."""


@dataclass(frozen=True, slots=True)
class UnusedAccountsDeleted(Happening):
    """``accounts`` that nobody used for ``months`` are gone; the subject names nobody."""

    accounts: int
    months: int
