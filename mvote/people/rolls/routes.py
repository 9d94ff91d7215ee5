"""What a citizen may know of the rolls; private rooms; how many an audience holds."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.eligibility import AudienceRefused
from mvote.people.identity.errors import AccountGone
from mvote.people.rolls.errors import (
    RoomEntryRefused,
    RoomNotYours,
    RoomPasswordTooShort,
    RoomsBusy,
    RoomUnknown,
    TooManyCounts,
    TooManyRoomEntries,
    TooManyRooms,
)
from mvote.people.rolls.schemas import (
    AudienceCountIn,
    AudienceCountOut,
    MeOut,
    RoomIn,
    RoomOut,
    RoomPassOut,
    RoomPasswordIn,
    RoomsOut,
)
from mvote.people.rolls.service import counts, rooms
from mvote.people.rolls.service.voters import find_register_facts
from mvote.web.access import acting_official, caller
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses
from mvote.web.tokens import KINDS

routes = Routes("rolls", __name__, url_prefix="/api/v1", description="Registers and rolls")


@routes.get("/me")
@guarded
@refuses(AccountGone)
@routes.response(200, MeOut)
def get_me() -> dict[str, Any]:
    """What the token says, and what the register holds."""
    calling = caller()
    kind = KINDS[calling.audience]
    told: dict[str, Any] = {"account": calling.account, "kind": kind, "proof": calling.proof}
    if kind == "official":
        duties = sorted(calling.duties)
        return told | {"department": calling.department, "duties": duties}
    return told | {"register": find_register_facts(calling.account, proof=calling.proof)}


@routes.post("/rooms")
@guarded
@refuses(RoomPasswordTooShort, TooManyRooms, RoomsBusy)
@routes.arguments(RoomIn)
@routes.response(201, RoomOut)
def make_room(asked: dict[str, Any]) -> Any:
    """Make a private room of the official's department."""
    return rooms.make_room(
        words=asked["words"], password=asked["password"], official=acting_official(), now=_now()
    )


@routes.get("/rooms")
@guarded
@routes.response(200, RoomsOut)
def list_rooms() -> dict[str, Any]:
    """The private rooms of the official's department; every one for who keeps the rolls."""
    return {"items": rooms.list_rooms(acting_official())}


@routes.put("/rooms/<number>/password")
@guarded
@refuses(RoomUnknown, RoomNotYours, RoomPasswordTooShort, RoomsBusy)
@routes.arguments(RoomPasswordIn)
@routes.response(200, RoomOut)
def change_room_password(asked: dict[str, Any], number: str) -> Any:
    """Change the password; passes given out before end by themselves."""
    return rooms.change_password(
        number, password=asked["password"], official=acting_official(), now=_now()
    )


@routes.post("/rooms/<number>/close")
@guarded
@refuses(RoomUnknown, RoomNotYours)
@routes.response(200, RoomOut)
def close_room(number: str) -> Any:
    """Let nobody in any more, for good; passes take no permit from now on."""
    return rooms.close_room(number, official=acting_official(), now=_now())


@routes.post("/rooms/<number>/entries")
@guarded
@refuses(RoomEntryRefused, TooManyRoomEntries, RoomsBusy)
@routes.arguments(RoomPasswordIn)
@routes.response(200, RoomPassOut)
def enter_room(asked: dict[str, Any], number: str) -> Any:
    """Enter a private room by its password; the pass that comes back tells nobody who."""
    return rooms.enter_room(
        number, account=caller().account, password=asked["password"], now=_now()
    )


@routes.post("/audience-counts")
@guarded
@refuses(AudienceRefused, TooManyCounts)
@routes.arguments(AudienceCountIn)
@routes.response(200, AudienceCountOut)
def count_audience(asked: dict[str, Any]) -> Any:
    """About how many the audience of a draft holds; audiences alike are told the same."""
    return counts.count_for_draft(asked["audience"], official=acting_official().id, now=_now())


def _now() -> datetime:
    return datetime.now(UTC)
