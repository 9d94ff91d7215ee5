"""The permit to act within a scope: a call, a proposal, a pool, a record."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.room_pass import RoomPassNotValid
from mvote.core.scope import ScopeIsClosed, ScopeUnknown
from mvote.core.secrecy.blind import BlindedMessageMalformed
from mvote.people.identity.errors import AccountGone, ConsentNeeded
from mvote.people.permits import service
from mvote.people.permits.errors import (
    BlindedMessageTaken,
    IssuerKeyMissing,
    IssuerKeyUnknown,
    PermitNotSigned,
    PermitsForgotten,
    ScopeNotForYou,
    ScopePermitTaken,
    ScopeProofTooWeak,
    ScopesLocked,
)
from mvote.people.permits.rules import Asked
from mvote.people.permits.schemas import (
    ReleasedOut,
    ReleaseIn,
    ScopePermitAskedIn,
    ScopePermitOut,
)
from mvote.web.access import acting_official, caller
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses
from mvote.web.readers import RoomPassIn

routes = Routes("scope-permits", __name__, url_prefix="/api/v1", description="Permits to take part")


@routes.post("/scopes/<string:scope_id>/permits")
@guarded
@refuses(ScopeUnknown, ScopeIsClosed, ScopeNotForYou, ScopeProofTooWeak, ScopePermitTaken)
@refuses(ScopesLocked, AccountGone, ConsentNeeded, RoomPassNotValid, BlindedMessageMalformed)
@refuses(BlindedMessageTaken, IssuerKeyUnknown, IssuerKeyMissing)
@refuses(PermitsForgotten, PermitNotSigned)
@routes.arguments(RoomPassIn, location="headers")
@routes.arguments(ScopePermitAskedIn)
@routes.response(200, ScopePermitOut)
def take_scope_permit(shown: dict[str, Any], asked: dict[str, Any], scope_id: str) -> Any:
    """Take the one permit for a scope; asking again gives the same."""
    calling = caller()
    return service.issue_scope_permit(
        scope_id,
        account=calling.account,
        proof=calling.proof,
        asked=Asked(**asked, passes=shown["room_pass"]),
        now=datetime.now(UTC),
    ).to_json()


@routes.post("/scopes/releases")
@guarded
@routes.arguments(ReleaseIn)
@routes.response(200, ReleasedOut)
def release_scopes(given: dict[str, Any]) -> dict[str, int]:
    """Let scopes give permits again that were put back from a copy; all of them at once."""
    released = service.release_scopes(
        reason=given["reason"], official=acting_official(), now=datetime.now(UTC)
    )
    return {"released": released}
