"""News as an e-mail, as the body of a webhook, and as a push message."""

import json
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from mvote.channels.deliveries.rules_push import MOST_PAYLOAD
from mvote.channels.feeds.feed import FeedEntry
from mvote.channels.feeds.news import News
from mvote.channels.feeds.telling import tell_all
from mvote.core.canonical import canonical_bytes
from mvote.core.text import Words
from mvote.core.times import iso, parse_iso
from mvote.installation import installation

ASK_SUBJECT: Words = {"ko": "[{city}] 소식을 받으시겠습니까?", "en": "[{city}] Do you want news?"}
ASK: Words = {
    "ko": "{city}의 소식을 이 주소로 보내 달라는 신청이 있었습니다.\n\n"
    "신청하셨다면 아래 주소를 열어 확인해 주십시오.\n{link}\n\n"
    "신청하지 않으셨다면 이 편지를 무시하십시오. {days}일이 지나면 주소는 지워집니다.",
    "en": "Somebody asked for news of {city} to be sent to this address.\n\n"
    "If it was you, please open this address and confirm.\n{link}\n\n"
    "If not, ignore this letter. The address is deleted after {days} days.",
}
FOOT: Words = {
    "ko": "더 받지 않으시려면: {link}\n어떤 투표에 참여하셨는지는 이 편지와 관계가 없습니다.",
    "en": "To get no more of these: {link}\nWhich polls you took part in has nothing to do with "
    "this letter.",
}


def read_kept(spelled: str) -> News:
    """News as they were written down."""
    kept = json.loads(spelled)
    return News(**{**kept, "at": parse_iso(kept["at"])})


def tell(news: News, language: str) -> FeedEntry:
    """The same entry that stands in the feed."""

    def address(path: str) -> str:
        bare, mark, fragment = path.partition("#")
        asked = urlencode({"lang": language})
        return f"{installation().settings.public_url}{bare}?{asked}{mark}{fragment}"

    return tell_all([news], language=language, address=address)[0]


def own_address(own: str, language: str) -> str:
    """Where a follower confirms and leaves."""
    return f"{installation().settings.public_url}/following/{own}?lang={language}"


def ask_mail(to: str, *, own: str, language: str, message: str, at: datetime) -> EmailMessage:
    """Whether an address wants news."""
    settings, city = installation().settings, city_in(language)
    subject = ASK_SUBJECT[language].format(city=city)
    text = ASK[language].format(
        city=city, link=own_address(own, language), days=settings.mail_confirm_days
    )
    return _mail(to, subject, text, message=message, at=at)


def news_mail(
    to: str, entry: FeedEntry, *, own: str, language: str, message: str, at: datetime
) -> EmailMessage:
    """With the headers by which a mail program leaves in one click (RFC 8058, RFC 2369)."""
    leave = own_address(own, language)
    text = "\n\n".join((entry.text, entry.link, "-- \n" + FOOT[language].format(link=leave)))
    subject = f"[{city_in(language)}] {entry.title}"
    made = _mail(to, subject, text, message=message, at=at)
    made["List-Unsubscribe"] = f"<{leave}>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made["List-Id"] = f"<news.{_host()}>"
    return made


def _mail(to: str, subject: str, text: str, *, message: str, at: datetime) -> EmailMessage:
    made = EmailMessage()
    local, _, domain = to.rpartition("@")
    made["To"] = Address(username=local, domain=domain)
    made["From"] = installation().settings.mail_from or f"no-reply@{_host()}"
    made["Subject"] = " ".join(subject.split())
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{message}@{_host()}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


def webhook_body(news: News) -> bytes:
    """``type``, ``timestamp`` and ``data``, as Standard Webhooks recommends."""
    entry = tell(news, "ko")
    data: Mapping[str, Any] = {**entry.facts, "id": entry.id, "link": entry.link}
    kind = f"record.{news.kind}"
    return canonical_bytes({"type": kind, "timestamp": iso(news.at), "data": data})


def push_payload(news: News, language: str) -> bytes:
    """Short, for it is shown on a locked phone: a title, a line, and where it leads."""
    entry = tell(news, language)
    lines = entry.text.splitlines()
    shown = {"title": entry.title[:200], "body": (lines[0] if lines else "")[:300]}
    return json.dumps({**shown, "link": entry.link}, ensure_ascii=False).encode()[:MOST_PAYLOAD]


def city_in(language: str) -> str:
    settings = installation().settings
    return settings.city_ko if language == "ko" else settings.city_en


def _host() -> str:
    return urlsplit(installation().settings.public_url).hostname or "localhost"
