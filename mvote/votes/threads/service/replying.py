"""What departments say in a discussion, and what experts say through them."""

from datetime import datetime

from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes, digest
from mvote.core.ids import crockford
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import transaction
from mvote.votes.threads.errors import OnlyOneLevel
from mvote.votes.threads.rules import (
    TOP,
    Expert,
    ExpertStatementEntered,
    OfficeReplied,
    OfficeReply,
    office_digest,
)
from mvote.votes.threads.rules_experts import check_signature, content_of
from mvote.votes.threads.service.finding import check_shown, find_post, require_own
from mvote.votes.threads.service.reading import expert_of, office_of
from mvote.votes.threads.tables import ExpertRow, OfficeReplyRow


def reply_for_office(
    record_id: str, post_id: str, *, text: Words, official: Official, now: datetime
) -> tuple[OfficeReply, bool]:
    """The department replies to a post, marked as such; the same words again are one reply.

    Raises RecordUnknown, RecordMoved, RecordClosed, RecordOfOtherDepartment, PostUnknown,
    OnlyOneLevel, PostNotShown.
    """
    name = _id_of(office_digest(record_id, post_id, official.department, text))
    with transaction("votes") as session:
        require_own(session, record_id, official)
        post = find_post(session, record_id, post_id)
        if post.kind not in TOP:
            raise OnlyOneLevel()
        row = session.get(OfficeReplyRow, name, with_for_update=True)
        if row is not None:
            return office_of(row), False
        check_shown(session, post)
        row = OfficeReplyRow(
            id=name,
            record=record_id,
            parent=post_id,
            department=official.department,
            at=now.replace(microsecond=0),
            words=canonical_bytes(dict(text)).decode(),
            by=official.id,
        )
        session.add(row)
        happened = OfficeReplied(record_id, post_id, name, official.department, official.id)
        audit(session, "votes", happened, now=now)
        return office_of(row), True


def enter_expert_statement(
    record_id: str,
    *,
    name: Words,
    role: Words,
    interest: Words,
    text: Words,
    key: str,
    signature: str,
    official: Official,
    now: datetime,
) -> tuple[Expert, bool]:
    """Enter what an expert states, with the declared interest; the same again is one.

    ``key`` and ``signature`` are both there or both empty: then it is the office's word that
    the expert said so.  Raises RecordUnknown, RecordMoved, RecordClosed, RecordOfOtherDepartment,
    StatementNotSigned.
    """
    content = content_of(record_id, name=name, role=role, interest=interest, text=text)
    if key or signature:
        check_signature(content, key=key, signature=signature)
    made = digest(content | {"key": key, "signature": signature})
    with transaction("votes") as session:
        require_own(session, record_id, official)
        row = session.get(ExpertRow, _id_of(made), with_for_update=True)
        if row is not None:
            return expert_of(row), False
        row = ExpertRow(
            id=_id_of(made),
            record=record_id,
            department=official.department,
            at=now.replace(microsecond=0),
            content=canonical_bytes(content).decode(),
            key=key,
            signature=signature,
            digest=made,
            by=official.id,
        )
        session.add(row)
        _tell(session, row, official, now)
        return expert_of(row), True


def _tell(session: Session, row: ExpertRow, official: Official, now: datetime) -> None:
    happened = ExpertStatementEntered(
        row.record,
        statement=row.id,
        department=official.department,
        signed=bool(row.signature),
        by=official.id,
    )
    audit(session, "votes", happened, now=now)


def _id_of(spelled: str) -> str:
    return crockford(bytes.fromhex(spelled))
