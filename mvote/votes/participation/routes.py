"""What a phone has to know of a scope before it takes a permit."""

from typing import Any

from mvote.core.scope import ScopeUnknown
from mvote.votes.participation import service
from mvote.votes.participation.schemas import ScopeOut
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("scopes", __name__, url_prefix="/api/v1", description="What citizens take part in")


@routes.get("/scopes/<string:scope_id>")
@guarded
@refuses(ScopeUnknown)
@routes.response(200, ScopeOut)
def get_scope(scope_id: str) -> dict[str, Any]:
    """A scope: who may take a permit for it, which key signs it, and until when."""
    known = service.get_scope(scope_id)
    return {
        "state": known.state,
        "sh": known.scope.hash,
        "definition": known.scope.to_json(),
        "issuer": list(known.issuer),
    }
