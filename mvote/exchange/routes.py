"""What each wing has to say to the other."""

from typing import Any

from mvote.exchange.errors import DocumentsForgotten
from mvote.exchange.schemas import DocumentsIn, DocumentsOut
from mvote.exchange.service import list_documents
from mvote.installation import installation
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
    limit = installation().settings.exchange_documents
    return {"items": list_documents("people", after=asked["after"], limit=limit)}


@votes_documents.get("")
@guarded
@refuses(DocumentsForgotten)
@votes_documents.arguments(DocumentsIn, location="query")
@votes_documents.response(200, DocumentsOut)
def list_votes_documents(asked: dict[str, Any]) -> dict[str, Any]:
    """Signed documents of the votes wing."""
    limit = installation().settings.exchange_documents
    return {"items": list_documents("votes", after=asked["after"], limit=limit)}
