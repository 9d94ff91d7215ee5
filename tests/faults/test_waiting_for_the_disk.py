"""Only what a citizen can do again is not waited for; everything else is on the disk."""

from flask import Flask

from mvote.db import transaction


def synchronous(app: Flask, *, durable: bool) -> str:
    """How the database would commit this transaction."""
    with app.app_context(), transaction("people", durable=durable) as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
            return {1: "off", 2: "on"}[int(level)]
        return str(connection.exec_driver_sql("SHOW synchronous_commit").scalar_one())


def test_one_that_does_not_wait_makes_no_other_so(app: Flask) -> None:
    first = synchronous(app, durable=True)
    assert synchronous(app, durable=False) == "off"
    assert synchronous(app, durable=True) == first
    if app.config["SQLALCHEMY_BINDS"]["people"]["url"].startswith("sqlite"):
        assert first == "on"  # the tests' own PostgreSQL never waits
