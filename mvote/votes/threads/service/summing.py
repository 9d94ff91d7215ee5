"""When a record closes, what was said in its discussion enters it once."""

from sqlalchemy.orm import Session

from mvote.audit.rules import Entry
from mvote.audit.service import read_on
from mvote.installation import installation
from mvote.votes.discussions.service import add_entry
from mvote.votes.threads.rules import Tally
from mvote.votes.threads.service.reading import list_all, list_experts

READER = "threads"
DISCUSSION = "discussion"


def follow_records() -> int:
    """Sum up the discussion of every record that was closed; each happening once."""
    return read_on("votes", READER, _take, names=("ClosingReportGiven",))


def _take(session: Session, happened: Entry) -> None:
    """A discussion in which nothing was said leaves nothing."""
    record, tally = happened.subject, Tally()
    for one in list_all(session, record):
        tally.add(one)
    experts = list_experts(record)
    if not tally.digests and not experts:
        return
    body = tally.to_json(experts=experts, most=installation().settings.digests_in_record)
    add_entry(session, record, kind=DISCUSSION, subject=record, body=body, by="", now=happened.at)
