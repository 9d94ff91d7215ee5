"""Send an e-mail: printed, written to a file, or handed to a mail server by SMTP (RFC 5321)."""

import logging
import os
import smtplib
import ssl
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from mvote.settings import Settings, SettingsFault

log = logging.getLogger("mvote.mail")

GONE = range(550, 555)
"""Replies with which a server says that an address is not there (RFC 5321 section 4.2.3)."""
SENT, LATER, REFUSED = "sent", "later", "refused"


class MailGateway(Protocol):
    """Hands messages over; whether they reach a person is not known here."""

    def send(self, messages: Sequence[EmailMessage]) -> list[str]:
        """What came of each, in order: sent, later (try again), or refused for good."""


@dataclass(frozen=True, slots=True)
class ConsoleMail:
    """Prints to whom and about what to standard error; for trying mvote out."""

    def send(self, messages: Sequence[EmailMessage]) -> list[str]:
        for message in messages:
            sys.stderr.write(f"E-mail to {message['To']}: {message['Subject']}\n")
            sys.stderr.write(f"{message.get_content()}\n")
        return [SENT] * len(messages)


@dataclass(frozen=True, slots=True)
class FileMail:
    """Appends each message whole, with a line ``From `` before it (RFC 4155, mboxrd)."""

    path: Path

    def send(self, messages: Sequence[EmailMessage]) -> list[str]:
        return [self._append(message) for message in messages]

    def _append(self, message: EmailMessage) -> str:
        raw = message.as_bytes().replace(b"\nFrom ", b"\n>From ")
        whole = b"From mvote Thu Jan  1 00:00:00 1970\n" + raw + b"\n"
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                written = os.write(descriptor, whole)
            finally:
                os.close(descriptor)
        except OSError as error:
            log.error("the mail file cannot be written: %s", error.strerror)
            return LATER
        return SENT if written == len(whole) else LATER


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """One connection for all messages.  ``tls`` is ``yes`` (RFC 8314), ``starttls`` or ``no``."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    timeout_seconds: float

    def send(self, messages: Sequence[EmailMessage]) -> list[str]:
        told: list[str] = []
        try:
            with self._connected() as server:
                for message in messages:
                    told.append(_hand_over(server, message))
        except (OSError, smtplib.SMTPException) as error:
            log.warning("the mail server does not take mail: %s", type(error).__name__)
        return told + [LATER] * (len(messages) - len(told))

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.tls == "yes":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        with server:
            if self.tls == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            yield server


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> str:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        return REFUSED if all(code in GONE for code in codes) else LATER
    except smtplib.SMTPResponseException as refused:
        log.warning("the mail server refused a message with %s", refused.smtp_code)
        return REFUSED if refused.smtp_code in GONE else LATER
    return SENT


def open_mail(settings: Settings) -> MailGateway:
    """The gateway that ``MVOTE_MAIL_GATEWAY`` names.  Raises SettingsFault."""
    named = settings.mail_gateway
    if named == "console":
        return ConsoleMail()
    if named.startswith("file:") and named != "file:":
        return FileMail(Path(named.removeprefix("file:")))
    found = urlsplit(named)
    ports = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
    if found.scheme in ports and found.hostname:
        return SmtpMail(
            host=found.hostname,
            port=found.port or ports[found.scheme],
            tls={"smtps": "yes", "smtp": "starttls"}.get(found.scheme, "no"),
            user=unquote(found.username or ""),
            password=settings.mail_password or unquote(found.password or ""),
            timeout_seconds=settings.delivery_timeout_seconds,
        )
    raise SettingsFault(
        "MVOTE_MAIL_GATEWAY has to be console, file:PATH, smtp://… (STARTTLS), smtps://… or "
        "smtp+plain://… for a server on this host"
    )
