"""What citizens write and support outside of polls, and how it is moderated."""

from dataclasses import dataclass

from mvote.core.secrecy.act import MAX_ACT_BYTES
from mvote.settings.setting import setting


@dataclass(frozen=True)
class TakingPart:
    """Times are in seconds, sizes in bytes, unless the name says otherwise."""

    moderate_first: str = setting(
        "no", "yes: what citizens write waits until a moderator has read it"
    )
    reports_to_wait: int = setting(
        5, "reports by different citizens after which a text waits for a moderator"
    )
    report_characters: int = setting(
        1_000, "longest text of a citizen's report or appeal about a text"
    )
    appeal_days: int = setting(14, "days that the city has to decide an appeal about a text")
    post_characters: int = setting(4_000, "longest post of a citizen in a discussion")
    posts_per_record: int = setting(200, "most posts of one citizen in one discussion")
    posts_per_day: int = setting(20, "most posts of one citizen in one discussion in a day")
    digests_in_record: int = setting(
        1_000, "posts up to which a discussion's summary in its record lists each digest"
    )
    scope_days: int = setting(
        730, "days for which citizens may act in what an official opened without naming an end"
    )
    act_bytes: int = setting(MAX_ACT_BYTES, "largest act of a citizen; not more than its default")
    pool_days: int = setting(30, "days that an opinion pool is open unless it names its end")
    pool_contest_days: int = setting(
        30, "days after its end in which the result of an opinion pool may be contested"
    )
    pool_characters: int = setting(280, "longest statement in an opinion pool, in one language")
    pool_statements: int = setting(1_000, "most statements in an opinion pool")
    pool_statements_each: int = setting(
        10, "most statements that one citizen may write in an opinion pool"
    )
    pool_group_least: int = setting(
        20, "people below whom an opinion group is not shown in the result of a pool"
    )
    pool_weights_seconds: float = setting(
        60.0, "how old the weights may be by which phones draw the next statement of a pool"
    )
    acts_per_scope: int = setting(
        5_000, "most acts of one citizen in one call, proposal, pool or record"
    )
    proposals_per_citizen: int = setting(3, "proposals that one citizen may make in a call")
    proposal_title_characters: int = setting(100, "longest title of a proposal")
    proposal_characters: int = setting(4_000, "longest text of a proposal")
    unseen_days_made_up: int = setting(
        60, "most days by which a proposal collects longer for those on which it was not shown"
    )
    calls_per_department: int = setting(50, "most calls of a department that are not over")
    standing_call_days: int = setting(
        3650, "days after which a call without an end takes no more proposals, and longest call"
    )
    call_topics: int = setting(100, "most topics, and most districts, that a call names")
    threshold_sets: int = setting(100, "most threshold sets of the city's own")
    threshold_stages: int = setting(10, "most stages in one of them")
    similar_candidates: int = setting(
        10_000, "newest proposals among which similar ones are looked for"
    )
    similar_shown: int = setting(5, "most similar proposals that are shown")
    similar_percent: int = setting(35, "how alike a proposal has to be to be shown")
    similar_characters: int = setting(200, "longest text for which similar proposals are sought")
