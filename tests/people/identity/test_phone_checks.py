"""Phone checks over HTTP and at their edges in time."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from mvote.app import create_app
from mvote.audit.service import list_entries
from mvote.core.errors import Refusal
from mvote.db import engines, reading
from mvote.gateways.sms import SmsNotSent
from mvote.people.identity.errors import (
    CodeWrong,
    NumberNotValid,
    PhoneCheckExpired,
    PhoneCheckSpent,
    PhoneCheckUnknown,
    SmsBudgetUsedUp,
    TooManyCodes,
)
from mvote.people.identity.jobs import forget
from mvote.people.identity.rules import read_number
from mvote.people.identity.service.phone_checks import request_phone_check, sign_in_with_code
from mvote.people.identity.tables import AccountRow, FamilyRow, LimitRow, PhoneCheckRow
from mvote.settings import Settings
from tests.people.conftest import NUMBER, Phones, on_sqlite


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.fixture
def strict(settings: Settings) -> Iterator[Flask]:
    """An app with small limits."""
    small = replace(
        settings, codes_per_number_hour=2, codes_per_prefix_hour=3, codes_per_day=4, code_tries=3
    )
    made = create_app("both", small)
    with made.app_context():
        yield made
        for engine in engines.engines.values():
            engine.dispose()


def ask(number: str, now: datetime) -> str:
    return request_phone_check(number, language="ko", now=now)


# -- the number ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("010-2345-6789", NUMBER),
        ("01023456789", NUMBER),
        (" (010) 2345.6789 ", NUMBER),
        ("+82 10 2345 6789", NUMBER),
        ("+8201023456789", NUMBER),
        ("０１０－２３４５－６７８９", NUMBER),
        ("+1 415 555 2671", "+14155552671"),
        ("0048 512 345 678", "+48512345678"),
        ("+48 512 345 678", "+48512345678"),
    ],
)
def test_a_number_is_read_in_every_usual_spelling(written: str, read: str) -> None:
    if written.startswith("0048"):
        with pytest.raises(NumberNotValid):  # Korea dials abroad with 00 and a carrier
            read_number(written, region="KR")
        assert read_number(written, region="PL") == read
    else:
        assert read_number(written, region="KR") == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "112",
        "010-2345",
        "+82",
        "+999 123 456 789",
        "512 345 678",
        "+44 7700 900123",
        "010-2345-6789 ext 5",
        "call 010-2345-6789",
        "1-800-FLOWERS",
        "\x00" * 11,
        "9" * 41,
        "+1 900 555 2671",
        "060-700-1234",
        "02-312-3456",
        "070-7777-7777",
    ],
)
def test_a_number_that_gets_no_sms_is_refused(written: str) -> None:
    with pytest.raises(NumberNotValid):
        read_number(written, region="KR")


# -- over HTTP ----------------------------------------------------------------------------


def test_a_code_proves_a_number(phones: Phones) -> None:
    asked = phones.post("/phone-checks", {"number": "010-2345-6789", "language": "ko"})
    assert asked.status_code == 201
    assert asked.json["expires_in"] == 180
    assert 0 < asked.json["resend_in"] < 180
    path = f"/phone-checks/{asked.json['check']}/tokens"
    made = phones.post(path, {"code": phones.code()})
    assert made.status_code == 201
    assert sorted(made.json) == ["access", "expires_in", "refresh"]
    assert made.json["expires_in"] == 600


@on_sqlite
@pytest.mark.parametrize(("language", "said"), [("ko", "인증번호"), ("en", "Your code is")])
def test_the_text_lets_a_phone_fill_the_code_in(phones: Phones, language: str, said: str) -> None:
    phones.ask(language=language)
    text = phones.texts()[-1]["text"]
    assert said in text
    code = phones.code()
    assert text.splitlines()[-1] == f"@localhost #{code}"
    assert code in text.splitlines()[0]


def test_known_and_unknown_numbers_get_the_same_answer(phones: Phones) -> None:
    phones.sign_in()
    answers = [
        phones.post("/phone-checks", {"number": number, "language": "en"})
        for number in (NUMBER, "+821099998888")
    ]
    assert answers[0].status_code == answers[1].status_code == 201
    assert {k: v for k, v in answers[0].json.items() if k != "check"} == {
        k: v for k, v in answers[1].json.items() if k != "check"
    }
    assert re.sub(r"\d", "0", str(sorted(answers[0].headers.items()))) == re.sub(
        r"\d", "0", str(sorted(answers[1].headers.items()))
    )


BAD_REQUESTS: list[tuple[object, str]] = [
    ({"number": "12", "language": "ko"}, "number-not-valid"),
    ({"number": "+44 7700 900123", "language": "ko"}, "number-not-valid"),
    ({"number": 1023456789, "language": "ko"}, "fields-refused"),
    ({"language": "ko"}, "fields-refused"),
    ({"number": NUMBER, "language": "fr"}, "fields-refused"),
    ({"number": NUMBER, "language": "ko", "name": "x"}, "fields-refused"),
    ([], "fields-refused"),
]


@on_sqlite
def test_a_bad_request_sends_nothing(phones: Phones) -> None:
    for body, code in BAD_REQUESTS:
        answer = phones.post("/phone-checks", body)
        assert (answer.status_code, answer.json["code"]) == (422, code), body
        assert phones.texts() == []


@on_sqlite
@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345\n", 123456, None])
def test_a_code_that_is_none_costs_no_try(phones: Phones, code: object) -> None:
    check = phones.ask()
    for _ in range(6):
        assert phones.post(f"/phone-checks/{check}/tokens", {"code": code}).status_code == 422
    right = phones.post(f"/phone-checks/{check}/tokens", {"code": phones.code()})
    assert right.status_code == 201


def test_five_wrong_codes_spend_the_check(phones: Phones) -> None:
    path = f"/phone-checks/{phones.ask()}/tokens"
    wrong = {"code": other_than(phones.code())}
    for left in (4, 3, 2, 1):
        answer = phones.post(path, wrong)
        assert (answer.status_code, answer.json["code"]) == (422, "code-wrong")
        assert answer.json["params"] == {"tries_left": left}
    for body in (wrong, wrong, {"code": phones.code()}):
        answer = phones.post(path, body)
        assert (answer.status_code, answer.json["code"]) == (409, "phone-check-spent")


def test_the_right_code_after_four_wrong_ones_serves(phones: Phones) -> None:
    path = f"/phone-checks/{phones.ask()}/tokens"
    for _ in range(4):
        phones.post(path, {"code": other_than(phones.code())})
    assert phones.post(path, {"code": phones.code()}).status_code == 201


def test_a_code_serves_once(phones: Phones) -> None:
    path = f"/phone-checks/{phones.ask()}/tokens"
    assert phones.post(path, {"code": phones.code()}).status_code == 201
    again = phones.post(path, {"code": phones.code()})
    assert (again.status_code, again.json["code"]) == (409, "phone-check-spent")


def test_a_code_serves_no_other_check(phones: Phones) -> None:
    first = phones.ask()
    code = phones.code()
    second = phones.ask()
    if phones.code() == code:  # one time in a million
        return
    assert phones.post(f"/phone-checks/{second}/tokens", {"code": code}).status_code == 422
    assert phones.post(f"/phone-checks/{first}/tokens", {"code": code}).status_code == 201


def test_an_unknown_check_is_told(phones: Phones) -> None:
    for check in ("0" * 16, "x", "%00", "가" * 16, "a" * 3000):
        answer = phones.post(f"/phone-checks/{check}/tokens", {"code": "123456"})
        assert (answer.status_code, answer.json["code"]) == (404, "phone-check-unknown"), check


def test_sixteen_at_once_get_one_token(phones: Phones) -> None:
    path, code = f"/phone-checks/{phones.ask()}/tokens", phones.code()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: phones.post(path, {"code": code}), range(16)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 15


def test_sixteen_guesses_at_once_are_not_more_than_five(phones: Phones) -> None:
    path, wrong = f"/phone-checks/{phones.ask()}/tokens", {"code": other_than(phones.code())}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: phones.post(path, wrong), range(16)))
    codes = sorted(answer.json["code"] for answer in answers)
    assert codes == ["code-wrong"] * 4 + ["phone-check-spent"] * 12
    assert phones.post(path, {"code": phones.code()}).status_code == 409


def test_a_number_has_one_account_however_often_it_is_proved(phones: Phones) -> None:
    first, second = phones.sign_in(), phones.sign_in()
    accounts = {
        phones.call("GET", "/me", token=tokens["access"]).json["account"]
        for tokens in (first, second)
    }
    assert len(accounts) == 1


def test_two_first_checks_at_once_make_one_account(phones: Phones, app: Flask) -> None:
    entries = []
    for _ in range(4):
        check = phones.ask()
        entries.append((check, phones.code()))
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(
                lambda one: phones.post(f"/phone-checks/{one[0]}/tokens", {"code": one[1]}), entries
            )
        )
    assert [answer.status_code for answer in made] == [201] * 4
    with app.app_context(), reading("people") as session:
        assert session.scalar(select(func.count()).select_from(AccountRow)) == 1
        assert session.scalar(select(func.count()).select_from(FamilyRow)) == 4


def test_neither_number_nor_code_is_stored(phones: Phones, app: Flask, settings: Settings) -> None:
    phones.sign_in()
    code = phones.code()
    with app.app_context(), reading("people") as session:
        tables = (AccountRow, PhoneCheckRow, LimitRow, FamilyRow)
        dumped = " ".join(
            f"{column.name}={value!r}"
            for table in tables
            for row in session.scalars(select(table))
            for column in row.__table__.columns
            # The six digits of a microsecond are a code once in a million times.
            if not isinstance(value := getattr(row, column.name), datetime)
        )
    assert "number_mac" in dumped
    assert "23456789" not in dumped
    assert code not in dumped
    pepper = (settings.keys("people") / "pepper").read_bytes()
    assert pepper.hex() not in dumped


# -- limits -------------------------------------------------------------------------------


def test_a_number_gets_so_many_codes_in_an_hour(strict: Flask, now: datetime) -> None:
    ask(NUMBER, now)
    ask(NUMBER, now + timedelta(minutes=10))
    with pytest.raises(TooManyCodes) as refused:
        ask(NUMBER, now + timedelta(minutes=20))
    assert refused.value.params["retry_after"] == 40 * 60 + 1
    ask("+821011112222", now + timedelta(minutes=20))
    ask(NUMBER, now + timedelta(minutes=61))


def test_numbers_of_one_prefix_share_a_limit(strict: Flask, now: datetime) -> None:
    for last in ("1111", "2222", "3333"):
        ask(f"+82102345{last}", now)
    with pytest.raises(TooManyCodes):
        ask("+821023454444", now)
    ask("+821099994444", now)


def test_the_city_has_a_budget_and_an_alarm_once_a_day(strict: Flask, now: datetime) -> None:
    for prefix in "1234":
        ask(f"+82102{prefix}345555", now)
    for _ in range(3):
        with pytest.raises(SmsBudgetUsedUp):
            ask("+821077778888", now)
    alarms = [entry for entry in list_entries("people") if entry.name == "SmsBudgetReached"]
    assert [(alarm.subject, alarm.body["most"]) for alarm in alarms] == [("sms", 4)]
    ask("+821077778888", now + timedelta(hours=25))


def test_a_limit_holds_against_sixteen_at_once(
    strict: Flask, now: datetime, settings: Settings
) -> None:
    def one(_: int) -> str:
        with strict.app_context():
            try:
                return ask(NUMBER, now)
            except Refusal as refusal:
                return refusal.code()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(16)))
    assert answers.count("too-many-codes") == 14
    sent = Path(settings.sms_gateway.removeprefix("file:")).read_text().splitlines()
    assert len(sent) == 2


def test_a_refusal_says_when_to_come_back(phones: Phones) -> None:
    for _ in range(5):
        phones.ask()
    refused = phones.post("/phone-checks", {"number": NUMBER, "language": "ko"})
    assert (refused.status_code, refused.json["code"]) == (429, "too-many-codes")
    assert 0 < int(refused.headers["Retry-After"]) <= 3601


def test_what_could_not_be_sent_is_not_counted(
    strict: Flask, now: datetime, tmp_path: Path
) -> None:
    messages = tmp_path / "home" / "sms.jsonl"
    messages.mkdir()  # a folder cannot be written to
    for _ in range(6):
        with pytest.raises(SmsNotSent):
            ask(NUMBER, now)
    with reading("people") as session:
        assert session.scalar(select(func.count()).select_from(PhoneCheckRow)) == 0
        assert set(session.scalars(select(LimitRow.uses))) == {0}
    messages.rmdir()
    ask(NUMBER, now)


# -- time ---------------------------------------------------------------------------------


def test_a_code_expires(app: Flask, phones: Phones, now: datetime) -> None:
    with app.app_context():
        check = ask(NUMBER, now)
        with pytest.raises(PhoneCheckExpired):
            sign_in_with_code(check, code=phones.code(), now=now + timedelta(seconds=180))
        just = now + timedelta(seconds=179)
        assert sign_in_with_code(check, code=phones.code(), now=just).kind == "citizen"


def test_what_expired_is_forgotten(app: Flask, phones: Phones, now: datetime) -> None:
    with app.app_context():
        check = ask(NUMBER, now)
        assert forget(now + timedelta(minutes=30)) == 0
        assert forget(now + timedelta(hours=2)) == 1
        with pytest.raises(PhoneCheckUnknown):
            sign_in_with_code(check, code=phones.code(), now=now)
        assert forget(now + timedelta(days=3)) == 3
        assert forget(now + timedelta(days=3)) == 0


def test_a_wrong_try_is_counted_for_good(strict: Flask, phones: Phones, now: datetime) -> None:
    check = ask(NUMBER, now)
    wrong = other_than(phones.code())
    for _ in range(2):
        with pytest.raises(CodeWrong):
            sign_in_with_code(check, code=wrong, now=now)
    with pytest.raises(PhoneCheckSpent):
        sign_in_with_code(check, code=wrong, now=now)
    with pytest.raises(PhoneCheckSpent):
        sign_in_with_code(check, code=phones.code(), now=now)
