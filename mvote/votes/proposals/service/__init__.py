"""The verbs of calls and proposals, each kind in a file of its own."""

from mvote.votes.proposals.rules_calls import AskedOfCall
from mvote.votes.proposals.service.calls import (
    end_call,
    end_calls,
    get_call,
    list_calls,
    open_call,
)
from mvote.votes.proposals.service.choosing import choose_by_jury, choose_due, follow_results
from mvote.votes.proposals.service.counting import count_made
from mvote.votes.proposals.service.merging import merge_proposals
from mvote.votes.proposals.service.polling import AskedOfPoll, put_call_to_vote, put_to_vote
from mvote.votes.proposals.service.proposing import Wish, propose, take_back
from mvote.votes.proposals.service.reading import (
    Asked,
    find_similar,
    get_proposal,
    is_place,
    list_proposals,
    place_of,
)
from mvote.votes.proposals.service.receiving import receive
from mvote.votes.proposals.service.replying import reply
from mvote.votes.proposals.service.stages import count_supports, end_due, follow_moderation
from mvote.votes.proposals.service.supporting import Support, order_supports, support
from mvote.votes.proposals.service.thresholds import add_thresholds, list_thresholds

__all__ = [
    "Asked",
    "AskedOfCall",
    "AskedOfPoll",
    "Support",
    "Wish",
    "add_thresholds",
    "choose_by_jury",
    "choose_due",
    "count_made",
    "count_supports",
    "end_call",
    "end_calls",
    "end_due",
    "find_similar",
    "follow_moderation",
    "follow_results",
    "get_call",
    "get_proposal",
    "is_place",
    "list_calls",
    "list_proposals",
    "list_thresholds",
    "merge_proposals",
    "open_call",
    "order_supports",
    "place_of",
    "propose",
    "put_call_to_vote",
    "put_to_vote",
    "receive",
    "reply",
    "support",
    "take_back",
]
