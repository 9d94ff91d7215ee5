"""The counted ballots of one question, for files that others read."""

import json
from collections import Counter

from mvote.core.poll import PollDefinition
from mvote.core.question import Question
from mvote.core.questions import read_answers
from mvote.core.shapes import Answer
from mvote.core.times import iso
from mvote.formats.writing import Export
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.results.errors import QuestionUnnamed, ResultNotPublished
from mvote.votes.results.service.reading import get_result


def get_export(poll_id: str, *, question: str | None = None) -> Export:
    """The answers that counted, each distinct one with its number of voters.

    No more of a ballot is kept than its answer to the one question: neither who gave it
    nor what else stood on it.  Raises PollUnknown, CountHiddenBeforeClose, QuestionUnnamed.
    """
    poll = polls.get_public_poll(poll_id)
    definition = polls.definition_of(poll_id)
    asked = _asked(definition, question)
    grouped = ballots.iter_counted(poll_id)
    counts: Counter[Answer] = Counter()
    for spelled, voters in grouped:
        answer = read_answers(definition.questions, json.loads(spelled)).get(asked.id)
        if answer is not None:
            counts[answer] += voters
    return Export(
        poll=poll_id,
        poll_hash=definition.hash,
        title=definition.title,
        closed=iso(poll.closed_at) if poll.closed_at else "",
        question=asked,
        counts=counts,
        winners=_winners(poll_id, asked),
    )


def _asked(definition: PollDefinition, question: str | None) -> Question:
    found = {one.id: one for one in definition.questions}
    if question is None and len(found) == 1:
        return definition.questions[0]
    if question not in found:
        raise QuestionUnnamed(known=", ".join(found))
    return found[question]


def _winners(poll_id: str, question: Question) -> tuple[str, ...] | None:
    """What the published outcome chose; None before it is published."""
    try:
        document = get_result(poll_id).document
    except ResultNotPublished:
        return None
    outcome = next(one for one in document["questions"] if one["id"] == question.id)["outcome"]
    return tuple(outcome["winners"])
