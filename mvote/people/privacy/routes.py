"""What a citizen agreed to, declared, can take along and can delete; what went by itself."""

from datetime import UTC, datetime
from typing import Any

from mvote.installation import installation
from mvote.people.identity.errors import (
    AccountGone,
    ConsentCarriesAccount,
    ConsentNeeded,
    ConsentOutdated,
    PurposeUnknown,
)
from mvote.people.identity.service import consents, declared
from mvote.people.privacy.errors import NothingDeclared
from mvote.people.privacy.schemas import (
    ConsentIn,
    ConsentOut,
    ConsentsOut,
    ConsentTextsOut,
    DeclarationIn,
    DeclarationOut,
    HeldOut,
    LeftOut,
    RetentionsIn,
    RetentionsOut,
)
from mvote.people.privacy.service.holding import get_everything_held
from mvote.people.privacy.service.leaving import leave
from mvote.people.privacy.service.retention import list_statements
from mvote.web.access import caller
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("privacy", __name__, url_prefix="/api/v1", description="A citizen's own data")


@routes.get("/consent-texts")
@guarded
@routes.response(200, ConsentTextsOut)
def list_consent_texts() -> dict[str, Any]:
    """What is asked of citizens, for which purpose, in the newest version."""
    return {"needed": consents.is_consent_needed(), "items": consents.list_texts()}


@routes.get("/me/consents")
@guarded
@routes.response(200, ConsentsOut)
def list_my_consents() -> dict[str, Any]:
    """Everything that the caller agreed to, withdrawn or not."""
    return {"items": consents.list_consents(caller().account)}


@routes.put("/me/consents/<string:purpose>")
@guarded
@refuses(PurposeUnknown, ConsentOutdated, AccountGone)
@routes.arguments(ConsentIn)
@routes.response(200, ConsentOut)
def give_consent(asked: dict[str, Any], purpose: str) -> Any:
    """Agree to the text of a purpose, in its newest version."""
    now = datetime.now(UTC)
    return consents.give_consent(caller().account, purpose, version=asked["version"], now=now)


@routes.delete("/me/consents/<string:purpose>")
@guarded
@refuses(PurposeUnknown, ConsentCarriesAccount)
@routes.response(204)
def withdraw_consent(purpose: str) -> None:
    """Withdraw a consent; what was kept for it alone goes at once."""
    consents.withdraw_consent(caller().account, purpose, now=datetime.now(UTC))


@routes.get("/me/declaration")
@guarded
@refuses(NothingDeclared)
@routes.response(200, DeclarationOut)
def get_my_declaration() -> Any:
    """What the caller declared; the register's own facts are apart, in /me."""
    found = declared.find_declared(caller().account)
    if found is None:
        raise NothingDeclared()
    return found


@routes.put("/me/declaration")
@guarded
@refuses(ConsentNeeded, AccountGone)
@routes.arguments(DeclarationIn)
@routes.response(200, DeclarationOut)
def declare(asked: dict[str, Any]) -> Any:
    """Declare what polls that take one's word for it may ask; it takes a consent."""
    return declared.declare(caller().account, **asked)


@routes.delete("/me/declaration")
@guarded
@routes.response(204)
def forget_my_declaration() -> None:
    """Take back everything that was declared."""
    declared.forget_declared(caller().account)


@routes.get("/me/data")
@guarded
@refuses(AccountGone)
@routes.response(200, HeldOut)
def get_my_data() -> dict[str, Any]:
    """Everything that the people side holds about the caller."""
    calling = caller()
    return get_everything_held(calling.account, proof=calling.proof, now=datetime.now(UTC))


@routes.delete("/me")
@guarded
@refuses(AccountGone)
@routes.response(200, LeftOut)
def delete_my_account() -> Any:
    """Delete the account; the answer says what stays, why and until when."""
    calling = caller()
    return leave(calling.account, proof=calling.proof, now=datetime.now(UTC))


@routes.get("/retention-statements")
@guarded
@routes.arguments(RetentionsIn, location="query")
@routes.response(200, RetentionsOut)
def list_retention_statements(asked: dict[str, Any]) -> dict[str, Any]:
    """Signed statements of what went because nobody used it, newest first."""
    most = installation().settings.page_items
    return {"items": list_statements(after=asked["before"], limit=most)}
