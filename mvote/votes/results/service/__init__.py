"""The verbs of results, each kind in a file of its own."""

from mvote.votes.results.service.bundles import get_bundle, make_bundle
from mvote.votes.results.service.exporting import get_export
from mvote.votes.results.service.publishing import list_unpublished, publish_result
from mvote.votes.results.service.reading import (
    get_ballots_file,
    get_file,
    get_result,
    get_running_count,
)
from mvote.votes.results.service.ties import decide_tie, get_open_tie, keep_tie
from mvote.votes.results.service.verify_text import verify_command

__all__ = [
    "decide_tie",
    "get_ballots_file",
    "get_bundle",
    "get_export",
    "get_file",
    "get_open_tie",
    "get_result",
    "get_running_count",
    "keep_tie",
    "list_unpublished",
    "make_bundle",
    "publish_result",
    "verify_command",
]
