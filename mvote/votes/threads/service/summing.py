"""When a record closes, what was said in its discussion enters it once."""

from sqlalchemy.orm import Session

from mvote.audit.rules import Entry
from mvote.audit.service import read_on
from mvote.installation import installation
from mvote.votes.discussions.rules import DISCUSSION
from mvote.votes.discussions.service import add_entry
from mvote.votes.discussions.service.reading import find_record
from mvote.votes.participation.service.scopes import take_gate
from mvote.votes.threads.rules import Tally
from mvote.votes.threads.service.reading import list_all, list_experts

READER = "threads"


def follow_records() -> int:
    """Sum up the discussion of every record that was closed or merged; each happening once."""
    return read_on("votes", READER, _take, names=("ClosingReportGiven", "RecordMerged"))


def _take(session: Session, happened: Entry) -> None:
    """A discussion in which nothing was said leaves nothing.

    Who posts holds the gate of the scope and looks then whether the record is open, so nothing
    is posted any more once the gate is held alone here.
    """
    record = happened.subject
    if happened.name == "RecordMerged" and not find_record(session, record).merged_into:
        return
    take_gate(session, record, exclusive=True)
    tally, experts = Tally(), list_experts(record)
    for one in list_all(session, record):
        tally.add(one)
    if not tally.digests and not experts:
        return
    body = tally.to_json(experts=experts, most=installation().settings.digests_in_record)
    add_entry(session, record, kind=DISCUSSION, subject=record, body=body, by="", now=happened.at)
