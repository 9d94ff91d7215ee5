"""Proposals as everyone reads them: one, many, and those like a text."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, defer

from mvote.core.ids import is_id
from mvote.core.times import parse_iso
from mvote.db import reading
from mvote.installation import installation
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import Standing
from mvote.votes.polls import service as polls
from mvote.votes.proposals.errors import ProposalUnknown
from mvote.votes.proposals.rules import (
    COLLECTING,
    ENDED,
    ENDING,
    HIDDEN,
    MERGED,
    NEWEST,
    SHOWN,
    SUPPORTED,
    Proposal,
    Reached,
    Similar,
    Stage,
    Whole,
)
from mvote.votes.proposals.rules_similar import rank, sift
from mvote.votes.proposals.service.calls import definition_of
from mvote.votes.proposals.service.searching import searchable
from mvote.votes.proposals.tables import (
    ProposalPollRow,
    ProposalRow,
    ReachedRow,
    SupportChangeRow,
)

KIND = "proposal"
SIFTED = 50
"""So many of the candidates are compared word by word."""
LISTED = (SHOWN, HIDDEN)
"""What stands in lists; of what is hidden no word is shown."""
REACHED, CHOSEN = "reached", "chosen"
SKIPPED = (defer(ProposalRow.search), defer(ProposalRow.sketch))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which proposals of a list; an empty filter takes all.

    ``state`` may also be ``reached`` (a stage) or ``chosen``.
    """

    order: str
    call: str = ""
    topic: str = ""
    district: str = ""
    department: str = ""
    state: str = ""
    words: str = ""


def list_proposals(asked: Asked, *, after: str, limit: int) -> Sequence[Proposal]:
    """Proposals in an order, behind the place that ``place_of`` spelled."""
    query = select(ProposalRow).where(ProposalRow.standing.in_(LISTED), *_filters(asked))
    query = _ordered(query, asked.order, after).limit(limit).options(*SKIPPED)
    with reading("votes") as session:
        return to_proposals(session, session.scalars(query).all())


def _filters(asked: Asked) -> list[ColumnElement[bool]]:
    named = (
        (ProposalRow.call, asked.call),
        (ProposalRow.topic, asked.topic),
        (ProposalRow.district, asked.district),
        (ProposalRow.department, asked.department),
    )
    found = [column == wanted for column, wanted in named if wanted]
    if asked.state == REACHED:
        found.append(ProposalRow.reached > 0)
    elif asked.state == CHOSEN:
        found.append(ProposalRow.chosen.is_(True))
    elif asked.state or asked.order == ENDING:
        found.append(ProposalRow.state == (asked.state or COLLECTING))
    for word in searchable(asked.words).split():
        found.append(ProposalRow.search.contains(word, autoescape=True))
    # Whether a word stands in what is hidden is nobody's business, and its time stands still.
    if asked.words or asked.order == ENDING:
        found.append(ProposalRow.standing == SHOWN)
    return found


def _ordered(query: Select[ProposalRow], order: str, after: str) -> Select[ProposalRow]:
    name, key = ProposalRow.id, ProposalRow.opened
    at, _, last = after.rpartition(".")
    if order == ENDING:
        if after:
            until = parse_iso(at)
            same = and_(ProposalRow.until == until, name > last)
            query = query.where(or_(ProposalRow.until > until, same))
        return query.order_by(ProposalRow.until, name)
    if order == SUPPORTED:
        if after:
            most = int(at)
            same = and_(ProposalRow.supports == most, name < last)
            query = query.where(or_(ProposalRow.supports < most, same))
        return query.order_by(ProposalRow.supports.desc(), name.desc())
    if after:
        day = date.fromisoformat(at)
        query = query.where(or_(key < day, and_(key == day, name < last)))
    return query.order_by(key.desc(), name.desc())


def get_proposal(proposal_id: str) -> Whole:
    """A proposal with all that came of it.  Raises ProposalUnknown, CallAltered."""
    with reading("votes") as session:
        row = session.get(ProposalRow, proposal_id) if is_id(proposal_id) else None
        if row is None:
            raise ProposalUnknown()
        [proposal] = to_proposals(session, [row])
        into = select(ProposalRow).where(ProposalRow.into == row.id).order_by(ProposalRow.id)
        merged = to_proposals(session, session.scalars(into.options(*SKIPPED)).all())
        about = ProposalPollRow.subject == row.id
        drafted = select(ProposalPollRow.poll).where(about).order_by(ProposalPollRow.at)
        stages = definition_of(row.call).thresholds.stages
        return Whole(
            proposal=proposal,
            stages=stages,
            reached=tuple(_reached(session, row.id, stages)),
            merged=tuple(merged),
            merging=json.loads(row.merging) if row.merging else None,
            polls=tuple(filter(_is_public, session.scalars(drafted).all())),
        )


def _is_public(poll_id: str) -> bool:
    """A draft is nobody's business until it is frozen."""
    found = polls.find_poll(poll_id)
    return found is not None and found.public and not found.private


def _reached(session: Session, proposal_id: str, stages: Sequence[Stage]) -> list[Reached]:
    about = ReachedRow.proposal == proposal_id
    rows = session.scalars(select(ReachedRow).where(about).order_by(ReachedRow.number))
    return [Reached(row.number, stages[row.number - 1], row.supports, row.at) for row in rows]


def find_similar(text: str) -> Sequence[Similar]:
    """Shown proposals like a text, the most alike first.

    Among the newest ``MVOTE_SIMILAR_CANDIDATES``: sifted by their sketches, then compared.
    """
    settings = installation().settings
    candidates = (
        select(ProposalRow.id, ProposalRow.sketch)
        .where(ProposalRow.standing == SHOWN, ProposalRow.state.in_((COLLECTING, ENDED, MERGED)))
        .order_by(ProposalRow.opened.desc(), ProposalRow.id.desc())
        .limit(settings.similar_candidates)
    )
    with reading("votes") as session:
        kept = ((row.id, row.sketch) for row in session.execute(candidates))
        names = sift(text, kept, most=SIFTED)
        rows = session.scalars(select(ProposalRow).where(ProposalRow.id.in_(names))).all()
        shown = {one.id: one for one in to_proposals(session, rows) if one.shown}
    texts = [(one.id, one.title or "", one.text or "") for one in shown.values()]
    least, most = settings.similar_percent, settings.similar_shown
    return [
        Similar(shown[name], percent) for name, percent in rank(text, texts, least=least, most=most)
    ]


def place_of(order: str, proposal: Proposal) -> str:
    """Where a list in this order goes on behind a proposal."""
    said = proposal.to_json()
    key = {ENDING: said["until"], SUPPORTED: proposal.counted}.get(order, said["opened"])
    return f"{key}.{proposal.id}"


def is_place(order: str, after: str) -> bool:
    """Whether a list in this order could go on there."""
    at, _, name = after.rpartition(".")
    try:
        _READERS[order](at)
    except ValueError:
        return False
    return is_id(name)


_READERS: Mapping[str, Callable[[str], object]] = {
    ENDING: parse_iso,
    SUPPORTED: lambda spelled: int(spelled) if len(spelled) < 10 else parse_iso(spelled),
    NEWEST: date.fromisoformat,
}


def lock_proposal(session: Session, proposal_id: str) -> ProposalRow:
    """The row, which no other transaction can now change.  Raises ProposalUnknown."""
    if not is_id(proposal_id):
        raise ProposalUnknown()
    row = session.get(ProposalRow, proposal_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ProposalUnknown()
    return row


def to_proposals(session: Session, rows: Sequence[ProposalRow]) -> list[Proposal]:
    """The values of rows, as far as moderators let them be read at this moment."""
    ids = [row.id for row in rows]
    standings = moderation.list_standings(session, kind=KIND, items=ids)
    changes = select(SupportChangeRow.proposal, func.sum(SupportChangeRow.change))
    changes = changes.where(SupportChangeRow.proposal.in_(ids)).group_by(SupportChangeRow.proposal)
    loose = {name: int(total) for name, total in session.execute(changes)}
    return [_to_proposal(row, standings, loose.get(row.id, 0)) for row in rows]


def _to_proposal(row: ProposalRow, standings: Mapping[str, Standing], loose: int) -> Proposal:
    standing = standings.get(row.id)
    shown = standing is not None and standing.shown
    made = Proposal(
        id=row.id,
        call=row.call,
        department=row.department,
        topic=row.topic,
        district=row.district,
        title=row.title,
        text=row.text,
        opened=row.opened,
        until=row.until,
        state=row.state,
        standing=standing.state if standing else row.standing,
        supports=row.supports + loose,
        counted=row.supports,
        reached=row.reached,
        record=row.record,
        into=row.into,
        chosen=row.chosen,
        reason=standing.reason if standing else None,
    )
    return made if shown else replace(made, title=None, text=None)
