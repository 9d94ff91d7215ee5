"""Polls, ballots, boards, results."""

from dataclasses import dataclass

from mvote.core.outage import MOST_SECONDS as OUTAGE_SECONDS
from mvote.core.poll import MOST_QUESTIONS
from mvote.core.poll_notes import MOST_TEXT as MOST_NOTE
from mvote.core.question import MOST_OPTIONS
from mvote.core.secrecy.ballot import MAX_BALLOT_BYTES
from mvote.settings.setting import setting


@dataclass(frozen=True)
class Voting:
    """Times are in seconds, sizes in bytes, unless the name says otherwise."""

    ballot_bytes: int = setting(MAX_BALLOT_BYTES, "largest ballot; not more than its default")
    results_kept: int = setting(200, "files of published results that a process keeps in memory")
    questions_per_poll: int = setting(
        MOST_QUESTIONS, "most questions in a new poll; not more than its default"
    )
    options_per_question: int = setting(
        MOST_OPTIONS, "most options in a question of a new poll; not more than its default"
    )
    second_official_seconds: int = setting(
        3600, "how long a request for a dangerous act waits for the second official"
    )
    outage_seconds: int = setting(
        OUTAGE_SECONDS, "most by which outages may move a closing; not more than its default"
    )
    notes_per_poll: int = setting(200, "most notes that officials may write on one poll")
    note_characters: int = setting(
        2_000, f"longest note on a poll in one language; not more than {MOST_NOTE}"
    )
    templates_per_department: int = setting(
        200, "most templates that a department, or the city, may keep"
    )
    changes_shown: int = setting(
        200, "most changes of another official that a refused saving of a draft shows"
    )
    text_characters: int = setting(
        20_000, "longest answer, step or report that a department writes into a record"
    )
    batch_ballots: int = setting(20, "voters whose ballots a batch of the board needs before close")
    batch_seconds: int = setting(3600, "least time between two batches before close")
    board_leaves: int = setting(
        256, "leaves among which a phone that looks for its own stays hidden"
    )
    complaint_days: int = setting(14, "days that the city has to answer a complaint")
    intake_queue: int = setting(4096, "ballots that may wait for the disk before 503 is answered")
    intake_flush: int = setting(512, "most ballots in one write")
    intake_wait_seconds: int = setting(20, "how long a request waits for its ballot to be durable")
    bad_ballots: int = setting(
        60, "bad ballots from one address after which its ballots are checked one at a time"
    )
    bad_ballots_seconds: int = setting(60, "how long bad ballots of an address are remembered")
    bad_ballots_addresses: int = setting(
        10_000, "most addresses of bad ballots that a process remembers"
    )
    bad_ballots_lane: int = setting(
        8, "ballots of such an address that may wait before 429 is answered"
    )
    bad_ballots_lane_seconds: int = setting(5, "how long a ballot of such an address may wait")
    bad_ballots_pause: float = setting(
        1.0, "how long a bad ballot of such an address waits for its answer"
    )
    bad_ballots_held: int = setting(8, "bad ballots of a process that wait for their answer")
