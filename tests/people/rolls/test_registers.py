"""Registers and lists: read strictly, taken whole or not at all."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from mvote.audit.service import list_entries
from mvote.core.eligibility import Facts
from mvote.db import reading
from mvote.people.identity.errors import AccountGone
from mvote.people.rolls.errors import FileRefused, ListNameNotValid
from mvote.people.rolls.rules import birth_band
from mvote.people.rolls.service.registers import (
    import_list,
    import_register,
)
from mvote.people.rolls.service.voters import count_facts, get_voter
from mvote.people.rolls.tables import ListedRow, RegisterRow
from tests.people.conftest import NUMBER, Phones, on_sqlite

BY_NUMBER = {"proof": "sms", "roll_key": "number"}
HEADER = "number,district,birth_year,gender"
GOOD = (HEADER, "010-2345-6789,mapo,1987,f", "+821011112222,,,", "010 3333 4444,jongno,2004,X")


def lines(*rows: str) -> list[str]:
    return [row + "\n" for row in rows]


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def held() -> list[tuple[str | None, int | None, str | None]]:
    with reading("people") as session:
        rows = session.scalars(select(RegisterRow))
        return sorted(((r.district, r.birth_band, r.gender) for r in rows), key=repr)


def refusal(*rows: str, now: datetime) -> str:
    """The refusal of a file, after which nothing may have changed."""
    before = held()
    with pytest.raises(FileRefused) as refused:
        import_register(lines(*rows), replace=True, now=now)
    assert held() == before
    return f"{refused.value.params['line']}: {refused.value.params['reason']}"


def test_a_register_gives_district_band_and_gender(
    inside: Flask, phones: Phones, now: datetime
) -> None:
    assert import_register(lines(*GOOD), replace=False, now=now) == 3
    assert held() == [("jongno", 2000, "x"), ("mapo", 1985, "f"), (None, None, None)]
    told = phones.call("GET", "/me", token=phones.sign_in()["access"]).json
    assert told["register"] == {"district": "mapo", "birth_band": 1985, "gender": "f"}
    entry = next(list_entries("people"))
    assert (entry.name, entry.subject) == ("RegisterImported", "register")
    assert entry.body == {"subject": "register", "numbers": 3, "replaced": False}


def test_columns_may_stand_in_any_order_and_blank_lines_between(
    inside: Flask, now: datetime
) -> None:
    rows = ("gender,number,birth_year,district", "", "m,010-2345-6789,1990,mapo", "")
    assert import_register(lines(*rows), replace=False, now=now) == 1
    assert held() == [("mapo", 1990, "m")]


def test_a_second_file_adds_and_corrects(inside: Flask, now: datetime) -> None:
    import_register(lines(*GOOD), replace=False, now=now)
    second = (HEADER, "010-2345-6789,guro,1987,f", "010-5555-6666,guro,1950,m")
    assert import_register(lines(*second), replace=False, now=now) == 2
    assert len(held()) == 4
    assert ("mapo", 1985, "f") not in held()


def test_a_file_that_replaces_leaves_nothing_else(inside: Flask, now: datetime) -> None:
    import_register(lines(*GOOD), replace=False, now=now)
    import_register(lines(HEADER, "010-5555-6666,guro,1950,m"), replace=True, now=now)
    assert held() == [("guro", 1950, "m")]


@on_sqlite
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("010-23,mapo,1987,f", "not a valid phone number"),
        (",mapo,1987,f", "not a valid phone number"),
        ("010-2345-6780,mapo,87,f", "birth_year has to be"),
        ("010-2345-6780,mapo,1899,f", "birth_year has to be"),
        ("010-2345-6780,mapo,2999,f", "birth_year has to be"),
        ("010-2345-6780,mapo,１９９０,f", "birth_year has to be"),
        ("010-2345-6780,mapo,1987,female", "gender has to be"),
        ("010-2345-6780,ma po,1987,f", "district has to be"),
        ("010-2345-6780,mapo,1987", "3 columns where the header has 4"),
        ("010-2345-6780,mapo,1987,f,x", "5 columns where the header has 4"),
        ("+82 10 2345 6789,mapo,1987,f", "the same number as in line 2"),
        ('"010-2345-6780,mapo,1987,f', "not CSV"),
        ("010-2345-6780\x00,mapo,1987,f", "not a valid phone number"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken(
    inside: Flask, now: datetime, row: str, reason: str
) -> None:
    import_register(lines(HEADER, "010-9999-1111,guro,1950,m"), replace=False, now=now)
    said = refusal(*GOOD[:2], row, now=now)
    assert said.startswith("3: ")
    assert reason in said
    assert len(held()) == 1


@on_sqlite
@pytest.mark.parametrize("header", ["", "number", "number,district,birth_year", HEADER + ",name"])
def test_a_wrong_header_is_told(inside: Flask, now: datetime, header: str) -> None:
    assert refusal(header, "010-2345-6789,mapo,1987,f", now=now).endswith(HEADER)


def test_years_are_told_apart_by_fives() -> None:
    assert [birth_band(year) for year in (1989, 1990, 1994, 1995)] == [1985, 1990, 1990, 1995]


def test_a_whole_citys_register_is_taken(inside: Flask, now: datetime) -> None:
    rows = [f"010{20_000_000 + i},d{i % 25},{1930 + i % 80},{'fm'[i % 2]}" for i in range(62_529)]
    assert import_register(lines(HEADER, *rows), replace=False, now=now) == 62_529
    with reading("people") as session:
        assert (
            sum(count for _, count in count_facts(session, lists=(), roll_key="number")) == 62_529
        )


def test_a_list_holds_the_numbers_of_its_newest_file(
    inside: Flask, phones: Phones, now: datetime
) -> None:
    assert import_list("traders", lines("010-2345-6789", "010-1111-2222"), now=now) == 2
    account = phones.call("GET", "/me", token=phones.sign_in()["access"]).json["account"]
    with reading("people") as session:
        voter = get_voter(session, account, **BY_NUMBER, lists=("traders", "others"))
        assert voter.facts.lists == frozenset({"traders"})
        assert get_voter(session, account, **BY_NUMBER, lists=()).facts.lists == frozenset()
    csv = ("name,number", '"Kim, A.",010-1111-2222')
    assert import_list("traders", lines(*csv), now=now) == 1
    with reading("people") as session:
        assert (
            get_voter(session, account, **BY_NUMBER, lists=("traders",)).facts.lists == frozenset()
        )


@on_sqlite
@pytest.mark.parametrize(
    "rows",
    [
        ("010-2345-6789", "010-2345-6789"),
        ("010-2345-6789", "nobody"),
        ("010-2345-6789,Kim",),
        ("name,number", "Kim"),
    ],
)
def test_a_wrong_list_changes_nothing(inside: Flask, now: datetime, rows: tuple[str, ...]) -> None:
    import_list("traders", lines("010-3333-4444"), now=now)
    with pytest.raises(FileRefused):
        import_list("traders", lines(*rows), now=now)
    with reading("people") as session:
        assert len(session.scalars(select(ListedRow)).all()) == 1


@on_sqlite
@pytest.mark.parametrize("name", ["", "two words", "a/b", "x" * 65, "\x00"])
def test_a_list_has_a_plain_name(inside: Flask, now: datetime, name: str) -> None:
    with pytest.raises(ListNameNotValid):
        import_list(name, lines("010-3333-4444"), now=now)


def test_those_who_could_vote_are_counted_by_their_facts(inside: Flask, now: datetime) -> None:
    import_register(
        lines(
            HEADER,
            "010-2345-0001,mapo,1987,f",
            "010-2345-0002,mapo,1985,f",
            "010-2345-0003,guro,1985,f",
            "010-2345-0004,guro,,m",
        ),
        replace=False,
        now=now,
    )
    import_list("traders", lines("010-2345-0003", "010-2345-0009"), now=now)
    import_list("others", lines("010-2345-0001"), now=now)
    with reading("people") as session:
        assert dict(count_facts(session, lists=(), roll_key="number")) == {
            Facts(True, "mapo", 1985, "f", resident=True): 2,
            Facts(True, "guro", 1985, "f", resident=True): 1,
            Facts(True, "guro", None, "m", resident=True): 1,
        }
        assert dict(count_facts(session, lists=("traders",), roll_key="number")) == {
            Facts(True, "mapo", 1985, "f", resident=True): 2,
            Facts(True, "guro", None, "m", resident=True): 1,
            Facts(True, "guro", 1985, "f", frozenset({"traders"}), True): 1,
            Facts(True, lists=frozenset({"traders"})): 1,
        }


def test_an_account_that_is_gone_is_no_voter(inside: Flask) -> None:
    with reading("people") as session, pytest.raises(AccountGone):
        get_voter(session, "0" * 16, **BY_NUMBER, lists=())


def test_a_number_without_register_entry_is_a_voter_without_facts(
    inside: Flask, phones: Phones
) -> None:
    account = phones.call("GET", "/me", token=phones.sign_in(NUMBER)["access"]).json["account"]
    with reading("people") as session:
        assert get_voter(session, account, **BY_NUMBER, lists=()).facts == Facts(True)
