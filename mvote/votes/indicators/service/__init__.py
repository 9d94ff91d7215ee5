"""The city's figures and indicators."""

from mvote.votes.indicators.service.exporting import stream_table
from mvote.votes.indicators.service.figures import get_figures
from mvote.votes.indicators.service.importing import import_indicators
from mvote.votes.indicators.service.questioning import (
    ask,
    make_case,
    make_proposal,
    reply_to_case,
)
from mvote.votes.indicators.service.reading import (
    get_indicator,
    get_question,
    list_imports,
    list_indicators,
    list_questions,
    stream_indicators,
)
from mvote.votes.indicators.service.scopes import find_current, renew_scope

__all__ = [
    "ask",
    "find_current",
    "get_figures",
    "get_indicator",
    "get_question",
    "import_indicators",
    "list_imports",
    "list_indicators",
    "list_questions",
    "make_case",
    "make_proposal",
    "renew_scope",
    "reply_to_case",
    "stream_indicators",
    "stream_table",
]
