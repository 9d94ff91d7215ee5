"""Follow polls from approval to erasure; issue each eligible citizen one permit."""

import hashlib
import json
import logging
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from weakref import WeakSet
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Engine, bindparam, delete, func, insert, select, text
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.document import DocumentMalformed
from mvote.core.eligibility import is_targeted, unmet
from mvote.core.ids import is_id
from mvote.core.phases import (
    APPROVED,
    CANCELLED,
    CLOSING,
    OPEN,
    SUSPENDED,
    PollNotFrozen,
    PollUnknown,
    check_act,
)
from mvote.core.poll import ApprovedPoll, PollDefinition
from mvote.core.secrecy.levels import publishes_names
from mvote.core.secrecy.permit import (
    PseudonymPermit,
    check_name,
    make_permit,
    mark,
    voter_ref,
)
from mvote.db import engine, hold_gate, reading, take_off_disk, transaction
from mvote.exchange.service import publish
from mvote.installation import installation
from mvote.people.identity.service.registers import count_facts, get_voter
from mvote.people.permits.errors import (
    IssuerKeyMissing,
    NameNeeded,
    NotEligible,
    PermitAlreadyIssued,
    PollKnownDifferently,
)
from mvote.people.permits.rules import (
    ENDED,
    Eligibility,
    IssuerNamed,
    IssuingBegan,
    IssuingEnded,
    PermitsErased,
    check_issuing,
    list_digest,
    lists_named,
    reasons_against,
    state_at,
)
from mvote.people.permits.tables import IssuedDayRow, IssuedRow, PollRow

log = logging.getLogger("mvote.permits")

PEPPER_BYTES = 32
_not_off_disk: WeakSet[Engine] = WeakSet()
BELIEVED = timedelta(days=1)
"""How far back the end of a poll may lie that the votes wing tells of."""
ADDED_AT_FREEZING = ("issuer", "roll", "board_key")
FOLLOWED = (OPEN, SUSPENDED, CLOSING, CANCELLED)


class _Poll(NamedTuple):
    """What permits ask of a poll.  ``ph`` is there from freezing, ``pepper`` until erasure."""

    id: str
    state: str
    ph: str | None
    level: str
    audience: str
    opens: datetime | None
    closes: datetime
    pepper: bytes | None
    kid: str


def name_issuer(
    session: Session, poll_id: str, *, approved: Mapping[str, JSON], now: datetime
) -> None:
    """Keep an approved poll and tell the votes wing who issues its permits, and to how many.

    Told twice, nothing more happens.  Raises DefinitionRefused, PollKnownDifferently.
    """
    poll = ApprovedPoll.from_json(dict(approved))
    spelled = _spell(dict(approved))
    known = session.get(PollRow, poll_id)
    if known is not None:
        if known.approved != spelled:
            raise PollKnownDifferently()
        return
    made = installation()
    key, eligible = made.keys["people"]["issuer"], _count_eligible(session, poll.audience)
    said = {
        "issuer": [{**key.jwk(), "operator": made.settings.city_ko}],
        "roll": {"mode": "growing", "eligible": eligible},
    }
    session.add(_row_of(poll, spelled, said=_spell(said), kid=key.kid))
    publish(session, "people", kind="issuer", poll=poll_id, body=said)
    record(session, "people", IssuerNamed(poll_id, kid=key.kid, eligible=eligible), now=now)


def _row_of(poll: ApprovedPoll, approved: str, *, said: str, kid: str) -> PollRow:
    return PollRow(
        id=poll.poll,
        state=APPROVED,
        approved=approved,
        said=said,
        level=poll.level,
        audience=_spell(dict(poll.audience)),
        opens=poll.opens,
        closes=poll.closes,
        dispute_days=poll.dispute_days,
        kid=kid,
        pepper=secrets.token_bytes(PEPPER_BYTES),
    )


def _count_eligible(session: Session, audience: Mapping[str, JSON]) -> int | None:
    """None where everyone with a number may vote: no register holds every number there is."""
    if not is_targeted(audience):
        return None
    found = count_facts(session, lists=lists_named(audience))
    return sum(count for facts, count in found if not unmet(audience, facts))


def begin_issuing(
    session: Session, poll_id: str, *, definition: Mapping[str, JSON], now: datetime
) -> None:
    """Take the frozen poll: what was approved, with this wing's own part and a board key.

    Raises PollUnknown, DefinitionRefused, PollKnownDifferently, AlreadyFrozen, PollCancelled.
    """
    row = _lock(session, poll_id)
    frozen = PollDefinition.from_json(dict(definition))
    if row.ph == frozen.hash:
        return
    row.state = check_act(row.state, "freeze")
    kept = {key: value for key, value in definition.items() if key not in ADDED_AT_FREEZING}
    said = {key: definition[key] for key in ("issuer", "roll")}
    if (_spell(kept), _spell(said)) != (row.approved, row.said):
        raise PollKnownDifferently()
    row.ph = frozen.hash
    record(session, "people", IssuingBegan(poll_id, ph=frozen.hash), now=now)


def follow_state(
    session: Session, poll_id: str, *, state: str, at: datetime, now: datetime
) -> None:
    """Keep the state that the votes wing tells.  Once a poll has ended, nothing brings it back.

    Ending stops the issuing for good and, at closing, tells the list of what was issued.
    ``at`` is when the poll ended; it is believed within a day, for a time long past would
    destroy the link before anyone could dispute, and one to come would keep it.  Raises
    DocumentMalformed, PollUnknown, PollClosed, PollCancelled.
    """
    if state not in FOLLOWED:
        raise DocumentMalformed(field="state")
    _take_gate(session, poll_id, exclusive=True)
    row = _lock(session, poll_id)
    if row.state in ENDED and state != CANCELLED:
        check_act(row.state, "permit")
    row.state = state
    if state in ENDED and row.issued is None:
        _end(session, row, at=at, now=now)


def _end(session: Session, row: PollRow, *, at: datetime, now: datetime) -> None:
    permits = session.scalars(select(IssuedRow.permit).where(IssuedRow.poll == row.id)).all()
    row.issued, row.issued_sha256 = len(permits), list_digest(permits)
    ended = max(now - BELIEVED, min(at, now))
    row.erase_at = ended + timedelta(days=row.dispute_days)
    happened = IssuingEnded(row.id, state=row.state, issued=row.issued, sha256=row.issued_sha256)
    record(session, "people", happened, now=now)
    if row.state == CLOSING:
        body = {"issued": row.issued, "sha256": row.issued_sha256}
        publish(session, "people", kind="issued-list", poll=row.id, body=body)


def issue_permit(poll_id: str, *, account: str, name: str | None, now: datetime) -> PseudonymPermit:
    """The one permit of a citizen for a poll; asked again, the same bytes.

    Raises PollUnknown, PollNotFrozen, PollSuspended, PollClosed, PollCancelled, NotEligible,
    PermitAlreadyIssued, NameNeeded, NameNotPublishedHere, NameMalformed, AccountGone.
    """
    _check_id(poll_id)
    with transaction("people") as session:
        _take_gate(session, poll_id, exclusive=False)
        poll = _find(session, poll_id)
        check_issuing(poll.state, closes=poll.closes, now=now)
        check_name(name, level=poll.level)
        if name is None and publishes_names(poll.level):
            raise NameNeeded()
        audience = json.loads(poll.audience)
        voter = get_voter(session, account, lists=lists_named(audience))
        if missing := unmet(audience, voter.facts):
            raise NotEligible(reasons=",".join(one.condition for one in missing))
        if poll.ph is None or poll.pepper is None:
            raise PollNotFrozen()
        permit = _sign(poll, poll.ph, mark(poll.pepper, voter.roll_key), name)
        _keep(session, poll.id, voter_ref(poll.pepper, voter.roll_key), permit, now=now)
    return permit


def _sign(poll: _Poll, ph: str, pseudonym: bytes, name: str | None) -> PseudonymPermit:
    key = installation().keys["people"]["issuer"]
    if key.kid != poll.kid:
        log.error("the issuer key %s of poll %s is not here", poll.kid, poll.id)
        raise IssuerKeyMissing()
    return make_permit(key.private, ph=ph, mark=pseudonym, level=poll.level, name=name)


_ISSUE = text(
    """
    INSERT INTO issued (poll, voter_ref, permit, day) VALUES (:poll, :voter_ref, :permit, :day)
    ON CONFLICT (poll, voter_ref) DO NOTHING RETURNING poll
    """
).bindparams(bindparam("day", type_=Date))


def _keep(
    session: Session, poll_id: str, ref: bytes, permit: PseudonymPermit, *, now: datetime
) -> None:
    """Note the permit before it is given out.  Raises PermitAlreadyIssued for another one."""
    hashed = hashlib.sha256(canonical_bytes(permit.to_json())).digest()
    day = now.astimezone(ZoneInfo(installation().settings.time_zone)).date()
    row = {"poll": poll_id, "voter_ref": ref, "permit": hashed, "day": day}
    if session.execute(_ISSUE, row).first() is not None:
        return
    kept = select(IssuedRow.permit).where(IssuedRow.poll == poll_id, IssuedRow.voter_ref == ref)
    if session.scalar(kept) != hashed:
        raise PermitAlreadyIssued()


def get_eligibility(poll_id: str, *, account: str, now: datetime) -> Eligibility:
    """May this citizen vote, and if not why?  Raises PollUnknown, AccountGone."""
    _check_id(poll_id)
    with reading("people") as session:
        poll = _find(session, poll_id)
        audience = json.loads(poll.audience)
        voter = get_voter(session, account, lists=lists_named(audience))
        held = False
        if poll.pepper is not None:
            ref = voter_ref(poll.pepper, voter.roll_key)
            held = session.get(IssuedRow, (poll_id, ref)) is not None
    state = state_at(poll.state, closes=poll.closes, now=now)
    reasons = reasons_against(audience, voter.facts, state=state)
    permit = "issued" if held else "none"
    return Eligibility(not reasons, reasons, state, poll.opens, poll.closes, permit)


def count_issued_by_day(poll_id: str) -> dict[date, int]:
    """How many permits were issued on each day in the city's zone, also after erasure."""
    live = (
        select(IssuedRow.day, func.count()).where(IssuedRow.poll == poll_id).group_by(IssuedRow.day)
    )
    kept = select(IssuedDayRow.day, IssuedDayRow.issued).where(IssuedDayRow.poll == poll_id)
    with reading("people") as session:
        rows = [*session.execute(live), *session.execute(kept)]
    return dict(sorted(rows))


def erase_due(*, now: datetime) -> int:
    """Destroy what links citizens to permits, of every poll whose dispute window is over.

    The counts by day stay.  Returns how many polls were erased.
    """
    due = select(PollRow.id).where(PollRow.erase_at <= now, PollRow.pepper.is_not(None))
    with reading("people") as session:
        polls = session.scalars(due).all()
    erased = sum(_erase(poll_id, now=now) for poll_id in polls)
    if erased or engine("people") in _not_off_disk:
        _take_off_disk()
    return erased


def _take_off_disk() -> None:
    """Off the disk too; where the database is in use, the next round tries again."""
    people = engine("people")
    if take_off_disk("people", "issued", "polls"):
        _not_off_disk.discard(people)
    elif people not in _not_off_disk:
        _not_off_disk.add(people)
        log.warning("the database was in use; its log holds erased permits a while longer")


def _erase(poll_id: str, *, now: datetime) -> int:
    days = select(IssuedRow.poll, IssuedRow.day, func.count()).where(IssuedRow.poll == poll_id)
    with transaction("people") as session:
        row = _lock(session, poll_id)
        if row.pepper is None:
            return 0
        counted = days.group_by(IssuedRow.poll, IssuedRow.day)
        session.execute(insert(IssuedDayRow).from_select(["poll", "day", "issued"], counted))
        session.execute(delete(IssuedRow).where(IssuedRow.poll == poll_id))
        row.pepper = None
        record(session, "people", PermitsErased(poll_id, issued=row.issued or 0), now=now)
    return 1


def _take_gate(session: Session, poll_id: str, *, exclusive: bool) -> None:
    """Who issues holds the gate shared, who ends the issuing exclusively.

    So no permit slips in behind the list of those issued.
    """
    hold_gate(session, f"mvote-permits:{poll_id}", exclusive=exclusive)


POLLS = PollRow.__table__
_SHORT = select(*(POLLS.c[name] for name in _Poll._fields)).where(POLLS.c.id == bindparam("poll"))


def _check_id(poll_id: str) -> None:
    """What cannot be an id is not asked of the database.  Raises PollUnknown."""
    if not is_id(poll_id):
        raise PollUnknown()


def _find(session: Session, poll_id: str) -> _Poll:
    """What every permit asks of a poll, without its long texts.  Raises PollUnknown."""
    found = session.execute(_SHORT, {"poll": poll_id}).one_or_none()
    if found is None:
        raise PollUnknown()
    return _Poll._make(found)


def _lock(session: Session, poll_id: str) -> PollRow:
    row = session.get(PollRow, poll_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise PollUnknown()
    return row


def _spell(value: JSON) -> str:
    return canonical_bytes(value).decode()
