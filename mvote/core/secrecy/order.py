"""The order in which a phone shows the options of a question.

It is derived on the phone: an order or a seed sent by the server would tag the voter.
"""

import hashlib
from collections.abc import Iterable

from mvote.core.question import Question

NONE = "none"


def option_order(mark: str, question_id: str, option_ids: Iterable[str]) -> list[str]:
    """Sort options by ``SHA-256(mark "|" question id "|" option id)``, all in UTF-8.

    ``mark`` is the base64url text as it stands in the permit.  Every voter has an order of
    his own that stays the same whenever he looks.
    """
    return sorted(
        option_ids,
        key=lambda option: hashlib.sha256(f"{mark}|{question_id}|{option}".encode()).digest(),
    )


def shown_options(question: Question, mark: str) -> list[str]:
    """The ids of a question's options in the order in which this voter's phone shows them.

    Shuffled only where the question says so; “none of these” stays the last.
    """
    if not question.shuffle:
        return list(question.by_id)
    last = [NONE] if question.none else []
    return option_order(mark, question.id, set(question.by_id) - set(last)) + last
