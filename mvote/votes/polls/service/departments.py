"""The departments of the city: who asks, and who owes the answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mvote.audit.service import record
from mvote.core.fields import Faults, Reader
from mvote.core.official import DEPARTMENT, DEPARTMENT_WORDS
from mvote.db import reading, transaction
from mvote.votes.polls.errors import DepartmentExists, DepartmentRefused
from mvote.votes.polls.rules import Department, DepartmentAdded
from mvote.votes.polls.tables import DepartmentRow

MOST_NAME = 100


def add_department(code: str, *, name: Mapping[str, str], by: str, now: datetime) -> Department:
    """``by`` is an account or ``command``.  Raises DepartmentRefused, DepartmentExists."""
    faults = Faults()
    read = Reader({"code": code, "name": dict(name)}, faults)
    made = Department(
        read.matching("code", DEPARTMENT, DEPARTMENT_WORDS), read.words("name", most=MOST_NAME)
    )
    faults.refuse(DepartmentRefused)
    try:
        with transaction("votes") as session:
            row = DepartmentRow(code=code, name_ko=made.name["ko"], name_en=made.name["en"])
            session.add(row)
            record(session, "votes", DepartmentAdded(code, by=by), now=now)
    except IntegrityError:
        raise DepartmentExists(department=code) from None
    return made


def list_departments() -> Sequence[Department]:
    """All of them, by their code."""
    with reading("votes") as session:
        rows = session.scalars(select(DepartmentRow).order_by(DepartmentRow.code))
        return [_department(row) for row in rows]


def _department(row: DepartmentRow) -> Department:
    return Department(row.code, {"ko": row.name_ko, "en": row.name_en})
