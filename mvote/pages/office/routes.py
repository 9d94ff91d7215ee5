"""The office's pages for whoever is signed in: inbox, acts, and one form for each."""

from typing import Any

from flask import Blueprint, Response, redirect, request

from mvote.core.errors import Refusal
from mvote.core.times import iso
from mvote.pages.language import link
from mvote.pages.office.acts import Act, acts
from mvote.pages.office.controls import unplaced
from mvote.pages.office.forms import FRESH_NEEDED, SIGNED_OUT, Form, proof_of, typed_of
from mvote.pages.office.inbox import gather
from mvote.pages.office.inside import Sent, call
from mvote.pages.office.next import next_links, show_answer
from mvote.pages.office.pages import finish, render, sentence
from mvote.pages.office.session import (
    PATH,
    Session,
    find_session,
    keep_tokens,
    now_utc,
    people_here,
    send_cookies,
    sent_from,
    shows_token,
)
from mvote.pages.office.words.acts import ACTS
from mvote.pages.office.words.said import GROUPS
from mvote.pages.public.routes import FOLDER, asset
from mvote.web.caching import conditional
from mvote.web.errors import NoSuchAddress
from mvote.web.guard import guarded
from mvote.web.language import reader_language
from mvote.web.openapi import PREFIX
from mvote.web.problems import body_of

ASSETS = {
    "design.css": "text/css",
    "icon.svg": "image/svg+xml",
    "passkey.js": "text/javascript; charset=utf-8",
}
ASSET_SECONDS = 31_536_000

office = Blueprint("office", __name__, template_folder=str(FOLDER / "templates"))
office.after_request(send_cookies)


@office.errorhandler(Refusal)
def _refused(refusal: Refusal) -> Response:
    problem = body_of(refusal, reader_language())
    return render("problem.html", refusal.status, problem=problem)


@office.get("/office/static/<name>")
@guarded
def show_office_asset(name: str) -> Response:
    """The style sheet and the script for passkeys, for hosts that serve no other pages."""
    if name not in ASSETS:
        raise NoSuchAddress()
    content, tag = asset(name)
    return conditional(content, content_type=ASSETS[name], etag=tag, max_age=ASSET_SECONDS)


@office.get("/office")
@guarded
def show_inbox() -> Response:
    """What waits for the official, by date."""
    who = find_session(now_utc())
    if who is None:
        return _to_sign_in()
    gathered = gather(who, now=now_utc())
    if gathered.signed_out:
        return _to_sign_in()
    return render("inbox.html", waiting=gathered.items, now=iso(now_utc()))


@office.get("/office/acts")
@guarded
def show_acts() -> Response:
    """Every act that the official may do, by group; or those about one thing."""
    who = find_session(now_utc())
    if who is None:
        return _to_sign_in()
    about = {name: value for name, value in request.args.items() if name.startswith("p.")}
    names = {name.removeprefix("p.") for name in about}
    open_to = [
        one
        for one in acts().values()
        if one.open_to(who.duties)
        and not ACTS[one.name].within
        and (not about or names & {*one.path})
    ]
    found = [
        (title, [one for one in open_to if ACTS[one.name].group == group])
        for group, title in GROUPS.items()
    ]
    return render("acts.html", found=found, about=about, address=_address)


def _address(act: Act, about: dict[str, str]) -> str:
    page = ACTS[act.name].page
    if page:
        return link(page)
    fitting = {name: value for name, value in about.items() if name.removeprefix("p.") in act.path}
    return link("office.show_form", name=act.name, **fitting)


@office.get("/office/do/<name>")
@guarded
def show_form(name: str) -> Response:
    """The form of an act, or what a reading act says."""
    act, who = _act(name), find_session(now_utc())
    if who is None:
        return _to_sign_in()
    form = Form(act, typed_of(request.args))
    if act.reads and form.ready():
        form.send(who)
    else:
        form.read_first(who)
    return _shown(form, who)


@office.post("/office/do/<name>")
@guarded
def do_act(name: str) -> Response:
    """Send the form to the act's own route."""
    request.max_form_memory_size = request.max_content_length
    act, who = _act(name), find_session(now_utc())
    form = Form(act, typed_of(request.form))
    if not sent_from() or (who is not None and not shows_token()):
        form.notice = sentence("elsewhere")
        return _shown(form, who, 403)
    if form.change_items() or request.form.get("_back"):
        return _shown(form, who)
    if who is None:
        form.notice = sentence("signed-out")
        return _shown(form, None, 401)
    return _done(form, who)


def _done(form: Form, who: Session) -> Response:
    """Ask whether they are sure where it is needed, step up where a proof came, and send."""
    sure = bool(request.form.get("_sure"))
    if form.said.twice and not sure:
        form.step = "sure" if form.check() else "fill"
        return _shown(form, who, 200 if form.step == "sure" else 422)
    proof = proof_of(request.form)
    if proof is not None and people_here():
        told = call(
            "POST", f"{PREFIX}/tokens/fresh", Sent(body=proof, has_body=True), token=who.access
        )
        if not told.done:
            form.refuse(told)
            form.step = "sure" if sure else "fill"
            return _shown(form, who, told.status)
        who = keep_tokens(told.body) or who
    form.send(who)
    if form.refusal is not None and form.refusal.code == FRESH_NEEDED and sure:
        form.step = "sure"
    return _shown(form, who)


def _shown(form: Form, who: Session | None, status: int = 0) -> Response:
    answer = form.answer
    if answer is not None and answer.data and answer.body is None:
        return _download(form, answer)
    if form.refusal is not None and form.refusal.code in SIGNED_OUT:
        form.notice = sentence("signed-out")
    form.draw(who)
    if form.step != "done" and not status:
        status = form.refusal.status if form.refusal else 422 if form.errors else 200
    given: dict[str, Any] = {"form": form, "prove": _needs_proof(form, who)}
    if form.step == "done" and answer is not None:
        given |= {"shown": show_answer(form, who), "following": next_links(form, who)}
    elif form.seen is not None and form.act.name in ("approve_poll", "give_answer"):
        given["seen"] = show_answer(form, who)
    return render(
        "form.html",
        status or 200,
        scripts=given["prove"] or form.act.name == "add_own_passkey",
        loose=unplaced(form.faults, form.every()),
        **given,
    )


def _needs_proof(form: Form, who: Session | None) -> bool:
    """Whether the button on this page does what needs a fresh sign-in."""
    last = form.step == "sure" or not form.said.twice
    fresh = who is not None and who.is_fresh(now_utc())
    refused = form.refusal is not None and form.refusal.code == FRESH_NEEDED
    return last and form.step != "done" and form.act.access.fresh and (refused or not fresh)


def _download(form: Form, answer: Any) -> Response:
    response = Response(answer.data, content_type=answer.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{form.act.name}"'
    return finish(response)


def _act(name: str) -> Act:
    """Raises NoSuchAddress."""
    act = acts().get(name)
    if act is None or ACTS[name].within or ACTS[name].page:
        raise NoSuchAddress()
    return act


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else PATH
    response = redirect(link("office.show_sign_in", next=wanted), 303)
    return finish(Response(response.get_data(), 303, response.headers))
