"""An outage moves a closing on the votes side; permits are issued for as long, and no longer."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from mvote.audit.service import list_entries
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.people.permits.rules import check_issuing
from mvote.people.permits.service.rows import lock_poll
from mvote.people.permits.tables import PollRow
from tests.people.conftest import Phones
from tests.people.permits.conftest import VotesWing

RULE = {"extend": True, "most_seconds": 7200}
HOUR = timedelta(hours=1)


def _kept(poll: str) -> Any:
    """The state, the closing, and since when permits are locked."""
    query = select(PollRow.state, PollRow.closes, PollRow.locked_at).where(PollRow.id == poll)
    with reading("people") as session:
        return session.execute(query).one()


def test_permits_are_issued_until_the_closing_that_an_outage_moved(
    phones: Phones, votes: VotesWing
) -> None:
    frozen = votes.open(outage=RULE)
    moved = frozen.closes + HOUR
    assert votes.enter(frozen.poll, "open", closes=iso(moved)) is None
    kept = _kept(frozen.poll)
    assert (kept.state, kept.closes) == ("open", moved)
    check_issuing("open", closes=kept.closes, now=frozen.closes)
    token = phones.sign_in()["access"]
    told = phones.call("GET", f"/polls/{frozen.poll}/eligibility", token=token).get_json()
    assert told["closes"] == iso(moved)
    assert votes.enter(frozen.poll, "suspended", closes=iso(moved + HOUR)) is None
    assert _kept(frozen.poll).closes == frozen.latest_closing
    names = [entry.name for entry in list_entries("people", subject=frozen.poll)]
    assert names.count("IssuingExtended") == 2
    assert votes.enter(frozen.poll, "closing", closes=iso(votes.now)) is None
    assert votes.heard("issued-list", frozen.poll)
    late = votes.enter(frozen.poll, "open", closes=iso(moved + HOUR))
    assert late == "poll-closed"


def test_the_votes_wing_moves_no_closing_back_or_beyond_what_was_approved(votes: VotesWing) -> None:
    """What it says is signed; whether it may say it is in the poll that this wing keeps."""
    frozen, ruleless = votes.open(outage=RULE), votes.open()
    beyond = frozen.latest_closing + timedelta(seconds=1)
    for poll, closes in (
        (frozen.poll, iso(beyond)),
        (frozen.poll, iso(frozen.closes - HOUR)),
        (frozen.poll, "soon"),
        (frozen.poll, None),
        (ruleless.poll, iso(ruleless.closes + HOUR)),
    ):
        before = _kept(poll).closes
        assert votes.enter(poll, "suspended", closes=closes) == "document-malformed"
        assert (_kept(poll).state, _kept(poll).closes) == ("open", before)
    assert votes.enter(frozen.poll, "open", closes=iso(frozen.closes)) is None
    assert _kept(frozen.poll).closes == frozen.closes


def test_one_official_who_stops_and_resumes_a_poll_unlocks_no_permits(
    votes: VotesWing,
) -> None:
    """The votes wing may not have heard yet that the copy was put back, and that it takes two."""
    frozen = votes.open()
    with transaction("people") as session:
        lock_poll(session, frozen.poll).locked_at = votes.now
    votes.enter(frozen.poll, "suspended")
    assert votes.enter(frozen.poll, "open") is None
    assert _kept(frozen.poll).locked_at is not None
    votes.enter(frozen.poll, "suspended")
    assert votes.enter(frozen.poll, "open", together=True) is None
    assert _kept(frozen.poll).locked_at is None


def test_a_moved_closing_does_not_unlock_permits_that_a_restored_copy_locked(
    votes: VotesWing,
) -> None:
    frozen = votes.open(outage=RULE)
    votes.enter(frozen.poll, "suspended")
    with transaction("people") as session:
        lock_poll(session, frozen.poll).locked_at = votes.now
    assert votes.enter(frozen.poll, "open", closes=iso(frozen.closes + HOUR)) is None
    assert _kept(frozen.poll).locked_at is not None
