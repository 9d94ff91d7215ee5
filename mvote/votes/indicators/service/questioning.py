"""A citizen questions an indicator; an official makes a case of it, or a proposal."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.core.working_time import read_within
from mvote.db import hold_gate, transaction
from mvote.installation import installation
from mvote.votes.discussions import service as records
from mvote.votes.discussions.rules import QUESTION as ENTRY
from mvote.votes.discussions.rules import QUESTION_REPLY
from mvote.votes.dues import service as dues
from mvote.votes.indicators.errors import (
    IndicatorUnknown,
    NothingToQuestion,
    QuestionNoCase,
    QuestionNotShown,
    QuestionOfOtherDepartment,
    QuestionTakenUp,
    QuestionUnknown,
    TooManyQuestions,
)
from mvote.votes.indicators.rules import (
    ANSWER,
    ASKED,
    CASE,
    FIRST_REPLY,
    PROPOSAL,
    QUESTION,
    Question,
    QuestionRepliedTo,
    QuestionTakenAs,
)
from mvote.votes.indicators.service.reading import get_indicator, to_questions
from mvote.votes.indicators.service.scopes import find_current
from mvote.votes.indicators.tables import IndicatorQuestionRow, IndicatorRow
from mvote.votes.moderation import service as moderation
from mvote.votes.participation import service as participation
from mvote.votes.proposals import service as proposals
from mvote.votes.proposals.service import Wish

ACT = "question"
MOST_TITLE = 100


def ask(
    indicator_id: str, *, raw: Mapping[str, JSON], text: str, period: str, now: datetime
) -> Question:
    """Take a question by a signed act; the same act again gives the same question.

    Raises IndicatorUnknown, NothingToQuestion, TooManyQuestions, and what
    ``participation.take_act`` raises.
    """
    indicator, _ = get_indicator(indicator_id)
    if period and period not in {one.period for one in indicator.values}:
        raise IndicatorUnknown()
    scope = find_current()
    if scope is None:
        raise NothingToQuestion()
    with transaction("votes") as session:
        taken = participation.take_act(session, raw, scope_id=scope, act=ACT, now=now)
        if not taken.new:
            row = session.scalars(_by(scope, taken.holder, taken.seq)).one()
            return to_questions(session, [(row, indicator.department)])[0]
        # Two at once by one citizen are counted one after the other.
        hold_gate(session, f"mvote-question:{scope}:{taken.holder}", exclusive=True)
        _check_number(session, indicator_id, scope, taken.holder)
        row = IndicatorQuestionRow(
            id=new_id(),
            indicator=indicator_id,
            period=period,
            scope=scope,
            holder=taken.holder,
            act=taken.seq,
            became=ASKED,
            as_id="",
        )
        session.add(row)
        moderation.submit(
            session,
            kind=QUESTION,
            item=row.id,
            text=text,
            author=taken.holder,
            scope=scope,
            department=indicator.department,
            now=now,
        )
        session.flush()
        return to_questions(session, [(row, indicator.department)])[0]


def _by(scope: str, holder: str, act: int) -> Select[IndicatorQuestionRow]:
    return select(IndicatorQuestionRow).where(
        IndicatorQuestionRow.scope == scope,
        IndicatorQuestionRow.holder == holder,
        IndicatorQuestionRow.act == act,
    )


def _check_number(session: Session, indicator: str, scope: str, holder: str) -> None:
    most = installation().settings.questions_per_indicator
    query = select(func.count()).where(
        IndicatorQuestionRow.indicator == indicator,
        IndicatorQuestionRow.scope == scope,
        IndicatorQuestionRow.holder == holder,
    )
    if (session.scalar(query) or 0) >= most:
        raise TooManyQuestions(most=most)


def make_case(question_id: str, *, official: Official, now: datetime) -> Question:
    """Open a record for a question, and owe a first reply and an answer; once.

    Raises QuestionUnknown, QuestionOfOtherDepartment, QuestionNotShown, QuestionTakenUp.
    """
    settings = installation().settings
    with transaction("votes") as session:
        row, owner, question = _lock_shown(session, question_id, official)
        if row.became != CASE:
            _require_untaken(row)
            title = _title(row, question)
            row.as_id = records.open_record(session, department=owner, title=title, now=now)
            row.became = CASE
            moderation.bind(session, kind=QUESTION, item=row.id, now=now)
            body: dict[str, JSON] = {
                "question": row.id,
                "indicator": row.indicator,
                "period": row.period or None,
                "text_digest": question.standing.digest,
                "href": f"/city/indicators/{row.indicator}",
            }
            records.add_entry(
                session, row.as_id, kind=ENTRY, subject=row.id, body=body, by="", now=now
            )
            allowed = ((FIRST_REPLY, settings.case_first_reply), (ANSWER, settings.case_answer))
            for kind, within in allowed:
                dues.set_due(
                    session,
                    record=row.as_id,
                    cause=row.id,
                    kind=kind,
                    department=owner,
                    start=now,
                    within=read_within(within),
                    now=now,
                )
            _tell(session, row, official, now=now)
        return to_questions(session, [(row, owner)])[0]


def make_proposal(
    question_id: str, *, call: str, topic: str, district: str, official: Official, now: datetime
) -> Question:
    """Let a question collect supports as a proposal of a call; once.

    Raises QuestionUnknown, QuestionOfOtherDepartment, QuestionNotShown, QuestionTakenUp, and
    what ``proposals.receive`` raises.
    """
    with transaction("votes") as session:
        row, owner, question = _lock_shown(session, question_id, official)
        if row.became != PROPOSAL:
            _require_untaken(row)
            text = question.text or ""
            wish = Wish(_title(row, question)["ko"][:MOST_TITLE], text, topic, district)
            row.as_id = proposals.receive(
                session, call, wish=wish, author=row.holder, act=row.act, now=now
            )
            row.became = PROPOSAL
            _tell(session, row, official, now=now)
        return to_questions(session, [(row, owner)])[0]


def reply_to_case(
    question_id: str, *, kind: str, text: Words, official: Official, now: datetime
) -> records.Added:
    """Write a reply into the case's record, and meet what was owed for it.

    Raises QuestionUnknown, QuestionNoCase, QuestionOfOtherDepartment.
    """
    with transaction("votes") as session:
        row, owner = _lock(session, question_id)
        owes = dues.owner_of(session, cause=row.id, kind=kind) or owner
        if not official.speaks_for(owes):
            raise QuestionOfOtherDepartment(department=owes)
        if row.became != CASE:
            raise QuestionNoCase()
        body: dict[str, JSON] = {"kind": kind, "text": dict(text)}
        added = records.add_entry(
            session,
            row.as_id,
            kind=QUESTION_REPLY,
            subject=row.id,
            body=body,
            by=official.department,
            now=now,
        )
        if added[1]:
            dues.meet_due(session, cause=row.id, kind=kind, now=now)
            told = QuestionRepliedTo(
                row.id,
                kind=kind,
                record=added[0].record,
                number=added[0].number,
                department=official.department,
                by=official.id,
            )
            record(session, "votes", told, now=now)
        return added


def _lock(session: Session, question_id: str) -> tuple[IndicatorQuestionRow, str]:
    """A question and the department of its indicator.  Raises QuestionUnknown."""
    known = is_id(question_id)
    row = session.get(IndicatorQuestionRow, question_id, with_for_update=True) if known else None
    if row is None:
        raise QuestionUnknown()
    return row, session.get_one(IndicatorRow, row.indicator).department


def _lock_shown(
    session: Session, question_id: str, official: Official
) -> tuple[IndicatorQuestionRow, str, Question]:
    """Raises QuestionUnknown, QuestionOfOtherDepartment, QuestionNotShown."""
    row, owner = _lock(session, question_id)
    if not official.speaks_for(owner):
        raise QuestionOfOtherDepartment(department=owner)
    question = to_questions(session, [(row, owner)])[0]
    if not question.standing.shown:
        raise QuestionNotShown()
    return row, owner, question


def _require_untaken(row: IndicatorQuestionRow) -> None:
    if row.became != ASKED:
        raise QuestionTakenUp(became=row.became)


def _title(row: IndicatorQuestionRow, question: Question) -> Words:
    """By the indicator, which is the city's own word: what a citizen wrote may be hidden yet."""
    indicator, _ = get_indicator(row.indicator)
    period = f" ({question.period})" if question.period else ""
    return {
        "ko": f"{indicator.name['ko']}{period}에 관한 질문",
        "en": f"A question about {indicator.name['en']}{period}",
    }


def _tell(
    session: Session, row: IndicatorQuestionRow, official: Official, *, now: datetime
) -> None:
    told = QuestionTakenAs(
        row.id, indicator=row.indicator, became=row.became, as_id=row.as_id, official=official.id
    )
    record(session, "votes", told, now=now)
