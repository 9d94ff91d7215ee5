"""What a database says of a row that it refuses tells nobody who it was about."""

import traceback
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from mvote.db import transaction
from mvote.people.identity.tables import AccountRow, ConsentRow


def put(table: type[Any], rows: list[dict[str, Any]]) -> None:
    with transaction("people") as session:
        for row in rows:
            session.execute(insert(table).values(row))


def test_an_error_of_the_database_quotes_no_row(app: Flask) -> None:
    twice: dict[str, Any] = {"id": "an-account-0000a", "number_mac": b"whose number?".ljust(32)}
    lacking: dict[str, Any] = {
        "account": "an-account-0000a",
        "purpose": "whose",
        "version": 1,
        "digest": None,
    }
    for table, rows in ((AccountRow, [twice, twice]), (ConsentRow, [lacking])):
        with app.app_context(), pytest.raises(IntegrityError) as caught:
            put(table, rows)
        told = "".join(traceback.format_exception(caught.value))
        assert "constraint" in told.lower()
        for private in ("an-account", "whose", b"whose".hex()):
            assert private not in told, told
