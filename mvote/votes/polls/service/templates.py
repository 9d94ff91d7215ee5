"""Templates of a department or of the whole city, and drafts begun from them or from polls."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.phases import PollUnknown
from mvote.core.text import Words
from mvote.core.times import iso, parse_iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.polls.errors import (
    TemplateOfTheCity,
    TemplateShipped,
    TemplateUnknown,
    TooManyTemplates,
)
from mvote.votes.polls.rules import Template, TemplateDeleted, TemplateSaved
from mvote.votes.polls.service.drafts import Draft, check_department, draft_poll
from mvote.votes.polls.service.shipped import LASTS, SHIPPED, template_of
from mvote.votes.polls.tables import PollRow, TemplateRow

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class AskedOfCopy:
    """What a new poll is to have of its own; None leaves it to the copy.

    ``closes`` None: as long after the opening, or after now, as in what is copied.
    """

    department: str | None = None
    record: str | None = None
    title: Words | None = None
    opens: datetime | None = None
    closes: datetime | None = None


def save_template(
    poll_id: str, *, name: Words, whole_city: bool, official: Official, now: datetime
) -> Template:
    """Keep what a poll's draft says as a template of its department, or of the city.

    Raises PollUnknown, NotYourDepartment, TemplateOfTheCity, TooManyTemplates.
    """
    with transaction("votes") as session:
        poll = _readable(session, poll_id, official)
        department = None if whole_city else official.department
        _check_owner(department, official)
        most = installation().settings.templates_per_department
        kept = select(func.count()).where(TemplateRow.department == department)
        if (session.scalar(kept) or 0) >= most:
            raise TooManyTemplates(most=most)
        row = TemplateRow(
            id=new_id(),
            department=department,
            name_ko=name["ko"],
            name_en=name["en"],
            content=canonical_bytes(template_of(json.loads(poll.draft))).decode(),
            saved_at=now.replace(microsecond=0),
        )
        session.add(row)
        told = TemplateSaved(row.id, by=official.id, department=department or "")
        record(session, "votes", told, now=now)
        return _template(row)


def list_templates(*, official: Official) -> Sequence[Template]:
    """Those that came with the program, the city's, and those of the official's department."""
    mine = TemplateRow.department.is_(None) | (TemplateRow.department == official.department)
    query = select(TemplateRow).where(mine)
    query = query.order_by(
        TemplateRow.department.is_not(None), TemplateRow.saved_at, TemplateRow.id
    )
    with reading("votes") as session:
        return [*SHIPPED.values(), *map(_template, session.scalars(query))]


def get_template(template_id: str, *, official: Official) -> Template:
    """Raises TemplateUnknown, also for those of another department."""
    if template_id in SHIPPED:
        return SHIPPED[template_id]
    with reading("votes") as session:
        return _template(_find(session, template_id, official))


def delete_template(template_id: str, *, official: Official, now: datetime) -> None:
    """Polls that were begun from it stay.

    Raises TemplateUnknown, TemplateShipped, TemplateOfTheCity.
    """
    if template_id in SHIPPED:
        raise TemplateShipped()
    with transaction("votes") as session:
        row = _find(session, template_id, official)
        _check_owner(row.department, official)
        session.delete(row)
        told = TemplateDeleted(row.id, by=official.id, department=row.department or "")
        record(session, "votes", told, now=now)


def draft_from_template(
    template_id: str, *, asked: AskedOfCopy, official: Official, now: datetime
) -> Draft:
    """Begin a poll from a template.

    Raises TemplateUnknown, DraftRefused, NotYourDepartment.
    """
    content = {**get_template(template_id, official=official).content}
    content["closes"] = _closing(asked.opens or now, LASTS)
    return _begin(content, asked=asked, official=official, now=now)


def copy_poll(poll_id: str, *, asked: AskedOfCopy, official: Official, now: datetime) -> Draft:
    """Begin a poll from another one: every published one, and those of one's own department.

    It gets a record, times and a hash of its own.  Raises PollUnknown, DraftRefused,
    NotYourDepartment.
    """
    with reading("votes") as session:
        row = _readable(session, poll_id, official)
        draft, begun = json.loads(row.draft), row.opens_at or row.opened_at or row.drafted_at
    lasts = parse_iso(draft["closes"]) - begun
    content = {**template_of(draft), "closes": _closing(asked.opens or now, lasts)}
    return _begin(content, asked=asked, official=official, now=now)


def _closing(begun: datetime, lasts: timedelta) -> str:
    """Beyond the end of the calendar it is a year that no draft may name."""
    try:
        return iso(begun + lasts)
    except OverflowError:
        return iso(datetime.max.replace(tzinfo=UTC))


def _begin(
    content: dict[str, JSON], *, asked: AskedOfCopy, official: Official, now: datetime
) -> Draft:
    content["department"] = asked.department or official.department
    content["opens"] = iso(asked.opens) if asked.opens else None
    if asked.closes is not None:
        content["closes"] = iso(asked.closes)
    if asked.title is not None:
        content["title"] = dict(asked.title)
    if asked.record is not None:
        content["record"] = asked.record
    return draft_poll(content, official=official, now=now)


def _readable(session: Session, poll_id: str, official: Official) -> PollRow:
    """A poll that everyone may read, or that is of one's own department.

    Raises PollUnknown, NotYourDepartment.
    """
    row = session.get(PollRow, poll_id) if is_id(poll_id) else None
    if row is None:
        raise PollUnknown()
    if row.ph is None or row.private:
        check_department(row.department, official)
    return row


def _find(session: Session, template_id: str, official: Official) -> TemplateRow:
    row = session.get(TemplateRow, template_id) if is_id(template_id) else None
    if row is None or not (row.department is None or official.speaks_for(row.department)):
        raise TemplateUnknown()
    return row


def _check_owner(department: str | None, official: Official) -> None:
    """Raises TemplateOfTheCity."""
    if department is None and ADMINISTRATOR not in official.duties:
        raise TemplateOfTheCity()


def _template(row: TemplateRow) -> Template:
    content: Mapping[str, JSON] = json.loads(row.content)
    return Template(row.id, row.department, {"ko": row.name_ko, "en": row.name_en}, content)
