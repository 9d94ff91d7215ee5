"""What the worker does for the boards."""

from mvote.jobs import Job
from mvote.votes.ballots.service import (
    compare_boards,
    finish_boards,
    note_states,
    seal_batches,
)

JOBS = (
    Job("compare boards with what was published", "votes", compare_boards),
    Job("note on boards what happened", "votes", note_states),
    Job("seal batches of ballots", "votes", seal_batches),
    Job("finish boards", "votes", finish_boards),
)
