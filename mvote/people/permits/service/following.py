"""Follow polls from approval to their end, as the votes wing tells of them."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON
from mvote.core.document import DocumentMalformed
from mvote.core.eligibility import is_countable, is_targeted, lists_named
from mvote.core.phases import APPROVED, CANCELLED, CLOSING, OPEN, SUSPENDED, check_act
from mvote.core.poll import ApprovedPoll, PollDefinition
from mvote.core.times import iso
from mvote.exchange.service import publish
from mvote.installation import installation
from mvote.people.permits.errors import PollKnownDifferently
from mvote.people.permits.rules import (
    ENDED,
    IssuerNamed,
    IssuingBegan,
    IssuingEnded,
    IssuingExtended,
    issued_list,
)
from mvote.people.permits.service.keys import destroy_keys, name_key
from mvote.people.permits.service.quarantine import count_quarantine, flag_revoked
from mvote.people.permits.service.restoring import goes_on
from mvote.people.permits.service.rows import lock_poll, spell, take_gate
from mvote.people.permits.service.standing import close_roll
from mvote.people.permits.tables import IssuedRow, PollRow
from mvote.people.rolls.service.voters import count_facts

PEPPER_BYTES = 32
BELIEVED = timedelta(days=1)
"""How far back the end of a poll may lie that the votes wing tells of."""
ADDED_AT_FREEZING = ("issuer", "roll", "board_key")
FOLLOWED = (OPEN, SUSPENDED, CLOSING, CANCELLED)


def name_issuer(
    session: Session, poll_id: str, *, approved: Mapping[str, JSON], now: datetime
) -> None:
    """Keep an approved poll and tell the votes wing who issues its permits, and to how many.

    Told twice, nothing more happens.  Raises DefinitionRefused, PollKnownDifferently,
    IssuerKeyMissing.
    """
    poll = ApprovedPoll.from_json(dict(approved))
    spelled = spell(dict(approved))
    known = session.get(PollRow, poll_id)
    if known is not None:
        if known.approved != spelled:
            raise PollKnownDifferently()
        return
    key, pepper = name_key(session, poll), new_pepper()
    fixed = close_roll(session, poll, pepper=pepper)
    eligible = _count_eligible(session, poll) if fixed is None else fixed
    said = {
        "issuer": [{**key, "operator": installation().settings.city_ko}],
        "roll": {"mode": poll.roll_mode, "eligible": eligible},
    }
    session.add(_row_of(poll, spelled, said=spell(said), kid=key["kid"], pepper=pepper))
    publish(session, "people", kind="issuer", poll=poll_id, body=said)
    happened = IssuerNamed(poll_id, kid=key["kid"], eligible=eligible)
    record(session, "people", happened, now=now)


def new_pepper() -> bytes:
    """What leads from citizens to permits, until it is destroyed."""
    return secrets.token_bytes(PEPPER_BYTES)


def _row_of(poll: ApprovedPoll, approved: str, *, said: str, kid: str, pepper: bytes) -> PollRow:
    return PollRow(
        id=poll.poll,
        state=APPROVED,
        approved=approved,
        said=said,
        level=poll.level,
        proof=poll.proof,
        roll_key=poll.roll_key,
        audience=spell(dict(poll.audience)),
        quarantine=spell([one.to_json() for one in poll.quarantine]),
        opens=poll.opens,
        closes=poll.closes,
        dispute_days=poll.dispute_days,
        kid=kid,
        pepper=pepper,
        ordered=0,
        untidy=0,
        purge_stated=False,
    )


def _count_eligible(session: Session, poll: ApprovedPoll) -> int | None:
    """None where everyone with a number may vote: no register holds every number there is.

    Nor does one hold those whom a provider knows.
    """
    audience = poll.audience
    if not is_targeted(audience) or poll.roll_key == "oidc":
        return None
    found = count_facts(session, lists=lists_named(audience), roll_key=poll.roll_key)
    return sum(count for facts, count in found if is_countable(audience, facts))


def begin_issuing(
    session: Session, poll_id: str, *, definition: Mapping[str, JSON], now: datetime
) -> None:
    """Take the frozen poll: what was approved, with this wing's own part and a board key.

    Raises PollUnknown, DefinitionRefused, PollKnownDifferently, AlreadyFrozen, PollCancelled.
    """
    row = lock_poll(session, poll_id)
    frozen = PollDefinition.from_json(dict(definition))
    if row.ph == frozen.hash:
        return
    row.state = check_act(row.state, "freeze")
    kept = {key: value for key, value in definition.items() if key not in ADDED_AT_FREEZING}
    said = {key: definition[key] for key in ("issuer", "roll")}
    if (spell(kept), spell(said)) != (row.approved, row.said):
        raise PollKnownDifferently()
    row.ph = frozen.hash
    record(session, "people", IssuingBegan(poll_id, ph=frozen.hash), now=now)


def follow_state(
    session: Session,
    poll_id: str,
    *,
    state: str,
    at: datetime,
    closes: datetime | None = None,
    together: bool = False,
    now: datetime,
) -> None:
    """Keep the state that the votes wing tells.  Once a poll has ended, nothing brings it back.

    Ending stops the issuing for good, destroys the poll's own keys and, at closing, tells
    the list of what was issued.  The poll ended ``at`` this time, or when it ``closes``; it
    is believed within a day, for a time long past would destroy the link before anyone could
    dispute, and one to come would keep it.  A poll that goes on ``closes`` later because of
    an outage, as far as its rule allows; that is no decision to go on, and neither is what one
    official decided, not ``together`` with another.  A votes wing that was put back from a
    copy closes a poll again, and is told the same list again.

    Raises DocumentMalformed, PollUnknown, PollClosed, PollCancelled.
    """
    if state not in FOLLOWED:
        raise DocumentMalformed(field="state")
    take_gate(session, poll_id, exclusive=True)
    row = lock_poll(session, poll_id)
    if row.state == state == CLOSING and row.erased_at is None:
        publish(session, "people", kind="issued-list", poll=row.id, body=_issued(session, row))
        return
    if row.state in ENDED and state != CANCELLED:
        check_act(row.state, "permit")
    if together and goes_on(row, state, at):
        row.locked_at = None
    row.state = state
    if state in ENDED and row.issued is None:
        _end(session, row, at=closes or at, now=now)
    elif state not in ENDED and closes is not None:
        _go_on(session, row, closes=closes, now=now)


def _go_on(session: Session, row: PollRow, *, closes: datetime, now: datetime) -> None:
    """Issue until later than before.  Raises DocumentMalformed where the rule does not allow it."""
    latest = ApprovedPoll.from_json(json.loads(row.approved)).latest_closing
    if closes == row.closes:
        return
    if not row.closes < closes <= latest:
        raise DocumentMalformed(field="closes")
    row.closes = closes
    record(session, "people", IssuingExtended(row.id, closes=iso(closes)), now=now)


def _end(session: Session, row: PollRow, *, at: datetime, now: datetime) -> None:
    flag_revoked(session, row)
    body = _issued(session, row)
    row.issued, row.issued_sha256 = body["issued"], body["sha256"]
    ended = max(now - BELIEVED, min(at, now))
    row.erase_at = ended + timedelta(days=row.dispute_days)
    destroyed = destroy_keys(session, row.id)
    row.untidy += 1
    happened = IssuingEnded(
        row.id,
        state=row.state,
        issued=body["issued"],
        sha256=body["sha256"],
        keys_destroyed=destroyed,
    )
    record(session, "people", happened, now=now)
    if row.state == CLOSING:
        publish(session, "people", kind="issued-list", poll=row.id, body=body)


def _issued(session: Session, row: PollRow) -> dict[str, JSON]:
    permits = session.scalars(select(IssuedRow.permit).where(IssuedRow.poll == row.id)).all()
    return issued_list(permits, level=row.level) | count_quarantine(session, row)
