"""What each wing has to say to the other."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Response, g

from mvote.core.wing_call import ANSWER_HEADER, sign_answer
from mvote.exchange.errors import DocumentsForgotten
from mvote.exchange.schemas import DocumentsIn, DocumentsOut
from mvote.exchange.service import last_said, list_documents, note_asked
from mvote.installation import installation
from mvote.settings import Wing
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

people_documents = Routes(
    "people_documents",
    __name__,
    url_prefix="/api/v1/people/documents",
    description="For the votes wing",
)
votes_documents = Routes(
    "votes_documents",
    __name__,
    url_prefix="/api/v1/votes/documents",
    description="For the people wing",
)


@people_documents.get("")
@guarded
@refuses(DocumentsForgotten)
@people_documents.arguments(DocumentsIn, location="query")
@people_documents.response(200, DocumentsOut)
def list_people_documents(asked: dict[str, Any]) -> dict[str, Any]:
    """Signed documents of the people wing."""
    return _documents("people", asked["after"])


@votes_documents.get("")
@guarded
@refuses(DocumentsForgotten)
@votes_documents.arguments(DocumentsIn, location="query")
@votes_documents.response(200, DocumentsOut)
def list_votes_documents(asked: dict[str, Any]) -> dict[str, Any]:
    """Signed documents of the votes wing."""
    return _documents("votes", asked["after"])


def _documents(wing: Wing, after: int) -> dict[str, Any]:
    limit = installation().settings.exchange_documents
    found = {"items": list_documents(wing, after=after, limit=limit), "last": last_said(wing)}
    note_asked(wing, after=after, now=datetime.now(UTC))
    return found


def _signed_by(wing: Wing) -> Callable[[Response], Response]:
    """Sign whatever is answered to the other wing, refusals too; strangers get no signature."""

    def sign(response: Response) -> Response:
        word: str | None = g.get("wing_word")
        if word is not None:
            response.headers[ANSWER_HEADER] = sign_answer(
                installation().keys[wing]["exchange"].private,
                word=word,
                status=response.status_code,
                body=response.get_data(),
            )
        return response

    return sign


people_documents.after_request(_signed_by("people"))
votes_documents.after_request(_signed_by("votes"))
