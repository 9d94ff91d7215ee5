"""Questions for tests of counting methods, and counts of them."""

from mvote.core.counting import METHODS
from mvote.core.counting.fit import check_question
from mvote.core.question import Question
from mvote.core.ties import tie_rule


def title(text):
    return {"ko": text, "en": text}


def ask(kind, method, *, options=(), costs=None, config=None, **counting):
    """A checked question; ``counting`` are the options of the method."""
    raw = {
        "id": "q1",
        "type": kind,
        "title": title("Q"),
        "options": [
            {"id": one, "title": title(one.upper()), **({"cost": costs[one]} if costs else {})}
            for one in (costs or options)
        ],
        "config": config or {},
        "counting": {"method": method, "options": counting},
        "blank": True,
    }
    return check_question(Question.from_json(raw))


def count(question, ballots, rule="listed"):
    """Count ballots, each an answer alone or an answer with its weight."""
    weighted = [one if isinstance(one, tuple) else (one, 1) for one in ballots]
    method = METHODS.get(question.counting.method)
    return method.count(question, weighted, ties=tie_rule(rule, poll_hash="0" * 64))


def results(outcome):
    return {one.option: one.result for one in outcome.rounds}
