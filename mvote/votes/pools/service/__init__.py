"""Open pools, take statements and votes, freeze results, let them be contested."""

from mvote.votes.pools.service.contesting import answer_contest, contest
from mvote.votes.pools.service.freezing import freeze_due, freeze_pool
from mvote.votes.pools.service.importing import import_pool
from mvote.votes.pools.service.opening import add_seeds, open_pool
from mvote.votes.pools.service.reading import (
    PolisFiles,
    PoolResult,
    export,
    get_pool,
    get_result,
    list_contests,
    list_newest_pools,
    list_pools,
    list_shown,
    list_statements,
)
from mvote.votes.pools.service.taking import vote, write_statement

__all__ = [
    "PolisFiles",
    "PoolResult",
    "add_seeds",
    "answer_contest",
    "contest",
    "export",
    "freeze_due",
    "freeze_pool",
    "get_pool",
    "get_result",
    "import_pool",
    "list_contests",
    "list_newest_pools",
    "list_pools",
    "list_shown",
    "list_statements",
    "open_pool",
    "vote",
    "write_statement",
]
