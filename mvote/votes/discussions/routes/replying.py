"""What citizens say to an answer, without a name: a rating, and asking again."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.fields import FieldsRefused
from mvote.votes.discussions import service
from mvote.votes.discussions.errors import (
    AnswerAlreadyRated,
    AnswerNotGiven,
    AnswerReplaced,
    AskedAgainAlready,
    NothingToAnswer,
    RecordUnknown,
)
from mvote.votes.discussions.schemas import AskAgainIn, AskedOut, RatingIn, RatingsOut
from mvote.votes.participation.errors import ACT_REFUSALS
from mvote.web.acts import ActIn, body_of
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("replies", __name__, url_prefix="/api/v1", description="Replies to answers")

ANSWERED = (RecordUnknown, NothingToAnswer, AnswerNotGiven)


@routes.post("/records/<record_id>/ratings")
@guarded
@refuses(*ACT_REFUSALS, *ANSWERED, FieldsRefused, AnswerReplaced, AnswerAlreadyRated)
@routes.arguments(ActIn())
@routes.response(200, RatingsOut)
def rate_answer(raw: dict[str, Any], record_id: str) -> dict[str, Any]:
    """Rate the newest answer about a poll once, from 1 to 5, by the act ``rate``.

    Its ``body`` is ``{"poll", "answer", "stars", "reason"?}``, ``answer`` the digest of the
    entry.  The scope is the record in which the poll was opened, as ``/replies`` names it.
    """
    body = body_of(raw, RatingIn())
    return service.rate_answer(record_id, raw=raw, **body, now=datetime.now(UTC)).to_json()


@routes.post("/records/<record_id>/asking-again")
@guarded
@refuses(*ACT_REFUSALS, *ANSWERED, FieldsRefused, AskedAgainAlready)
@routes.arguments(ActIn())
@routes.response(200, AskedOut)
def ask_again(raw: dict[str, Any], record_id: str) -> dict[str, Any]:
    """Ask once for a second answer about a poll, by the act ``ask-again``.

    Its ``body`` is ``{"poll", "reason"?}``; the scope is as for ``/ratings``.
    """
    body = body_of(raw, AskAgainIn())
    return service.ask_again(record_id, raw=raw, **body, now=datetime.now(UTC)).to_json()
