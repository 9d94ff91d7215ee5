"""Settings that contradict themselves or each other stop the start, by their names.

This stands below ``settings``, so what is given is known here by its fields only.
"""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mvote.core.official import DEPARTMENT, DEPARTMENT_WORDS
from mvote.core.outage import MOST_SECONDS as OUTAGE_SECONDS
from mvote.core.poll import MOST_QUESTIONS
from mvote.core.poll_notes import MOST_TEXT as MOST_NOTE
from mvote.core.question import MOST_OPTIONS
from mvote.core.secrecy.act import MAX_ACT_BYTES
from mvote.core.secrecy.ballot import MAX_BALLOT_BYTES
from mvote.core.secrecy.blind import MODULUS_BITS
from mvote.core.working_time import WorkingTimeFault, read_hours, read_weekdays, read_within

CEILINGS = {
    "ballot_bytes": MAX_BALLOT_BYTES,
    "act_bytes": MAX_ACT_BYTES,
    "questions_per_poll": MOST_QUESTIONS,
    "options_per_question": MOST_OPTIONS,
    "outage_seconds": OUTAGE_SECONDS,
    "note_characters": MOST_NOTE,
}
"""What the form of polls and ballots allows at most; a city may allow less."""

ORIGIN = re.compile(r"https?://[^/?#@]+")


class SettingsFault(Exception):
    """A setting is missing or wrong; the sentence names it."""


def check_settings(given: Any) -> None:
    """Refuse values that contradict.  Raises SettingsFault."""
    _check_issuing(given)
    _check_hosts(given)
    _check_officials(given)
    try:
        ZoneInfo(given.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsFault(
            f"MVOTE_TIME_ZONE: {given.time_zone!r} is not a known time zone"
        ) from None
    _check_working_time(given)
    if not given.public_url.startswith(("http://", "https://")) or given.public_url.endswith("/"):
        raise SettingsFault("MVOTE_PUBLIC_URL has to be http(s)://host without a slash behind")
    if not re.fullmatch(r"console|file:.+|https?://.+", given.sms_gateway):
        raise SettingsFault("MVOTE_SMS_GATEWAY has to be console, file:PATH or http(s)://…")
    if not re.fullmatch(r"console|file:.+|smtp(s|\+plain)?://.+", given.mail_gateway):
        raise SettingsFault(
            "MVOTE_MAIL_GATEWAY has to be console, file:PATH, smtp://…, smtps://… or smtp+plain://…"
        )
    for name in ("webhook_private", "consent_needed", "moderate_first"):
        if getattr(given, name) not in ("no", "yes"):
            raise SettingsFault(f"MVOTE_{name.upper()} has to be yes or no")
    if given.log_format not in ("text", "json"):
        raise SettingsFault("MVOTE_LOG_FORMAT has to be text or json")
    if given.sms_gateway.startswith("http") and not given.sms_secret:
        raise SettingsFault("MVOTE_SMS_SECRET is needed with an HTTP SMS gateway")
    _check_numbers(given)


def _check_numbers(given: Any) -> None:
    for f in fields(given):
        value = getattr(given, f.name)
        if isinstance(value, int | float) and value < 0:
            raise SettingsFault(f"MVOTE_{f.name.upper()} may not be negative")
    for name in (
        "access_seconds",
        "refresh_seconds",
        "passwords_at_once",
        "account_months",
        "feed_entries",
        "reports_to_wait",
    ):
        if getattr(given, name) < 1:
            raise SettingsFault(f"MVOTE_{name.upper()} has to be at least 1")
    for name, most in CEILINGS.items():
        if getattr(given, name) > most:
            raise SettingsFault(f"MVOTE_{name.upper()} may not be more than {most}")


def _check_officials(given: Any) -> None:
    if given.officials_url and not ORIGIN.fullmatch(given.officials_url):
        raise SettingsFault("MVOTE_OFFICIALS_URL has to be http(s)://host, with nothing behind")
    if given.official_passwords not in ("no", "yes"):
        raise SettingsFault("MVOTE_OFFICIAL_PASSWORDS has to be yes or no")


def _check_working_time(given: Any) -> None:
    for name, read in (("working_days", read_weekdays), ("working_hours", read_hours)):
        try:
            read(getattr(given, name))
        except WorkingTimeFault as fault:
            raise SettingsFault(f"MVOTE_{name.upper()} {fault}") from None
    for name in ("case_first_reply", "case_answer"):
        try:
            read_within(getattr(given, name))
        except ValueError:
            raise SettingsFault(f"MVOTE_{name.upper()} has to look like 14 working-days") from None
    if not re.fullmatch(r"([A-Z]{2})?", given.holidays_country):
        raise SettingsFault("MVOTE_HOLIDAYS_COUNTRY has to be two capital letters, or empty")
    if given.mayor_after_days < given.head_after_days:
        raise SettingsFault("MVOTE_MAYOR_AFTER_DAYS may not lie before MVOTE_HEAD_AFTER_DAYS")
    if given.coordinating_department and not DEPARTMENT.fullmatch(given.coordinating_department):
        raise SettingsFault(f"MVOTE_COORDINATING_DEPARTMENT has to be {DEPARTMENT_WORDS}")


def _check_hosts(given: Any) -> None:
    given.trusted_networks()
    for prefix in ("oidc", "officials_oidc"):
        _check_provider(given, prefix)
    if given.both_sides_here not in ("no", "yes"):
        raise SettingsFault("MVOTE_BOTH_SIDES_HERE has to be yes or no")
    for wing in ("people", "votes"):
        url: str = getattr(given, f"{wing}_url").rstrip("/")
        if url and not re.fullmatch(r"https?://[^/?#@]+(/[^?#]*)?", url):
            raise SettingsFault(f"MVOTE_{wing.upper()}_URL has to be http(s)://host")


def _check_provider(given: Any, prefix: str) -> None:
    """Over plain HTTP whoever sits in between could sign in as anybody."""
    issuer: str = getattr(given, f"{prefix}_issuer")
    if not issuer:
        return
    name = f"MVOTE_{prefix.upper()}"
    if not re.fullmatch(r"https://[^?#]+|http://(localhost|127\.0\.0\.1)(:\d+)?(/[^?#]*)?", issuer):
        raise SettingsFault(f"{name}_ISSUER has to be https://…")
    if not getattr(given, f"{prefix}_client_id"):
        raise SettingsFault(f"{name}_CLIENT_ID is needed with {name}_ISSUER")


def _check_issuing(given: Any) -> None:
    if given.issuer_key_bits not in MODULUS_BITS:
        raise SettingsFault("MVOTE_ISSUER_KEY_BITS has to be 2048, 3072 or 4096")
    if given.key_encryption_key_before and not given.key_encryption_key:
        raise SettingsFault(
            "MVOTE_KEY_ENCRYPTION_KEY_BEFORE is only for a key given by"
            " MVOTE_KEY_ENCRYPTION_KEY; a file is replaced by `mvote keys rotate`"
        )
    if given.key_encryption_key and given.key_encryption_key_file != Path():
        raise SettingsFault(
            "MVOTE_KEY_ENCRYPTION_KEY and MVOTE_KEY_ENCRYPTION_KEY_FILE cannot both be given"
        )
