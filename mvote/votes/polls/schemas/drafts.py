"""Drafts, their revisions, their templates and copies, on the wire."""

import marshmallow as ma
from werkzeug.http import parse_etags

from mvote.core.issuing import CODE
from mvote.core.official import DEPARTMENT
from mvote.core.phases import PHASES
from mvote.core.poll import MOST_TITLE
from mvote.votes.polls.errors import RevisionNeeded
from mvote.votes.polls.schemas.definition import DraftContent, one_of, whole
from mvote.web.fields import Body, Id, Time, Words

MOST_TEMPLATE_NAME = 100


class SavingIn(ma.Schema):
    """The ETag of the draft that the official has seen, to save it or to approve it."""

    if_match = ma.fields.String(data_key="If-Match", load_default="")


def read_revisions(if_match: str) -> frozenset[int]:
    """The revisions that an If-Match header names.  Raises RevisionNeeded."""
    tags = parse_etags(if_match)
    if tags.star_tag or not tags:
        raise RevisionNeeded()
    numbers = (tag for tag in tags if tag.isascii() and tag.isdigit() and len(tag) < 10)
    return frozenset(map(int, numbers))


class DraftOut(ma.Schema):
    """``revision`` is also the ETag that If-Match has to carry to save or approve it."""

    id = Id(required=True)
    state = one_of(PHASES)
    revision = whole(1)
    draft = ma.fields.Nested(DraftContent, required=True)


class CopyIn(Body):
    """What the new poll has of its own; whatever is missing is as in what is copied.

    Without ``closes`` it is open for as long, without ``record`` it gets a new one.
    """

    department = ma.fields.String(validate=ma.validate.Regexp(rf"^{DEPARTMENT.pattern}\Z"))
    record = ma.fields.String(validate=ma.validate.Regexp(rf"^{CODE.pattern}\Z"))
    title = Words(most=MOST_TITLE)
    opens = Time()
    closes = Time()


class TemplateIn(Body):
    """``whole_city``: for every department; an administrator may."""

    name = Words(required=True, most=MOST_TEMPLATE_NAME)
    whole_city = ma.fields.Boolean(load_default=False)


class TemplateHeadOut(ma.Schema):
    """``department`` null is the whole city's; ``shipped`` came with the program."""

    id = ma.fields.String(required=True)
    name = Words(required=True)
    department = ma.fields.String(required=True, allow_none=True)
    shipped = ma.fields.Boolean(required=True)


class TemplateOut(TemplateHeadOut):
    """``content`` is a draft without department, record and times."""

    content = ma.fields.Dict(required=True)


class TemplatesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(TemplateHeadOut), required=True)
