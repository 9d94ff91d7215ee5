"""What two officials decide about permits that a rule of the poll counts apart."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.phases import PollUnknown
from mvote.people.permits.errors import (
    OwnQuarantineDecision,
    QuarantineDecisionPending,
    QuarantineDecisionUnknown,
    QuarantineOver,
    QuarantineRuleUnknown,
)
from mvote.people.permits.schemas import (
    QuarantineDecisionIn,
    QuarantineDecisionOut,
    QuarantineDecisionsOut,
)
from mvote.people.permits.service import quarantine
from mvote.web.access import acting_official
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes(
    "quarantine", __name__, url_prefix="/api/v1", description="Permits that are counted apart"
)


@routes.post("/polls/<string:poll_id>/quarantine-decisions")
@guarded
@refuses(PollUnknown, QuarantineOver, QuarantineRuleUnknown, QuarantineDecisionPending)
@routes.arguments(QuarantineDecisionIn)
@routes.response(201, QuarantineDecisionOut)
def ask_quarantine_decision(asked: dict[str, Any], poll_id: str) -> Any:
    """Ask to release all permits that one rule flags, or to keep them apart, and say why.

    Another official has to confirm it.  How many there are is told to nobody before the end.
    """
    return quarantine.ask_decision(
        poll_id, **asked, official=acting_official(), now=datetime.now(UTC)
    )


@routes.get("/polls/<string:poll_id>/quarantine-decisions")
@guarded
@refuses(PollUnknown)
@routes.response(200, QuarantineDecisionsOut)
def list_quarantine_decisions(poll_id: str) -> dict[str, Any]:
    """What waits for a second official."""
    return {"items": quarantine.list_decisions(poll_id, now=datetime.now(UTC))}


@routes.post("/polls/<string:poll_id>/quarantine-decisions/<string:decision>/confirm")
@guarded
@refuses(PollUnknown, QuarantineOver, QuarantineDecisionUnknown, OwnQuarantineDecision)
@routes.response(200, QuarantineDecisionOut)
def confirm_quarantine_decision(poll_id: str, decision: str) -> Any:
    """Confirm what another official asked for; a note on the poll tells everyone why."""
    return quarantine.confirm_decision(
        poll_id, decision, official=acting_official(), now=datetime.now(UTC)
    )
