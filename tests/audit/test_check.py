"""``mvote audit check`` holds a log to its chain."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import create_engine, text

from mvote.audit.rules import Happening
from mvote.audit.service import record, seal
from mvote.db import transaction
from mvote.settings import Settings
from tests.commands import run_mvote

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LampLit(Happening):
    watts: int


def write_log(app: Flask, *, rows: int) -> None:
    with app.app_context():
        with transaction("votes") as session:
            for watts in range(rows):
                record(session, "votes", LampLit("hall", watts), now=NOW)
        seal("votes")


def change(settings: Settings, statement: str) -> None:
    engine = create_engine(settings.database_url("votes"))
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount
    engine.dispose()


def report_of(settings: Settings) -> tuple[int, dict[str, object]]:
    done = run_mvote(settings, "audit", "check", "--side", "votes", "--json")
    return done.returncode, json.loads(done.stdout)["votes"]


def test_a_log_that_nobody_touched_is_whole(app: Flask, settings: Settings) -> None:
    write_log(app, rows=5)
    code, report = report_of(settings)
    assert (code, report["rows"], report["chained"], report["fault"]) == (0, 5, 5, None)


def test_a_changed_row_is_found(app: Flask, settings: Settings) -> None:
    write_log(app, rows=5)
    change(settings, "UPDATE audit SET body = replace(body, '3', '4') WHERE id = 4")
    code, report = report_of(settings)
    assert (code, report["fault"]) == (1, "row 4 was changed")


def test_a_missing_row_is_found(app: Flask, settings: Settings) -> None:
    write_log(app, rows=5)
    change(settings, "DELETE FROM audit WHERE id = 2")
    code, report = report_of(settings)
    assert (code, report["fault"]) == (1, "row 2 is missing")


def test_a_missing_link_is_found(app: Flask, settings: Settings) -> None:
    write_log(app, rows=5)
    change(settings, "DELETE FROM audit_chain WHERE seq = 3")
    code, report = report_of(settings)
    assert (code, report["fault"]) == (1, "link 3 is missing")


def test_the_fault_is_said_in_words(app: Flask, settings: Settings) -> None:
    write_log(app, rows=3)
    change(settings, "UPDATE audit SET subject = 'cellar' WHERE id = 1")
    done = run_mvote(settings, "audit", "check")
    assert done.returncode == 1
    assert "people: whole: 0 rows" in done.stdout
    assert "votes: NOT WHOLE: row 1 was changed" in done.stdout
