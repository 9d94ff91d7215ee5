"""Signing in at the office: passkey, login of the city, password; proving again; leaving."""

import json
from typing import Any

from flask import Response, redirect, request

from mvote.core.text import LANGUAGES
from mvote.installation import installation
from mvote.pages.language import link
from mvote.pages.office.forms import proof_of
from mvote.pages.office.inside import Answer, Sent, call
from mvote.pages.office.pages import finish, people_origin, render, sentence
from mvote.pages.office.routes import office
from mvote.pages.office.session import (
    LOGIN,
    PATH,
    Session,
    drop_cookie,
    find_session,
    forget_session,
    is_apart,
    keep_tokens,
    now_utc,
    origin_of,
    people_here,
    people_url,
    read_cookie,
    sent_from,
    set_cookie,
    shows_token,
)
from mvote.web.errors import NoSuchAddress
from mvote.web.guard import guarded
from mvote.web.openapi import PREFIX

__all__ = ["office"]
"""The routes that are looked after here stand with the others."""

PURPOSES = ("sign-in", "fresh", "enrol")
CEREMONIES = {
    "fresh": f"{PREFIX}/tokens/fresh-challenges",
    "add": f"{PREFIX}/officials/me/passkey-challenges",
}
"""Challenges for which the token in the cookie is needed, which no script can read."""


@office.get("/office/sign-in")
@guarded
def show_sign_in() -> Response:
    """Where officials sign in."""
    return _sign_in()


def _sign_in(notice: str = "", status: int = 200) -> Response:
    here = people_url(installation().settings)
    elsewhere = not people_here() or origin_of(here) != origin_of(request.host_url.rstrip("/"))
    return render(
        "sign-in.html",
        status,
        scripts=True,
        notice=notice,
        wanted=_wanted(request.values.get("next", "")),
        here=here if elsewhere else "",
    )


@office.post("/office/sign-in")
@guarded
def sign_in_here() -> Response:
    """Sign in by passkey or by password."""
    if not sent_from():
        return _sign_in(sentence("elsewhere"), 403)
    proof = proof_of(request.form) or {}
    if "passkey" in proof:
        answer = _post("officials/passkey-tokens", proof)
    else:
        password = str(proof.get("password", ""))
        login = request.form.get("login", "")
        answer = _post("officials/tokens", {"login": login, "password": password})
    return _signed_in(answer)


def _signed_in(answer: Answer) -> Response:
    if not answer.done or keep_tokens(answer.body) is None:
        return _sign_in(_refused(answer), answer.status)
    return _go(_wanted(request.form.get("next", "")))


@office.post("/office/sign-in/provider")
@guarded
def begin_at_provider() -> Response:
    """Send the browser to the provider of the city's staff."""
    purpose = request.form.get("purpose", "")
    known = purpose in PURPOSES and (purpose != "fresh" or shows_token())
    if not sent_from() or not known:
        return _sign_in(sentence("elsewhere"), 403)
    answer = _post("officials/oidc-logins")
    if not answer.done:
        return _sign_in(_refused(answer), answer.status)
    response = render("provider.html", url=answer.body["url"])
    response.headers["Refresh"] = f"0; url={answer.body['url']}"
    kept = {name: answer.body[name] for name in ("login", "secret")} | {"purpose": purpose}
    if purpose == "enrol":
        kept["link"] = request.form.get("secret", "")
    kept["next"] = _wanted(request.form.get("next", ""))
    set_cookie(response, LOGIN, json.dumps(kept), seconds=answer.body["expires_in"])
    return response


@office.get("/office/returned")
@guarded
def show_returned() -> Response:
    """Where the provider's browser comes back to; what it brings stands behind the ``#``."""
    return render("returned.html", scripts=True)


@office.post("/office/returned")
@guarded
def come_back_here() -> Response:
    """Finish what was begun at the provider: the cookie says what it was."""
    begun = _begun()
    if not sent_from() or begun is None or begun["login"] != request.form.get("login"):
        return _sign_in(sentence("begin-again"), 403)
    came = {
        "login": begun["login"],
        "secret": begun["secret"],
        "code": request.form.get("code", ""),
    }
    who = find_session(now_utc())
    if begun["purpose"] == "enrol":
        answer = _post("officials/oidc-enrolments", {"secret": begun["link"], "oidc": came})
    elif begun["purpose"] == "fresh" and who is not None:
        answer = _post("tokens/fresh", {"oidc": came}, token=who.access)
    else:
        answer = _post("officials/oidc-tokens", came)
    if not answer.done or keep_tokens(answer.body) is None:
        return _sign_in(_refused(answer), answer.status)
    response = _go(begun["next"])
    drop_cookie(response, LOGIN)
    return response


def _begun() -> dict[str, str] | None:
    try:
        found = json.loads(read_cookie(LOGIN) or "null")
    except (ValueError, RecursionError):
        return None
    names = {"login", "secret", "purpose", "next"}
    fits = isinstance(found, dict) and names <= found.keys()
    return {"link": "", **{k: str(v) for k, v in found.items()}} if fits else None


# -- enrolling ----------------------------------------------------------------------------


@office.get("/officials/enrol")
@guarded
def show_enrolment() -> Response:
    """The page of an administrator's link; its secret stays behind the ``#``."""
    return _enrolment()


def _enrolment(notice: str = "", status: int = 200) -> Response:
    if not people_here():
        raise NoSuchAddress()
    secret = request.form.get("secret", "")
    return render("enrol.html", status, scripts=True, notice=notice, secret=secret)


@office.post("/office/enrol")
@guarded
def enrol_here() -> Response:
    """Enrol a passkey by the link, which is used up, and sign in."""
    if not sent_from():
        return _enrolment(sentence("elsewhere"), 403)
    proof = proof_of(request.form) or {}
    sent = {"secret": request.form.get("secret", ""), "label": request.form.get("label", "")}
    answer = _post("officials/enrolments", {**sent, **proof})
    if not answer.done or keep_tokens(answer.body) is None:
        return _enrolment(_refused(answer), answer.status)
    return _go(PATH)


# -- proving again ------------------------------------------------------------------------


@office.post("/office/challenges/<purpose>")
@guarded
def give_challenge(purpose: str) -> Response:
    """What the browser is to ask the authenticator for, by who is signed in."""
    who = find_session(now_utc())
    if purpose not in CEREMONIES or who is None or not (sent_from() and shows_token()):
        raise NoSuchAddress()
    answer = call("POST", CEREMONIES[purpose], token=who.access)
    response = Response(answer.data, answer.status, content_type=answer.content_type)
    return finish(response)


@office.get("/office/prove")
@guarded
def prove() -> Response:
    """Prove again who is signed in, for acts that need it."""
    who = find_session(now_utc())
    return _proving(who) if who is not None else _go_sign_in()


def _proving(who: Session, notice: str = "", status: int = 200) -> Response:
    return render("prove.html", status, scripts=True, notice=notice, fresh=who.is_fresh(now_utc()))


@office.post("/office/prove")
@guarded
def prove_here() -> Response:
    """Take the proof."""
    who = find_session(now_utc())
    if who is None:
        return _go_sign_in()
    if not sent_from() or not shows_token():
        return _proving(who, sentence("elsewhere"), 403)
    answer = _post("tokens/fresh", proof_of(request.form) or {}, token=who.access)
    if not answer.done:
        return _proving(who, _refused(answer), answer.status)
    return _proving(keep_tokens(answer.body) or who)


# -- the other host -----------------------------------------------------------------------


@office.get("/office/other")
@guarded
def show_other() -> Response:
    """Hand the token over to the office of the votes side, by a form and never in an address."""
    who = find_session(now_utc())
    if not is_apart() or not people_here():
        return _go(PATH)
    if who is None:
        return _go_sign_in()
    return render("other.html", to=(origin_of(installation().settings.public_url),))


@office.post("/office/session")
@guarded
def take_session() -> Response:
    """Take over a sign-in from the people side's office, and from no other site."""
    if not is_apart() or people_here() or not sent_from(people_origin()):
        return _sign_in(sentence("elsewhere"), 403)
    if keep_tokens({"access": request.form.get("access", "")}) is None:
        return _sign_in(sentence("begin-again"), 403)
    response = render("taken.html")
    # The way here began elsewhere, and cookies go along only on ways that begin here.
    response.headers["Refresh"] = f"0; url={PATH}"
    return response


# -- leaving ------------------------------------------------------------------------------


@office.get("/office/sign-out")
@guarded
def leave() -> Response:
    """Ask whether to leave."""
    return render("leave.html") if find_session(now_utc()) else _go_sign_in()


@office.post("/office/sign-out")
@guarded
def leave_here() -> Response:
    """End the sign-in: its tokens are void on the people side at once."""
    who = find_session(now_utc())
    if who is not None and sent_from() and shows_token():
        if people_here():
            call("DELETE", f"{PREFIX}/tokens", token=who.access)
        forget_session()
    return _go_sign_in()


def _post(path: str, body: dict[str, Any] | None = None, *, token: str = "") -> Answer:
    sent = Sent(body=body, has_body=body is not None)
    return call("POST", f"{PREFIX}/{path}", sent, token=token)


def _refused(answer: Answer) -> str:
    title = answer.body.get("title", "") if isinstance(answer.body, dict) else ""
    return str(title) or sentence("begin-again")


def _wanted(path: str) -> str:
    """Where to go after signing in: within the office, and nowhere else."""
    within = path == PATH or path.startswith((f"{PATH}/", f"{PATH}?"))
    return path if within and "\\" not in path and "\n" not in path else PATH


def _go_sign_in() -> Response:
    return _go(link("office.show_sign_in"))


def _go(path: str) -> Response:
    """On to another page, in the language that the reader chose by hand."""
    lang = request.args.get("lang", "")
    if lang in LANGUAGES and "lang=" not in path:
        path += f"{'&' if '?' in path else '?'}lang={lang}"
    made = redirect(path, 303)
    return finish(Response(made.get_data(), 303, dict(made.headers)))
