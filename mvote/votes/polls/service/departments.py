"""The departments of the city: who asks, and who owes the answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mvote.audit.service import record
from mvote.core.fields import Faults, Reader
from mvote.db import reading, transaction
from mvote.votes.polls.errors import DepartmentExists, DepartmentRefused, DepartmentUnknown
from mvote.votes.polls.rules import CODE, CODE_WORDS, Department, DepartmentAdded
from mvote.votes.polls.tables import DepartmentRow

MOST_NAME = 100


def add_department(code: str, *, name: Mapping[str, str], by: str, now: datetime) -> Department:
    """``by`` is an account or ``command``.  Raises DepartmentRefused, DepartmentExists."""
    faults = Faults()
    read = Reader({"code": code, "name": dict(name)}, faults)
    made = Department(read.matching("code", CODE, CODE_WORDS), read.words("name", most=MOST_NAME))
    faults.refuse(DepartmentRefused)
    try:
        with transaction("votes") as session:
            row = DepartmentRow(code=code, name_ko=made.name["ko"], name_en=made.name["en"])
            session.add(row)
            record(session, "votes", DepartmentAdded(code, by=by), now=now)
    except IntegrityError:
        raise DepartmentExists(department=code) from None
    return made


def get_department(code: str) -> Department:
    """Raises DepartmentUnknown."""
    with reading("votes") as session:
        row = session.get(DepartmentRow, code) if CODE.fullmatch(code) else None
        if row is None:
            raise DepartmentUnknown(department=code[:64])
        return _department(row)


def list_departments() -> Sequence[Department]:
    """All of them, by their code."""
    with reading("votes") as session:
        rows = session.scalars(select(DepartmentRow).order_by(DepartmentRow.code))
        return [_department(row) for row in rows]


def _department(row: DepartmentRow) -> Department:
    return Department(row.code, {"ko": row.name_ko, "en": row.name_en})
