"""What every page of the office has around it: headers, the frame, sentences of its own."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request

from mvote.core.text import LANGUAGES, Words
from mvote.installation import installation
from mvote.pages.office.session import (
    Session,
    find_session,
    is_apart,
    now_utc,
    origin_of,
    people_here,
    people_url,
    votes_here,
)
from mvote.pages.office.words.acts import ACTS
from mvote.pages.office.words.said import GROUPS
from mvote.pages.public.routes import asset
from mvote.web.language import reader_language

SENTENCES: Mapping[str, Words] = {
    "elsewhere": {
        "ko": "이 양식이 이 사이트에서 보낸 것인지 확인하지 못했습니다. 적으신 것은 그대로 있으니"
        " 다시 보내 주십시오.",
        "en": "It could not be verified that this form was sent from this site. What you typed is"
        " still here: please send it again.",
    },
    "signed-out": {
        "ko": "로그인이 끝났습니다. 새 창에서 다시 로그인한 뒤 이 양식을 다시 보내 주십시오."
        " 적으신 것은 그대로 있습니다.",
        "en": "Your sign-in has ended. Sign in again in another window, then send this form again."
        " What you typed is still here.",
    },
    "begin-again": {
        "ko": "확인하지 못했습니다. 처음부터 다시 해 주십시오.",
        "en": "That could not be verified. Please begin again.",
    },
}


def sentence(name: str) -> str:
    return SENTENCES[name][reader_language()]


def render(
    template: str,
    status: int = 200,
    *,
    scripts: bool = False,
    to: tuple[str, ...] = (),
    **given: Any,
) -> Response:
    """A page; ``scripts``: passkeys need one; ``to``: sites to which its forms go besides."""
    who = find_session(now_utc())
    content = render_template(
        f"office/{template}", who=who, scripts=scripts, groups=GROUPS, acts=ACTS, **frame(), **given
    )
    return finish(make_response(content, status), scripts=scripts, to=to)


def frame() -> dict[str, Any]:
    settings = installation().settings
    return {
        "tag_of": lambda name: asset(name)[1],
        "apart": is_apart(),
        "people_here": people_here(),
        "votes_here": votes_here(),
        "people_url": people_url(settings),
        "votes_url": settings.public_url,
        "passwords": settings.official_passwords == "yes",
        "provider": bool(settings.officials_oidc_issuer),
        "languages": LANGUAGES,
        "form_token": _form_token(),
    }


def _form_token() -> str:
    who: Session | None = find_session(now_utc())
    return who.form if who else request.form.get("form_token", "")


def finish(response: Response, *, scripts: bool = False, to: tuple[str, ...] = ()) -> Response:
    """Headers: no scripts but our own, no frames around it, kept nowhere."""
    sites = " ".join(("'self'", *to))
    allowed = "script-src 'self'; connect-src 'self'; " if scripts else ""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; {allowed}style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"form-action {sites}; frame-ancestors 'none'"
    )
    response.headers["Content-Language"] = reader_language()
    response.headers["X-Content-Type-Options"] = "nosniff"
    # A browser that may not say from where says “null” as the origin of a form, too.
    response.headers["Referrer-Policy"] = "strict-origin" if to else "same-origin"
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(["Accept-Language", "Cookie"])
    return response


def people_origin() -> str:
    return origin_of(people_url(installation().settings))
