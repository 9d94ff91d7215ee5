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
    assert import_register(lines(*GOOD), replace=False, now=now).entries == 3
    assert held() == [("jongno", 2000, "x"), ("mapo", 1985, "f"), (None, None, None)]
    told = phones.call("GET", "/me", token=phones.sign_in()["access"]).json
    assert told["register"] == {"district": "mapo", "birth_band": 1985, "gender": "f"}
    entry = next(list_entries("people"))
    assert (entry.name, entry.subject) == ("RegisterImported", "register")
    assert entry.body == {"subject": "register", "entries": 3, "moved": 0, "replaced": False}


def test_columns_may_stand_in_any_order_and_blank_lines_between(
    inside: Flask, now: datetime
) -> None:
    rows = ("gender,number,birth_year,district", "", "m,010-2345-6789,1990,mapo", "")
    assert import_register(lines(*rows), replace=False, now=now).entries == 1
    assert held() == [("mapo", 1990, "m")]


def test_a_second_file_adds_and_corrects(inside: Flask, now: datetime) -> None:
    import_register(lines(*GOOD), replace=False, now=now)
    second = (HEADER, "010-2345-6789,guro,1987,f", "010-5555-6666,guro,1950,m")
    assert import_register(lines(*second), replace=False, now=now).entries == 2
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
        (",mapo,1987,f", "the number is missing"),
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
@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "number is missing"),
        ("number", "district is missing; birth_year is missing; gender is missing"),
        ("number,district,birth_year", "gender is missing"),
        (HEADER + ",name", "'name' is unknown"),
        (HEADER + ",number", "number stands twice"),
        (HEADER.replace(",", ";"), "is unknown"),
    ],
)
def test_a_wrong_header_is_told(inside: Flask, now: datetime, header: str, reason: str) -> None:
    said = refusal(header, "010-2345-6789,mapo,1987,f", now=now)
    assert said.startswith("1: ")
    assert reason in said
    assert said.endswith(HEADER)


def test_years_are_told_apart_by_fives() -> None:
    assert [birth_band(year) for year in (1989, 1990, 1994, 1995)] == [1985, 1990, 1990, 1995]


CITY = 15_001
"""More than is staged or compared at once."""


def test_a_whole_citys_register_is_taken(inside: Flask, now: datetime) -> None:
    rows = [f"010{20_000_000 + i},d{i % 25},{1930 + i % 80},{'fm'[i % 2]}" for i in range(CITY)]
    assert import_register(lines(HEADER, *rows), replace=False, now=now).entries == CITY
    with reading("people") as session:
        counts = count_facts(session, lists=(), roll_key="number")
        assert sum(count for _, count in counts) == CITY


WITH_IDS = "entry," + HEADER


def test_entries_of_the_city_stand_with_or_without_a_number(inside: Flask, now: datetime) -> None:
    rows = (WITH_IDS, "A-1,010-2345-6789,mapo,1987,f", "A-2,,guro,1950,m", ",010-3333-4444,,,")
    assert import_register(lines(*rows), replace=False, now=now).new == 3
    with reading("people") as session:
        rows_held = session.scalars(select(RegisterRow)).all()
        kept = {row.district: (row.entry, row.number_mac) for row in rows_held}
    assert kept["guro"][1] is None
    assert kept["mapo"][0] != kept["mapo"][1]
    assert kept[None][0] == kept[None][1]
    assert import_register(lines(*rows), replace=False, now=now).changed == 0


@on_sqlite
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,mapo,1987,f", "neither number nor entry"),
        ("A-1,,mapo,1987,f", "the same entry as in line 2"),
        ("A 2,,mapo,1987,f", "entry has to be"),
        ("x" * 65 + ",,mapo,1987,f", "entry has to be"),
        ("900101-1234567,,mapo,1987,f", "resident registration number"),
        ("9001011234567,,mapo,1987,f", "resident registration number"),
        ("A-2,010-2345-6789,mapo,1987,f", "the same number as in line 2"),
    ],
)
def test_a_wrong_entry_is_named(inside: Flask, now: datetime, row: str, reason: str) -> None:
    said = refusal(WITH_IDS, "A-1,010-2345-6789,mapo,1987,f", row, now=now)
    assert said.startswith("3: ")
    assert reason in said


def test_a_number_moves_to_another_entry_only_when_told(inside: Flask, now: datetime) -> None:
    first = (WITH_IDS, "A-1,010-2345-6789,mapo,1987,f", ",010-3333-4444,jongno,2004,x")
    import_register(lines(*first), replace=False, now=now)
    second = (WITH_IDS, "A-2,010-2345-6789,guro,1950,m", "A-3,010-3333-4444,jongno,2004,x")
    said = refusal(*second, now=now)
    assert said.startswith("2: ")
    assert "2 in all" in said
    found = import_register(lines(*second), replace=False, moves=True, now=now)
    assert (found.new, found.moved) == (2, 2)
    # The city's own entry keeps its facts; one that was nothing but the number is gone.
    assert held() == [("guro", 1950, "m"), ("jongno", 2000, "x"), ("mapo", 1985, "f")]
    swapped = (WITH_IDS, "A-2,010-3333-4444,guro,1950,m", "A-3,010-2345-6789,jongno,2004,x")
    assert import_register(lines(*swapped), replace=False, moves=True, now=now).moved == 2


def test_a_dry_run_says_what_would_change_and_changes_nothing(inside: Flask, now: datetime) -> None:
    import_register(lines(*GOOD), replace=False, now=now)
    before = held()
    rows = (HEADER, "010-2345-6789,guro,1987,f", "010-5555-6666,guro,1950,m")
    found = import_register(lines(*rows), replace=True, dry=True, now=now)
    assert (found.entries, found.new, found.changed, found.gone) == (2, 1, 1, 2)
    assert held() == before
    import_list("traders", lines("010-1111-2222", "010-3333-4444"), now=now)
    listed = import_list("traders", lines("010-1111-2222", "010-2222-3333"), dry=True, now=now)
    assert (listed.new, listed.gone) == (1, 1)


def test_people_on_a_list_by_number_or_by_entry_are_counted_once(
    inside: Flask, now: datetime
) -> None:
    rows = ("A-1,010-2345-0001,mapo,1985,f", "A-2,,guro,1985,f", ",010-2345-0003,guro,1985,m")
    import_register(lines(WITH_IDS, *rows), replace=False, now=now)
    import_list("a", lines("entry", "A-1", "A-2", "A-9"), now=now)
    import_list("b", lines("010-2345-0001", "010-2345-0003", "010-2345-0009"), now=now)

    def counted(roll_key: str, *lists: str) -> list[tuple[str, int]]:
        with reading("people") as session:
            found = count_facts(session, lists=lists, roll_key=roll_key)
            return sorted(("".join(sorted(facts.lists)), count) for facts, count in found)

    assert counted("number") == [("", 1), ("", 1)]  # two have a number
    assert counted("entry") == [("", 1), ("", 1), ("", 1)]
    assert counted("number", "a", "b") == [("ab", 1), ("b", 1), ("b", 1)]
    assert counted("entry", "a", "b") == [("a", 1), ("a", 1), ("ab", 1), ("b", 1)]


def test_a_list_holds_the_numbers_of_its_newest_file(
    inside: Flask, phones: Phones, now: datetime
) -> None:
    assert import_list("traders", lines("010-2345-6789", "010-1111-2222"), now=now).entries == 2
    account = phones.call("GET", "/me", token=phones.sign_in()["access"]).json["account"]
    with reading("people") as session:
        voter = get_voter(session, account, **BY_NUMBER, lists=("traders", "others"))
        assert voter.facts.lists == frozenset({"traders"})
        assert get_voter(session, account, **BY_NUMBER, lists=()).facts.lists == frozenset()
    csv = ("name,number", '"Kim, A.",010-1111-2222')
    assert import_list("traders", lines(*csv), now=now).entries == 1
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
        ("number,entry", "010-2345-6789,A-1"),
        ("entry", "A-1", "A-1"),
        ("entry", "9001011234567"),
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
        assert get_voter(session, account, **BY_NUMBER, lists=()).facts == Facts(True, proved=True)
