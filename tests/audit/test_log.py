"""What happened is chained once, whoever chains, and read on exactly once."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mvote.audit.rules import Entry, Happening
from mvote.audit.service import check_chain, list_entries, read_on, record, seal
from mvote.db import transaction

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BellRung(Happening):
    times: int


@dataclass(frozen=True, slots=True)
class DoorShut(Happening):
    pass


def ring(*times: int) -> None:
    with transaction("votes") as session:
        for one in times:
            record(session, "votes", BellRung("tower", one), now=NOW)


def shut_and_stumble() -> None:
    with transaction("votes") as session:
        record(session, "votes", DoorShut("hall"), now=NOW)
        raise RuntimeError


def rung(read: list[Entry]) -> list[int]:
    return [entry.body["times"] for entry in read]


def test_what_is_rolled_back_never_happened(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError):
            shut_and_stumble()
        assert list(list_entries("votes")) == []


def test_a_reader_gets_each_happening_once_and_only_those_it_asks_for(app: Flask) -> None:
    read: list[Entry] = []

    def keep(session: Session, entry: Entry) -> None:
        read.append(entry)

    with app.app_context():
        ring(1, 2)
        with transaction("votes") as session:
            record(session, "votes", DoorShut("hall"), now=NOW)
        assert read_on("votes", "watchman", keep, names=("BellRung",)) == 0, "nothing is chained"
        seal("votes")
        assert read_on("votes", "watchman", keep, names=("BellRung",)) == 2
        ring(3)
        seal("votes")
        assert read_on("votes", "watchman", keep, names=("BellRung",)) == 1
        assert rung(read) == [1, 2, 3]
        assert read_on("votes", "another", keep, names=("BellRung", "DoorShut")) == 4


def test_a_reader_that_crashes_gets_the_same_happening_again(app: Flask) -> None:
    read: list[Entry] = []

    def stumble(session: Session, entry: Entry) -> None:
        read.append(entry)
        record(session, "votes", DoorShut(f"after {entry.body['times']}"), now=NOW)
        if len(read) == 2:
            raise RuntimeError("stumbled over the second")

    with app.app_context():
        ring(1, 2, 3)
        seal("votes")
        with pytest.raises(RuntimeError):
            read_on("votes", "watchman", stumble, names=("BellRung",))
        assert read_on("votes", "watchman", stumble, names=("BellRung",)) == 2
        assert rung(read) == [1, 2, 2, 3]
        shut = [entry.subject for entry in list_entries("votes") if entry.name == "DoorShut"]
    assert shut == ["after 1", "after 2", "after 3"]


def test_many_sealers_and_writers_make_one_chain(app: Flask) -> None:
    faults: list[BaseException] = []

    def work(place: int) -> None:
        try:
            with app.app_context():
                for turn in range(10):
                    ring(100 * place + turn)
                    seal("votes")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with app.app_context():
        seal("votes")
        report = check_chain("votes")
    assert (report.rows, report.chained, report.fault) == (40, 40, None)
