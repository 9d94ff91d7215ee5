"""Send a text message to a phone: printed, written to a file, or handed to a provider over HTTP."""

import hashlib
import hmac
import json
import logging
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import urllib3

from mvote.core.errors import Unavailable
from mvote.core.ids import new_id
from mvote.core.times import iso
from mvote.settings import Settings, SettingsFault

log = logging.getLogger("mvote.sms")

FIRST_PAUSE_SECONDS = 0.2
TRY_AGAIN = frozenset({408, 425, 429})

_pool = urllib3.PoolManager(maxsize=16, retries=False)


class SmsNotSent(Unavailable):
    words = {
        "ko": "지금은 문자를 보낼 수 없습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "The text message could not be sent. Please try again shortly.",
    }


class SmsGateway(Protocol):
    """Hands a message over; whether it reaches the phone is not known here."""

    def send(self, number: str, text: str) -> None:
        """``number`` in E.164.  Raises SmsNotSent."""


@dataclass(frozen=True, slots=True)
class ConsoleSms:
    """Prints messages to standard error; for trying mvote out."""

    def send(self, number: str, text: str) -> None:
        sys.stderr.write(f"SMS to {number}: {' '.join(text.split())}\n")
        sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class FileSms:
    """Appends one JSON line a message, ``{"to", "text", "at"}``.

    One write in append mode, so that threads and processes never mix their lines.
    """

    path: Path

    def send(self, number: str, text: str) -> None:
        message = {"to": number, "text": text, "at": iso(datetime.now(UTC))}
        line = (json.dumps(message, ensure_ascii=False) + "\n").encode()
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                written = os.write(descriptor, line)
            finally:
                os.close(descriptor)
        except OSError as error:
            log.error("the SMS file cannot be written: %s", error.strerror)
            raise SmsNotSent(retry_after=60) from None
        if written != len(line):
            log.error("the SMS file took only a part of a message")
            raise SmsNotSent(retry_after=60)


@dataclass(frozen=True, slots=True)
class HttpSms:
    """Posts ``{"to", "text"}`` to a provider.

    ``Mvote-Signature`` is ``sha256=`` and the hexadecimal HMAC-SHA256, under the shared
    secret, of ``Mvote-Timestamp``, a full stop and the body.  ``Idempotency-Key`` is
    the same in every try at one message.  Failed connections and answers of 5xx, 408,
    425 and 429 are tried again after a pause that doubles; other answers are final.
    """

    url: str
    secret: bytes
    tries: int
    timeout_seconds: float

    def send(self, number: str, text: str) -> None:
        body = json.dumps({"to": number, "text": text}, ensure_ascii=False).encode()
        key = new_id()
        for turn in range(self.tries):
            if turn:
                time.sleep(FIRST_PAUSE_SECONDS * 2 ** (turn - 1))
            status = self._post(body, key)
            if status is not None and 200 <= status < 300:
                return
            if status is not None and status < 500 and status not in TRY_AGAIN:
                break
        raise SmsNotSent(retry_after=60)

    def _post(self, body: bytes, key: str) -> int | None:
        """One try: the status, or None where there was no answer."""
        at = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "Mvote-Timestamp": at,
            "Mvote-Signature": f"sha256={signature(self.secret, at, body)}",
        }
        try:
            answer = _pool.request(
                "POST", self.url, body=body, headers=headers, timeout=self.timeout_seconds
            )
        except urllib3.exceptions.HTTPError as error:
            log.warning("the SMS provider does not answer: %s", type(error).__name__)
            return None
        if not 200 <= answer.status < 300:
            log.warning("the SMS provider answered HTTP %s", answer.status)
        return answer.status


def signature(secret: bytes, at: str, body: bytes) -> str:
    """What the provider computes to know that mvote is calling."""
    return hmac.new(secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()


def open_gateway(settings: Settings) -> SmsGateway:
    """The gateway that ``MVOTE_SMS_GATEWAY`` names.  Raises SettingsFault."""
    named = settings.sms_gateway
    if named == "console":
        return ConsoleSms()
    if named.startswith("file:") and named != "file:":
        return FileSms(Path(named.removeprefix("file:")))
    if named.startswith(("http://", "https://")):
        return HttpSms(
            named,
            settings.sms_secret.encode(),
            max(1, settings.sms_tries),
            settings.sms_timeout_seconds,
        )
    raise SettingsFault("MVOTE_SMS_GATEWAY has to be console, file:PATH or http(s)://…")
