"""A story in which every job of the worker and every handler of documents has something to do.

Acts come between rounds of the worker.  ``at`` is the worker's clock; ballots are taken by
the database's own, before which no poll of the story ends.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert, update

from mvote.audit.service import record as audit
from mvote.channels.deliveries import service as deliveries
from mvote.channels.deliveries.tables import FollowerRow
from mvote.core.official import Official
from mvote.core.phases import PHASES
from mvote.core.questions.private_texts import write_text
from mvote.core.secrecy.ballot import write_ballot
from mvote.core.secrecy.permit import read_permit
from mvote.core.times import iso
from mvote.db import transaction
from mvote.exchange.service import publish
from mvote.installation import installation
from mvote.people.identity.tables import AccountRow, LimitRow, PhoneCheckRow
from mvote.people.officials.tables import EnrolmentRow
from mvote.people.permits.rules import Asked
from mvote.people.permits.service import issue_permit
from mvote.people.permits.tables import PollRow, ReviewRow, RollCorrectionRow
from mvote.people.rolls.tables import DeskRequestRow
from mvote.votes.ballots import service as ballots
from mvote.votes.discussions import service as records
from mvote.votes.dues.tables import DueRow
from mvote.votes.indicators.tables import IndicatorRow
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import TextRemoved
from mvote.votes.moderation.tables import ModeratedRow
from mvote.votes.participation import service as participation
from mvote.votes.participation.tables import HolderRow
from mvote.votes.polls import service as polls
from mvote.votes.pools import service as pools
from mvote.votes.pools.tables import PoolVoteRow
from mvote.votes.threads import service as threads
from mvote.votes.threads.tables import AuthorRow, PostRow
from tests.faults.wishes import wish
from tests.makers import make_poll_draft, words, yes_no_question
from tests.votes.carrying import APPROVER, DRAFTER

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OTHER_APPROVER = Official("approver-2", "roads", frozenset({"approver"}))
ANSWERER = Official("answerer-1", "roads", frozenset({"answerer"}))
VOTERS = ("voter-1", "voter-2", "voter-3")
MAC = bytes(32)
SCOPE = "s" * 16
WHY = yes_no_question(
    id="why",
    type="open-text",
    config={"least": 2, "most": 40},
    counting={"method": "text-list", "options": {}},
)


class Polls(NamedTuple):
    """``whole`` goes from schedule to result, nobody opens ``unopened``, ``held`` stops early."""

    whole: str
    unopened: str
    held: str


def draft(begin: datetime) -> None:
    """Three polls, an indicator; what time makes void; SMS codes that are nearly used up."""
    polls.add_department("roads", name=words("Roads"), by="test", now=begin)
    with transaction("votes") as session:
        told = {"name": "{}", "unit": "{}", "department": "roads"}
        session.execute(insert(IndicatorRow).values(id="1" * 16, **told))
    asked = [yes_no_question(), WHY]
    apart = [{"rule": "struck"}]
    day = {"opens": iso(begin + HOUR), "closes": iso(begin + 2 * HOUR)}
    _approve("whole", begin, questions=asked, quarantine=apart, **day)
    _approve("unopened", begin, closes=iso(begin + 2 * HOUR))
    _approve("held", begin, closes=iso(begin + 10 * DAY))
    over = {"expires_at": begin}
    with transaction("votes") as session:
        day_long = {"closes": begin + HOUR, "now": begin}
        participation.open_scope(session, SCOPE, kind="call", **day_long)
        acted = {"scope": SCOPE, "holder": "0" * 64, "seq": 1, "digest": MAC}
        session.execute(insert(HolderRow).values(**acted))
    _discuss(begin)
    wish(begin, poll=find_polls().whole)
    _promise(begin)
    _gather(begin)
    _follow(begin)
    used = {"kind": "city", "key": MAC, "uses": installation().settings.codes_per_day}
    check = {"id": "c" * 16, "number_mac": MAC, "code_mac": MAC, "tries": 0, "used": False}
    with transaction("people") as session:
        session.execute(insert(PhoneCheckRow).values(**check, **over))
        session.execute(insert(DeskRequestRow).values(number="12345678", secret_mac=MAC, **over))
        session.execute(insert(EnrolmentRow).values(official="nobody", mac=MAC, **over))
        session.execute(insert(LimitRow).values(**used, started_at=begin))
        for place, voter in enumerate(VOTERS):
            row = {"id": voter, "number_mac": bytes([place + 1]) * 32, "seen": begin.date()}
            session.execute(insert(AccountRow).values(row))


def _follow(begin: datetime) -> None:
    """One reader gets every piece of news, another never confirms an address."""
    for reader in ("reader@example.org", "nobody@example.org"):
        deliveries.follow_by_mail(reader, topics=["all"], language="ko", now=begin)
    known = FollowerRow.target == "reader@example.org"
    with transaction("votes") as session:
        session.execute(update(FollowerRow).where(known).values(topics='["all"]', wanted=None))


def _discuss(begin: datetime) -> None:
    """A record was closed over a post that a moderator hid, whose author appeals in vain."""
    post, holder = "p" * 16, "0" * 64
    with transaction("votes") as session:
        record = records.open_record(
            session, department="roads", title=words("The stream"), now=begin, record_id="s" * 16
        )
        row = {"id": post, "record": record, "holder": holder, "seq": 1, "parent": ""}
        session.execute(insert(PostRow).values(**row, kind="for", day=begin.date()))
        session.execute(insert(AuthorRow).values(record=record, holder=holder, label=1))
        written = {"kind": "post", "item": post, "text": "Yes.", "author": holder}
        moderation.submit(session, **written, department="roads", record=record, now=begin)
        appealed = {"state": "hidden", "hidden_by": "somebody", "appeal_state": "filed"}
        session.execute(update(ModeratedRow).values(**appealed, due=begin.date()))
        threads.tag_item(session, kind="proposal", item=post, tags=["stream"], title=words("No"))
        gone = {"kind": "proposal", "record": "", "department": "roads", "by": "somebody"}
        audit(session, "votes", TextRemoved(post, decision="remove", number=1, **gone), now=begin)
    records.close_record(record, text=words("Done."), official=ANSWERER, now=begin)


def _promise(begin: datetime) -> None:
    """A step that nobody will show."""
    with transaction("votes") as session:
        record = records.open_record(session, department="roads", title=words("Well"), now=begin)
    steps = [{"text": words("Dig."), "due": begin.date() + 9 * DAY}]
    records.make_promise(record, text=words("A well."), steps=steps, official=ANSWERER, now=begin)


def _gather(begin: datetime) -> None:
    """An opinion pool in which one person has voted."""
    with transaction("votes") as session:
        record = records.open_record(session, department="roads", title=words("Ways"), now=begin)
    said = {"title": words("Ways"), "intro": words("Say so"), "seeds": [words("Wider.")]}
    until = {"closes": begin + HOUR, "votes_public": True, "now": begin}
    pool = pools.open_pool(record, **said, **until, official=ANSWERER).id
    [(one, _)] = pools.list_statements(pool)
    with transaction("votes") as session:
        acted = {"scope": pool, "holder": "0" * 64, "seq": 1, "digest": MAC}
        session.execute(insert(HolderRow).values(**acted))
        voted = {"pool": pool, "holder": "0" * 64, "statement": one.id, "vote": 1}
        session.execute(insert(PoolVoteRow).values(**voted))


def _approve(name: str, begin: datetime, **changes: Any) -> None:
    made = make_poll_draft(title=words(name), **changes)
    poll = polls.draft_poll(made, official=DRAFTER, now=begin).poll
    polls.approve_poll(poll.id, known={poll.revision}, official=APPROVER, now=begin)


def find_polls() -> Polls:
    return Polls(**{poll.title["en"]: poll.id for poll in polls.list_in_state(*PHASES)})


def hold(begin: datetime) -> None:
    """One poll opens; the people wing was put back from a copy, and much waits for somebody."""
    known, at = find_polls(), begin + 10 * MINUTE
    polls.open_poll(known.held, official=APPROVER, now=at)
    polls.close_poll(known.held, official=OTHER_APPROVER, now=at)
    where = {"poll": known.held, "voter_ref": MAC, "id": "r" * 16}
    review = {"text": "Why not me?", "state": "open", "due_at": at}
    correction = {"change": "strike", "text_ko": "이사", "text_en": "Moved", "by": "somebody"}
    with transaction("people") as session:
        session.execute(insert(ReviewRow).values(**where, **review))
        session.execute(insert(RollCorrectionRow).values(**where, **correction, expires_at=at))
        session.execute(update(PollRow).where(PollRow.id == known.held).values(locked_at=at))
        change = {"change": "struck", "day": iso(begin)[:10], "raises": 0}
        body = {**change, "text": words("Moved away")}
        publish(session, "people", kind="roll-note", poll=known.whole, body=body)
        released = {"rule": "struck", "released": True, "text": words("An error of the office")}
        publish(session, "people", kind="quarantine-note", poll=known.whole, body=released)


def vote(begin: datetime) -> None:
    """Three citizens, each with a text beside the ballot; a board that is behind what it showed.

    What is due is so from an older mvote, which did not name the department.
    """
    known, at = find_polls(), begin + HOUR + MINUTE
    with transaction("votes") as session:
        session.execute(update(DueRow).values(department=None))
    ph = str(polls.get_poll(known.whole).ph)
    for voter in VOTERS:
        permit = issue_permit(known.whole, account=voter, proof="sms", asked=Asked(), now=at)
        hashed, beside = write_text(f"{voter} says so")
        answers = {"q1": ["yes"], "why": hashed}
        given = read_permit(permit.to_json())
        ballot = write_ballot(poll=known.whole, ph=ph, answers=answers, permit=given)
        ballots.cast_ballot(known.whole, ballot=ballot, texts={"why": beside})
    shown = installation().settings.home / "boards" / f"{known.held}.checkpoint"
    lines = shown.read_text().split("\n")
    shown.write_text("\n".join([lines[0], "99", *lines[2:]]))


def rest(_begin: datetime) -> None:
    """Nothing happens but time."""


STORY: tuple[tuple[Callable[[datetime], None], timedelta], ...] = (
    (draft, 5 * MINUTE),
    (hold, 20 * MINUTE),
    (rest, HOUR),
    (vote, HOUR + 2 * MINUTE),
    (rest, 2 * HOUR + MINUTE),
    (rest, 60 * DAY),
    (rest, 1500 * DAY),
)
"""What is done, and the worker's clock in the rounds behind it."""
