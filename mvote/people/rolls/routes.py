"""What a citizen may know of the rolls."""

from typing import Any

from mvote.people.identity.errors import AccountGone
from mvote.people.rolls.schemas import MeOut
from mvote.people.rolls.service.registers import find_register_facts
from mvote.web.access import caller
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
    return told | {"register": find_register_facts(calling.account)}
