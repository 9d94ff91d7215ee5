"""Discussions: citizens post and withdraw, offices reply, experts state, everyone reads."""

from mvote.votes.threads.service.finding import head_of
from mvote.votes.threads.service.posting import withdraw_post, write_post
from mvote.votes.threads.service.reading import (
    get_thread,
    list_experts,
    list_newest,
    list_threads,
)
from mvote.votes.threads.service.replying import enter_expert_statement, reply_for_office
from mvote.votes.threads.service.summing import follow_records
from mvote.votes.threads.service.tagging import (
    follow_removals,
    list_tags,
    list_topic,
    list_topics,
    tag_item,
    tag_record,
)

__all__ = [
    "enter_expert_statement",
    "follow_records",
    "follow_removals",
    "get_thread",
    "head_of",
    "list_experts",
    "list_newest",
    "list_tags",
    "list_threads",
    "list_topic",
    "list_topics",
    "reply_for_office",
    "tag_item",
    "tag_record",
    "withdraw_post",
    "write_post",
]
