"""Corrections to the roll of a poll by two officials."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.phases import PollUnknown
from mvote.people.identity.errors import NumberNotValid
from mvote.people.permits.errors import (
    AlreadyOnRoll,
    CorrectionPending,
    CorrectionUnknown,
    NotOnRoll,
    OwnCorrection,
    PersonDiffers,
    PersonNeeded,
    PersonNotKnown,
    RollNotCorrected,
)
from mvote.people.permits.rules_roll import Person
from mvote.people.permits.schemas import (
    CorrectionIn,
    CorrectionOut,
    CorrectionsOut,
    PersonIn,
)
from mvote.people.permits.service import corrections
from mvote.people.rolls.errors import TooManyPeopleNamed
from mvote.people.rolls.service.naming import count_named
from mvote.web.access import acting_official
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes(
    "corrections", __name__, url_prefix="/api/v1", description="Corrections to the roll of a poll"
)
FINDING = (PersonNeeded, PersonNotKnown, NumberNotValid, TooManyPeopleNamed)


@routes.post("/polls/<string:poll_id>/roll-corrections")
@guarded
@refuses(PollUnknown, RollNotCorrected, AlreadyOnRoll, NotOnRoll, CorrectionPending, *FINDING)
@routes.arguments(CorrectionIn)
@routes.response(201, CorrectionOut)
def ask_roll_correction(asked: dict[str, Any], poll_id: str) -> Any:
    """Ask to add somebody to the roll, or to strike them; another official has to confirm it."""
    official, now = acting_official(), datetime.now(UTC)
    count_named(official.id, now=now)
    return corrections.ask_correction(
        poll_id,
        change=asked["change"],
        person=Person(asked["entry"], asked["number"]),
        text=asked["text"],
        official=official,
        now=now,
    )


@routes.get("/polls/<string:poll_id>/roll-corrections")
@guarded
@refuses(PollUnknown)
@routes.response(200, CorrectionsOut)
def list_roll_corrections(poll_id: str) -> dict[str, Any]:
    """What waits for a second official; whom it is about stands nowhere."""
    return {"items": corrections.list_corrections(poll_id, now=datetime.now(UTC))}


@routes.post("/polls/<string:poll_id>/roll-corrections/<string:correction>/confirm")
@guarded
@refuses(PollUnknown, RollNotCorrected, CorrectionUnknown, OwnCorrection, PersonDiffers)
@refuses(AlreadyOnRoll, NotOnRoll, *FINDING)
@routes.arguments(PersonIn, required=False)
@routes.response(200, CorrectionOut)
def confirm_roll_correction(asked: dict[str, Any], poll_id: str, correction: str) -> Any:
    """Confirm what another official asked for, naming the same person; a note tells everyone."""
    official, now = acting_official(), datetime.now(UTC)
    count_named(official.id, now=now)
    return corrections.confirm_correction(
        poll_id,
        correction,
        person=Person(asked["entry"], asked["number"]),
        official=official,
        now=now,
    )
