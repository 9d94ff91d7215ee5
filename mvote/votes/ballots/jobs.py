"""What the worker does for the boards."""

from mvote.jobs import Job
from mvote.votes.ballots.service import finish_boards, note_states, seal_batches

JOBS = (
    Job("note on boards what happened", "votes", note_states),
    Job("seal batches of ballots", "votes", seal_batches),
    Job("finish boards", "votes", finish_boards),
)
