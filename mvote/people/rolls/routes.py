"""What a citizen may know of the rolls; private rooms; how many an audience holds."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.eligibility import AudienceRefused
from mvote.installation import installation
from mvote.people.identity.errors import (
    AccountGone,
    OtherKeyHeld,
    StrongerSignInNeeded,
    TooBusyToSignIn,
)
from mvote.people.rolls.errors import (
    CodeBatchUnknown,
    DeskNotConfirmed,
    DeskRequestTaken,
    DeskRequestUnknown,
    EntryUnknown,
    PrintedCodeRevoked,
    PrintedCodeUnknown,
    PrintedCodeUsed,
    RoomEntryRefused,
    RoomNotYours,
    RoomPasswordTooShort,
    RoomUnknown,
    TooManyCounts,
    TooManyDeskConfirmations,
    TooManyDeskRequests,
    TooManyDeskTries,
    TooManyRoomEntries,
    TooManyRooms,
)
from mvote.people.rolls.schemas import (
    AudienceCountIn,
    AudienceCountOut,
    CodeBatchesOut,
    CodeStateOut,
    DeskConfirmationIn,
    DeskRequestOut,
    DeskSecretIn,
    MeOut,
    PrintedCodeIn,
    RevokedOut,
    RevokeIn,
    RoomIn,
    RoomOut,
    RoomPassOut,
    RoomPasswordIn,
    RoomsOut,
)
from mvote.people.rolls.service import codes, counts, desk, rooms
from mvote.people.rolls.service.voters import find_register_facts
from mvote.web.access import acting_official, caller
from mvote.web.fields import AccessOut, Routes, TokensOut
from mvote.web.guard import guarded
from mvote.web.problems import refuses
from mvote.web.tokens import KINDS, access_of, tokens_of

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
@refuses(RoomPasswordTooShort, TooManyRooms, TooBusyToSignIn)
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
@refuses(RoomUnknown, RoomNotYours, RoomPasswordTooShort, TooBusyToSignIn)
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
@refuses(RoomEntryRefused, TooManyRoomEntries, TooBusyToSignIn)
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


@routes.get("/code-batches")
@guarded
@routes.response(200, CodeBatchesOut)
def list_code_batches() -> dict[str, Any]:
    """How many codes were printed, used and revoked, batch by batch."""
    return {"items": codes.list_batches()}


@routes.get("/code-batches/<batch>/codes/<int:serial>")
@guarded
@refuses(CodeBatchUnknown)
@routes.response(200, CodeStateOut)
def get_printed_code(batch: str, serial: int) -> dict[str, Any]:
    """What became of one printed code."""
    return {"state": codes.get_code_state(batch, serial)}


@routes.post("/code-batches/<batch>/revocation")
@guarded
@refuses(CodeBatchUnknown)
@routes.arguments(RevokeIn)
@routes.response(200, RevokedOut)
def revoke_codes(asked: dict[str, Any], batch: str) -> dict[str, Any]:
    """Make one code void, or every code of a batch that was not used yet."""
    official = acting_official().id
    revoked = codes.revoke_codes(batch, serial=asked["serial"], official=official, now=_now())
    return {"revoked": revoked}


@routes.post("/codes/tokens")
@guarded
@refuses(PrintedCodeUnknown, PrintedCodeUsed, PrintedCodeRevoked)
@routes.arguments(PrintedCodeIn)
@routes.response(201, TokensOut)
def enter_printed_code(asked: dict[str, Any]) -> dict[str, Any]:
    """Exchange a printed code, once, for the tokens of a citizen who stands on the roll by it."""
    return tokens_of(codes.sign_in_with_printed_code(asked["code"], now=_now()), fresh=True)


@routes.post("/me/codes/tokens")
@guarded
@refuses(PrintedCodeUnknown, PrintedCodeUsed, PrintedCodeRevoked)
@refuses(OtherKeyHeld, StrongerSignInNeeded, AccountGone)
@routes.arguments(PrintedCodeIn)
@routes.response(201, AccessOut)
def add_my_printed_code(asked: dict[str, Any]) -> dict[str, Any]:
    """Add the entry of a printed code to the account one is signed in to."""
    calling = caller()
    made = codes.add_printed_code(
        asked["code"], account=calling.account, family=calling.family, now=_now()
    )
    return access_of(made, fresh=True)


@routes.post("/desk-requests")
@guarded
@refuses(TooManyDeskRequests)
@routes.response(201, DeskRequestOut)
def ask_for_desk() -> dict[str, Any]:
    """A number to show at the ID desk."""
    return _told_desk(*desk.request_desk(now=_now()))


@routes.post("/me/desk-requests")
@guarded
@refuses(TooManyDeskRequests, StrongerSignInNeeded, AccountGone)
@routes.response(201, DeskRequestOut)
def ask_for_desk_signed_in() -> dict[str, Any]:
    """The same, for the account one is signed in to."""
    calling = caller()
    made = desk.request_desk_for(calling.account, proof=calling.proof, now=_now())
    return _told_desk(*made)


def _told_desk(number: str, secret: str) -> dict[str, Any]:
    seconds = installation().settings.desk_seconds
    return {"number": number, "secret": secret, "expires_in": seconds}


@routes.post("/desk-requests/<number>/confirmation")
@guarded
@refuses(DeskRequestUnknown, DeskRequestTaken, EntryUnknown)
@refuses(TooManyDeskTries, TooManyDeskConfirmations)
@routes.arguments(DeskConfirmationIn)
@routes.response(204)
def confirm_at_desk(asked: dict[str, Any], number: str) -> None:
    """Confirm, having seen the card, that the person with this phone is that entry of the roll."""
    official = acting_official().id
    desk.confirm_at_desk(number, entry=asked["entry"], official=official, now=_now())


@routes.post("/desk-requests/<number>/tokens")
@guarded
@refuses(DeskRequestUnknown, DeskNotConfirmed)
@refuses(OtherKeyHeld, StrongerSignInNeeded, AccountGone)
@routes.arguments(DeskSecretIn)
@routes.response(201, TokensOut)
def collect_from_desk(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """Trade the secret for a citizen's tokens, once the official has confirmed."""
    return tokens_of(desk.sign_in_at_desk(number, secret=asked["secret"], now=_now()), fresh=True)


def _now() -> datetime:
    return datetime.now(UTC)
