"""Phone checks: a code goes out by SMS, comes back within minutes, and gives a sign-in once."""

import hmac
from datetime import datetime, timedelta
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from sqlalchemy import Table, bindparam, delete, func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.errors import Refusal
from mvote.core.ids import is_id, new_id
from mvote.db import reading, transaction
from mvote.gateways.sms import SmsNotSent, open_gateway
from mvote.installation import installation
from mvote.people.identity.errors import (
    CodeWrong,
    ConsentNeeded,
    PhoneCheckExpired,
    PhoneCheckSpent,
    PhoneCheckUnknown,
    SmsBudgetUsedUp,
    TooManyCodes,
)
from mvote.people.identity.rules import (
    BY_SMS,
    SignIn,
    SmsBudgetNearlyUsed,
    SmsBudgetReached,
    SmsPrefixLimited,
    code_mac,
    code_text,
    new_code,
    number_mac,
    prefix_mac,
    read_number,
)
from mvote.people.identity.rules_consents import IDENTIFICATION
from mvote.people.identity.service.accounts import add_key, sign_in_with_key
from mvote.people.identity.service.consents import (
    check_version,
    get_text,
    is_consent_needed,
    note_consent,
)
from mvote.people.identity.service.limits import seconds_over, take_back
from mvote.people.identity.tables import LimitRow, PhoneCheckRow

HOUR, DAY = 3600, 86400
CITY_COUNTERS = 16
COUNTERS_FROM = 100_000


def request_phone_check(
    number: str, *, language: str, consent: int | None = None, now: datetime
) -> str:
    """Send a code to a number and return the id of the check.

    ``consent`` is the version of the text “identification” that was agreed to; the account
    gets it with the right code.

    Nothing tells whether the number was here before.  The code goes out after the
    transaction; where it cannot, the check is void and nothing is counted.  Raises
    NumberNotValid, TooManyCodes, SmsBudgetUsedUp, SmsNotSent, ConsentNeeded, ConsentOutdated.
    """
    settings = installation().settings
    _check_consent(consent)
    number = read_number(number, region=settings.phone_region)
    check, code = new_id(), new_code()
    try:
        _keep(check, number, code, consent=consent, now=now)
    except SmsBudgetUsedUp:
        _raise_alarm(now)
        raise
    except TooManyCodes:
        _look_at_prefix(number, now)
        raise
    said = code_text(
        code,
        language=language,
        city=settings.city_ko if language == "ko" else settings.city_en,
        host=urlsplit(settings.public_url).hostname or "",
        seconds=settings.code_seconds,
    )
    try:
        open_gateway(settings).send(number, said)
    except SmsNotSent:
        _void(check, number)
        raise
    return check


# The statements of this path are made once: building them costs as much as running them.
CHECKS = cast(Table, PhoneCheckRow.__table__)
_KEEP = CHECKS.insert()


def _keep(check: str, number: str, code: str, *, consent: int | None, now: datetime) -> None:
    made = installation()
    pepper = made.keys["people"].pepper
    expires = now + timedelta(seconds=made.settings.code_seconds)
    with transaction("people", durable=False) as session:
        _count(session, number, now=now)
        row = {
            "id": check,
            "number_mac": number_mac(pepper, number),
            "code_mac": code_mac(pepper, check, code),
            "expires_at": expires,
            "tries": 0,
            "used": False,
            "consent": consent,
        }
        session.execute(_KEEP, row)


def _limits(number: str) -> tuple[tuple[str, bytes, int, int, type[Refusal]], ...]:
    """Kind, key, most, seconds and refusal.  The city's comes last: its row is everybody's.

    A big budget is split over sixteen counters, so that checks do not wait for one row.
    """
    made = installation()
    settings, pepper = made.settings, made.keys["people"].pepper
    by_number = number_mac(pepper, number)
    parts = CITY_COUNTERS if settings.codes_per_day >= COUNTERS_FROM else 1
    part, most = bytes([by_number[0] % parts]), settings.codes_per_day // parts
    prefix = prefix_mac(pepper, number)
    return (
        ("number", by_number, settings.codes_per_number_hour, HOUR, TooManyCodes),
        ("prefix", prefix, settings.codes_per_prefix_hour, HOUR, TooManyCodes),
        ("city", part, most, DAY, SmsBudgetUsedUp),
    )


def _count(session: Session, number: str, *, now: datetime) -> None:
    for kind, key, most, seconds, refusal in _limits(number):
        wait = seconds_over(session, kind, key, most=most, seconds=seconds, now=now)
        if wait is not None:
            raise refusal(retry_after=wait)


def _void(check: str, number: str) -> None:
    with transaction("people") as session:
        for kind, key, *_ in _limits(number):
            take_back(session, kind, key)
        session.execute(delete(PhoneCheckRow).where(PhoneCheckRow.id == check))


def _raise_alarm(now: datetime) -> None:
    """Once a day."""
    most = installation().settings.codes_per_day
    with transaction("people") as session:
        if seconds_over(session, "city-alarm", b"", most=1, seconds=DAY, now=now) is None:
            record(session, "people", SmsBudgetReached("sms", most=most), now=now)


def _look_at_prefix(number: str, now: datetime) -> None:
    """An alarm, once an hour for each prefix whose numbers asked for too many codes together."""
    made = installation()
    prefix = prefix_mac(made.keys["people"].pepper, number)
    most = made.settings.codes_per_prefix_hour
    with transaction("people") as session:
        counted = session.get(LimitRow, ("prefix", prefix))
        if counted is None or counted.uses < most:
            return
        if seconds_over(session, "prefix-alarm", prefix, most=1, seconds=HOUR, now=now) is None:
            record(session, "people", SmsPrefixLimited("sms", most=most), now=now)


def watch_budget(*, now: datetime) -> int:
    """An alarm, once a day, when most of the city's codes are used; returns whether it was."""
    settings = installation().settings
    day = LimitRow.started_at > now - timedelta(seconds=DAY)
    used = select(func.sum(LimitRow.uses)).where(LimitRow.kind == "city", day)
    alarming = settings.codes_per_day * settings.codes_alarm_percent
    with reading("people") as session:
        if (session.scalar(used) or 0) * 100 < alarming:
            return 0
    with transaction("people") as session:
        if seconds_over(session, "city-most", b"", most=1, seconds=DAY, now=now) is not None:
            return 0
        happened = SmsBudgetNearlyUsed(
            "sms", percent=settings.codes_alarm_percent, most=settings.codes_per_day
        )
        record(session, "people", happened, now=now)
    return 1


def _check_consent(version: int | None) -> None:
    """Raises ConsentNeeded, ConsentOutdated."""
    if version is not None:
        check_version(IDENTIFICATION, version=version)
    elif is_consent_needed():
        raise ConsentNeeded(purpose=IDENTIFICATION, version=get_text(IDENTIFICATION).version)


def sign_in_with_code(check: str, *, code: str, now: datetime) -> SignIn:
    """Trade the right code for a sign-in, once.  The first one makes the account.

    Every try is counted before the code is looked at, so that parallel guesses are no
    more than the allowed ones.  Raises CodeWrong, PhoneCheckSpent, PhoneCheckExpired,
    PhoneCheckUnknown.
    """
    if not is_id(check):
        raise PhoneCheckUnknown()
    with transaction("people", durable=False) as session:
        outcome = _try_code(session, check, code, now=now)
        if isinstance(outcome, _Right):
            made = sign_in_with_key(session, "number", outcome.number, proof=BY_SMS, now=now)
            _note_consent(session, made.account, outcome, now=now)
            return made
    raise outcome


def add_number(check: str, *, code: str, account: str, family: str, now: datetime) -> SignIn:
    """Trade the right code, once, for another roll key of the account that is signed in.

    Raises what ``sign_in_with_code`` does, OtherKeyHeld, StrongerSignInNeeded, AccountGone.
    """
    if not is_id(check):
        raise PhoneCheckUnknown()
    with transaction("people") as session:
        outcome = _try_code(session, check, code, now=now)
        if isinstance(outcome, _Right):
            number = outcome.number
            made = add_key(session, account, "number", number, proof=BY_SMS, family=family)
            _note_consent(session, account, outcome, now=now)
            return made
    raise outcome


class _Right(NamedTuple):
    """What a right code proves: the digest of the number; and what was agreed to, if it was."""

    number: bytes
    consent: int | None


def _note_consent(session: Session, account: str, proved: _Right, *, now: datetime) -> None:
    """A text that changed while the code was on its way is asked for anew when it is needed."""
    if proved.consent == get_text(IDENTIFICATION).version:
        note_consent(session, account, IDENTIFICATION, version=proved.consent, now=now)


_TRY = (
    CHECKS.update()
    .where(
        CHECKS.c.id == bindparam("check"),
        CHECKS.c.used.is_(False),
        CHECKS.c.tries < bindparam("most"),
        CHECKS.c.expires_at > bindparam("now"),
    )
    .values(tries=CHECKS.c.tries + 1, used=CHECKS.c.code_mac == bindparam("given"))
    .returning(CHECKS.c.code_mac, CHECKS.c.number_mac, CHECKS.c.tries, CHECKS.c.consent)
)


def _try_code(session: Session, check: str, code: str, *, now: datetime) -> _Right | Refusal:
    """A refusal is given back, not raised: the counted try has to be committed."""
    made = installation()
    most = made.settings.code_tries
    given = code_mac(made.keys["people"].pepper, check, code)
    known = {"check": check, "most": most, "now": now, "given": given}
    row = session.execute(_TRY, known).one_or_none()
    if row is None:
        return _why_not(session, check, now=now)
    if not hmac.compare_digest(row.code_mac, given):
        return CodeWrong(tries_left=most - row.tries) if row.tries < most else PhoneCheckSpent()
    return _Right(bytes(row.number_mac), row.consent)


def _why_not(session: Session, check: str, *, now: datetime) -> Refusal:
    query = select(PhoneCheckRow.expires_at, PhoneCheckRow.used, PhoneCheckRow.tries)
    found = session.execute(query.where(PhoneCheckRow.id == check)).one_or_none()
    if found is None:
        return PhoneCheckUnknown()
    if found.used or found.tries >= installation().settings.code_tries:
        return PhoneCheckSpent()
    return PhoneCheckExpired() if found.expires_at <= now else PhoneCheckSpent()
