"""Officials sign in, prove again who they are, and look after their own; administrators manage."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from mvote.core.errors import Refusal
from mvote.gateways.oidc import ProviderUnreachable
from mvote.installation import installation
from mvote.people.identity.errors import (
    AccountGone,
    OidcLoginUnknown,
    OidcNotOffered,
    TooBusyToSignIn,
    TooManyOidcLogins,
)
from mvote.people.identity.service.oidc_logins import begin_oidc_login
from mvote.people.officials.errors import (
    AccountDisabled,
    DepartmentNotValid,
    EnrolmentNotValid,
    LastAdministrator,
    LoginNotValid,
    LoginTaken,
    NoSuchOfficial,
    NoSuchPasskey,
    NoSuchSession,
    OwnDuties,
    PasskeyCopied,
    PasskeyKnown,
    PasskeyRefused,
    PasswordsNotAllowed,
    SignInRefused,
    SubjectNotKnown,
    SubjectTaken,
    TooManyPasskeys,
    TooManySignIns,
)
from mvote.people.officials.rules import Enrolment, OfficialAccount, Passkey
from mvote.people.officials.schemas import (
    CameBackIn,
    CeremonyOut,
    DutiesIn,
    EnrolmentIn,
    InvitedOut,
    LinkOut,
    NewOfficialIn,
    NewPasskeyIn,
    OfficialOut,
    OfficialsOut,
    OidcEnrolmentIn,
    PasskeyOut,
    PasskeySignInIn,
    PasskeysOut,
    ProofIn,
    SecretIn,
    SessionsOut,
    SignInIn,
)
from mvote.people.officials.service import accounts, enrolling, oidc, passkeys, passwords, sessions
from mvote.web.access import caller
from mvote.web.fields import AccessOut, OidcLoginOut, Routes, TokensOut
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of
from mvote.web.problems import refuses
from mvote.web.tokens import access_of, tokens_of

routes = Routes(
    "officials", __name__, url_prefix="/api/v1", description="Officials and their signing in"
)

Kinds = tuple[type[Refusal], ...]
PASSWORD_REFUSALS: Kinds = (
    SignInRefused,
    TooManySignIns,
    TooBusyToSignIn,
    PasswordsNotAllowed,
    AccountDisabled,
)
PASSKEY_REFUSALS: Kinds = (PasskeyRefused, PasskeyCopied, AccountDisabled)
OIDC_REFUSALS: Kinds = (OidcLoginUnknown, SubjectNotKnown, AccountDisabled)
NEW_PASSKEY_REFUSALS: Kinds = (PasskeyRefused, PasskeyKnown, TooManyPasskeys, AccountDisabled)


# -- signing in ---------------------------------------------------------------------------


@routes.post("/officials/tokens")
@guarded
@refuses(*PASSWORD_REFUSALS, AccountGone)
@routes.arguments(SignInIn)
@routes.response(201, TokensOut)
def sign_in_as_official(asked: dict[str, Any]) -> dict[str, Any]:
    """Sign in by password, where the city allows it."""
    now = datetime.now(UTC)
    made = passwords.sign_in_official(asked["login"], password=asked["password"], now=now)
    return tokens_of(made, fresh=True)


@routes.post("/officials/passkey-challenges")
@guarded
@routes.response(201, CeremonyOut)
def ask_for_passkey() -> dict[str, Any]:
    """Begin to sign in by passkey."""
    return {"publicKey": passkeys.begin_sign_in(now=datetime.now(UTC))}


@routes.post("/officials/passkey-tokens")
@guarded
@refuses(*PASSKEY_REFUSALS, AccountGone)
@routes.arguments(PasskeySignInIn)
@routes.response(201, TokensOut)
def sign_in_by_passkey(asked: dict[str, Any]) -> dict[str, Any]:
    """Sign in by passkey."""
    made = passkeys.sign_in_with_passkey(asked["passkey"], now=datetime.now(UTC))
    return tokens_of(made, fresh=True)


@routes.post("/officials/enrolment-challenges")
@guarded
@refuses(EnrolmentNotValid)
@routes.arguments(SecretIn)
@routes.response(201, CeremonyOut)
def begin_enrolment(asked: dict[str, Any]) -> dict[str, Any]:
    """Begin to enrol a passkey by the link of an administrator."""
    return {"publicKey": enrolling.begin_enrolment(asked["secret"], now=datetime.now(UTC))}


@routes.post("/officials/enrolments")
@guarded
@refuses(EnrolmentNotValid, *NEW_PASSKEY_REFUSALS, AccountGone)
@routes.arguments(EnrolmentIn)
@routes.response(201, TokensOut)
def enrol_passkey(asked: dict[str, Any]) -> dict[str, Any]:
    """Enrol a passkey, which uses the link up, and sign in."""
    made = enrolling.enrol(
        asked["secret"], answer=asked["passkey"], label=asked["label"], now=datetime.now(UTC)
    )
    return tokens_of(made, fresh=True)


@routes.post("/officials/oidc-logins")
@guarded
@refuses(OidcNotOffered, ProviderUnreachable, TooManyOidcLogins)
@routes.response(201, OidcLoginOut)
def begin_officials_oidc_login() -> dict[str, Any]:
    """Begin to sign in at the provider of the city's staff."""
    seconds = installation().settings.oidc_login_seconds
    return {**asdict(begin_oidc_login("official", now=datetime.now(UTC))), "expires_in": seconds}


@routes.post("/officials/oidc-tokens")
@guarded
@refuses(*OIDC_REFUSALS, AccountGone)
@routes.arguments(CameBackIn)
@routes.response(201, TokensOut)
def sign_in_by_oidc(asked: dict[str, Any]) -> dict[str, Any]:
    """Sign in by what came back from the provider."""
    return tokens_of(oidc.sign_in_with_oidc(asked, now=datetime.now(UTC)), fresh=True)


@routes.post("/officials/oidc-enrolments")
@guarded
@refuses(EnrolmentNotValid, OidcLoginUnknown, SubjectTaken, AccountDisabled, AccountGone)
@routes.arguments(OidcEnrolmentIn)
@routes.response(201, TokensOut)
def enrol_oidc(asked: dict[str, Any]) -> dict[str, Any]:
    """Bind a sign-in at the provider by the link of an administrator, and sign in."""
    made = oidc.enrol_with_oidc(asked["secret"], came=asked["oidc"], now=datetime.now(UTC))
    return tokens_of(made, fresh=True)


@routes.post("/tokens/fresh-challenges")
@guarded
@routes.response(201, CeremonyOut)
def ask_for_own_passkey() -> dict[str, Any]:
    """Begin to prove again who is calling, by one of the official's own passkeys."""
    made = passkeys.begin_confirming(caller().account, now=datetime.now(UTC))
    return {"publicKey": made}


@routes.post("/tokens/fresh")
@guarded
@refuses(*PASSWORD_REFUSALS, *PASSKEY_REFUSALS, *OIDC_REFUSALS, AccountGone)
@routes.arguments(ProofIn)
@routes.response(201, AccessOut)
def confirm_sign_in(asked: dict[str, Any]) -> dict[str, Any]:
    """Prove again who is calling, for what needs a fresh sign-in."""
    calling, now = caller(), datetime.now(UTC)
    who, family = calling.account, calling.family
    if "passkey" in asked:
        answer = asked["passkey"]
        made = passkeys.confirm_with_passkey(who, family=family, answer=answer, now=now)
    elif "oidc" in asked:
        made = oidc.confirm_with_oidc(who, family=family, came=asked["oidc"], now=now)
    else:
        password = asked["password"]
        made = passwords.confirm_password(who, family=family, password=password, now=now)
    return access_of(made, fresh=True)


# -- one's own ----------------------------------------------------------------------------


@routes.get("/officials/me/passkeys")
@guarded
@routes.response(200, PasskeysOut)
def list_own_passkeys() -> dict[str, Any]:
    """The passkeys of the official who asks."""
    return {"items": [_passkey(one) for one in passkeys.list_passkeys(caller().account)]}


@routes.post("/officials/me/passkey-challenges")
@guarded
@refuses(AccountGone, AccountDisabled)
@routes.response(201, CeremonyOut)
def begin_adding_passkey() -> dict[str, Any]:
    """Begin to add another passkey."""
    return {"publicKey": passkeys.begin_adding(caller().account, now=datetime.now(UTC))}


@routes.post("/officials/me/passkeys")
@guarded
@refuses(*NEW_PASSKEY_REFUSALS, AccountGone)
@routes.arguments(NewPasskeyIn)
@routes.response(201, PasskeyOut)
def add_own_passkey(asked: dict[str, Any]) -> dict[str, Any]:
    """Add another passkey."""
    answer, label = asked["passkey"], asked["label"]
    made = passkeys.add_passkey(caller().account, answer=answer, label=label, now=datetime.now(UTC))
    return _passkey(made)


@routes.delete("/officials/me/passkeys/<string:passkey_id>")
@guarded
@refuses(NoSuchPasskey)
@routes.response(204)
def remove_own_passkey(passkey_id: str) -> None:
    """Remove a passkey, and end every other sign-in."""
    calling, now = caller(), datetime.now(UTC)
    passkeys.remove_passkey(calling.account, passkey_id, family=calling.family, now=now)


@routes.get("/officials/me/sessions")
@guarded
@routes.response(200, SessionsOut)
def list_own_sessions() -> dict[str, Any]:
    """Where the official who asks is signed in."""
    calling = caller()
    found = sessions.list_sessions(calling.account, now=datetime.now(UTC))
    return {
        "items": [
            {
                "id": one.id,
                "started": one.started,
                "proof": one.proof,
                "device": one.device,
                "current": one.id == calling.family,
            }
            for one in found
        ]
    }


@routes.delete("/officials/me/sessions/<string:session_id>")
@guarded
@refuses(NoSuchSession)
@routes.response(204)
def end_own_session(session_id: str) -> None:
    """End one sign-in of one's own."""
    sessions.end_session(caller().account, session_id)


@routes.delete("/officials/me/sessions")
@guarded
@refuses(NoSuchOfficial)
@routes.response(204)
def end_own_sessions() -> None:
    """End every sign-in of one's own, this one too."""
    calling = caller()
    sessions.end_sessions(calling.account, by=calling.account, now=datetime.now(UTC))


# -- who may what -------------------------------------------------------------------------


@routes.get("/officials")
@guarded
@routes.arguments(CursorIn, location="query")
@routes.response(200, OfficialsOut)
def list_officials(asked: dict[str, Any]) -> dict[str, Any]:
    """The city's officials by login."""
    page = page_of(accounts.list_officials, lambda one: one.login, asked)
    return page | {"items": [_official(one) for one in page["items"]]}


@routes.post("/officials")
@guarded
@refuses(LoginNotValid, LoginTaken, DepartmentNotValid)
@routes.arguments(NewOfficialIn)
@routes.response(201, InvitedOut)
def add_official(asked: dict[str, Any]) -> dict[str, Any]:
    """Add an official, who enrols a passkey by the link that is answered."""
    made, link = accounts.invite_official(
        asked["login"],
        department=asked["department"],
        duties=tuple(asked["duties"]),
        by=caller().account,
        now=datetime.now(UTC),
    )
    return {"official": _official(made), "enrolment": _link(link)}


@routes.get("/officials/<string:official_id>")
@guarded
@refuses(NoSuchOfficial)
@routes.response(200, OfficialOut)
def get_official(official_id: str) -> dict[str, Any]:
    """One official."""
    return _official(accounts.get_official(official_id))


@routes.put("/officials/<string:official_id>/duties")
@guarded
@refuses(NoSuchOfficial, OwnDuties, LastAdministrator, DepartmentNotValid)
@routes.arguments(DutiesIn)
@routes.response(200, OfficialOut)
def change_official(asked: dict[str, Any], official_id: str) -> dict[str, Any]:
    """Give an official another department or other duties; every sign-in of theirs ends."""
    made = accounts.change_official(
        official_id,
        department=asked["department"],
        duties=tuple(asked["duties"]),
        by=caller().account,
        now=datetime.now(UTC),
    )
    return _official(made)


@routes.post("/officials/<string:official_id>/disable")
@guarded
@refuses(NoSuchOfficial, OwnDuties, LastAdministrator)
@routes.response(200, OfficialOut)
def disable_official(official_id: str) -> dict[str, Any]:
    """Let an official do nothing any more; every sign-in of theirs ends."""
    now = datetime.now(UTC)
    return _official(accounts.disable_official(official_id, by=caller().account, now=now))


@routes.post("/officials/<string:official_id>/enable")
@guarded
@refuses(NoSuchOfficial, OwnDuties)
@routes.response(200, OfficialOut)
def enable_official(official_id: str) -> dict[str, Any]:
    """Let a disabled official sign in again."""
    now = datetime.now(UTC)
    return _official(accounts.enable_official(official_id, by=caller().account, now=now))


@routes.post("/officials/<string:official_id>/enrolments")
@guarded
@refuses(NoSuchOfficial, AccountDisabled)
@routes.response(201, LinkOut)
def make_enrolment_link(official_id: str) -> dict[str, Any]:
    """Make a new enrolment link; one made before is void."""
    now = datetime.now(UTC)
    return _link(enrolling.invite_again(official_id, by=caller().account, now=now))


@routes.delete("/officials/<string:official_id>/sessions")
@guarded
@refuses(NoSuchOfficial)
@routes.response(204)
def end_sessions_of_official(official_id: str) -> None:
    """End every sign-in of an official."""
    sessions.end_sessions(official_id, by=caller().account, now=datetime.now(UTC))


def _official(one: OfficialAccount) -> dict[str, Any]:
    return {
        "id": one.id,
        "login": one.login,
        "department": one.department,
        "duties": list(one.duties),
        "disabled": one.disabled,
        "passkeys": one.passkeys,
    }


def _passkey(one: Passkey) -> dict[str, Any]:
    return {"id": one.id, "label": one.label, "added": one.added, "used": one.used}


def _link(made: Enrolment) -> dict[str, Any]:
    return {"link": made.link, "expires_at": made.expires_at}
