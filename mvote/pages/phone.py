"""The phone app as it is served: files as they are, and what its service worker has to keep.

There is no build step.  Every process reads the files of ``mvote/phone`` once; the worker's
list of files with their digests, and the hints by which a browser fetches all modules of the
first screen at once, are made from what was read.  Of modules and style sheets the comments
are left out, a third of what a slow line would carry; no line of a module moves.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, request

import mvote
from mvote.core.errors import NotFound
from mvote.installation import installation
from mvote.pages.public.routes import ASSET_SECONDS, asset, without_comments
from mvote.web.caching import conditional, etag_of
from mvote.web.cors import origin_of
from mvote.web.guard import guarded
from mvote.web.language import reader_language

FOLDER = Path(mvote.__file__).parent / "phone"
ROOT = "/app/"
START = "index.html"
LIST = "files.js"
SCREENS = (
    (re.compile(r"polls/[^/]+/?"), "screens/poll.js"),
    (re.compile(r"polls/[^/]+/ballot/?"), "screens/ballot.js"),
)
"""Those that links lead to, by their place below ``/app/``, and their modules."""
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
BEGINNINGS = ("main.js", "sw.js")
"""The app and its worker: modules that neither reaches are for the recount page alone."""
WORKERS = ("sw.js", "sw-cache.js", "sw-plain.js", "sw-push.js")
REGISTERED = ("sw.js", "sw-plain.js")
"""Scripts that a browser looks at for a new version.  Chromium starts none where only a module
that the script imports has changed, so the version stands in the script itself."""
KEPT = (".css", ".html", ".png", ".svg", ".webmanifest")
ALONE = ("verify.html", "verify.css")
_IMPORT = re.compile(r"^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)';|^import '(\.[^']+)';", re.M)
_LATER = re.compile(r"\bimport\('(\.[^']+)'\)")

_FOR_READERS = (
    re.compile(rb"^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*$", re.M),
    re.compile(rb"/\*\*(?:[^*\n]|\*(?!/))*\*/[ \t]?"),
    re.compile(rb"^[ \t]*//.*$", re.M),
    re.compile(rb"[ \t]+//[ \t][^'\"`\n]*$", re.M),
    re.compile(rb"^[ \t]+", re.M),
)
"""Comments on lines of their own, within a line, and behind the end of one; and what indents."""

phone = Blueprint("phone", __name__)


class AppFileUnknown(NotFound):
    words = {"ko": "그런 파일이 없습니다.", "en": "There is no such file."}


@dataclass(frozen=True, slots=True)
class File:
    """A file of the app."""

    content: bytes
    content_type: str
    tag: str


def _file(content: bytes, name: str) -> File:
    return File(content, TYPES[PurePosixPath(name).suffix], etag_of(content))


@cache
def written() -> dict[str, bytes]:
    """Every file that was written, as it is served, by its path below ``/app/``."""
    return {
        path.relative_to(FOLDER).as_posix(): _read(path)
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in TYPES and path.is_file()
    }


@cache
def files() -> dict[str, File]:
    """Every file by its path below ``/app/``, with those that are made from the others."""
    read = written() | {START: _with_hints("screens/polls.js")}
    read[LIST] = _list_of(read)
    for name in REGISTERED:
        read[name] += version_line(read[LIST])
    return {name: _file(content, name) for name, content in read.items()}


def start_at(place: str, language: str) -> File:
    """The start page for a link, with hints for its screen and the words of its reader."""
    return _start_with(screen_at(place), f"words/{language}.js")


def screen_at(place: str) -> str:
    """The module of the screen below ``/app/``; empty: one that no hint is worth."""
    return next((module for pattern, module in SCREENS if pattern.fullmatch(place)), "")


@cache
def _start_with(*names: str) -> File:
    return _file(_with_hints(*names), START)


def _read(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix == ".css":
        return without_comments(content)
    if path.suffix == ".js":
        for one in _FOR_READERS:
            content = one.sub(lambda found: b"\n" * found.group().count(b"\n"), content)
    return content


def _with_hints(*names: str) -> bytes:
    """The start page; these modules are fetched at once, not one import after the other."""
    read = written()
    found = modules_of("main.js", *names, read=read)
    hints = "\n".join(f'<link rel="modulepreload" href="{ROOT}{name}">' for name in found)
    start = read[START].decode().replace("<!-- modules -->", hints)
    return start.replace("/design.css", _design()).encode()


def modules_of(*names: str, read: dict[str, bytes], later: bool = False) -> list[str]:
    """Modules and all that they import, and they again, in the order in which they are met.

    ``later``: also what is imported only when it is needed.
    """
    found: dict[str, None] = {}
    ahead = list(names)
    while ahead:
        one = ahead.pop(0)
        if one in found or one not in read:
            continue
        found[one] = None
        folder, text = PurePosixPath(one).parent, read[one].decode()
        imported = [named or bare for named, bare in _IMPORT.findall(text)]
        imported += _LATER.findall(text) if later else []
        ahead += [_joined(folder / path) for path in imported]
    return list(found)


def _joined(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _design() -> str:
    return f"/design.css?v={asset('design.css')[1]}"


def _list_of(read: dict[str, bytes]) -> bytes:
    """A script that tells a worker its version, and each file to keep with its SHA-256."""
    modules = modules_of(*BEGINNINGS, read=read, later=True)
    names = [one for one in read if one.endswith(KEPT) and one not in ALONE]
    names += [one for one in modules if one not in WORKERS]
    kept = {ROOT + ("" if name == START else name): read[name] for name in names}
    kept |= {_design(): asset("design.css")[0], "/icon.svg": asset("icon.svg")[0]}
    digests = {path: _digest(content) for path, content in kept.items()}
    workers = b"".join(read[name] for name in WORKERS)
    version = _digest(json.dumps(digests).encode() + workers)[:16]
    said = json.dumps({"version": version, "files": digests}, separators=(",", ":"))
    return f"self.mvoteFiles = {said};\n".encode()


def version_line(listed: bytes) -> bytes:
    """What a worker's script ends with; it is another one with every version of the app."""
    return f"// {etag_of(listed)}\n".encode()


def _digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@phone.get(ROOT)
@guarded
def show_app() -> Response:
    """The app, at the list of polls."""
    return _serve(START, files()[START])


@phone.get(f"{ROOT}<path:place>")
@guarded
def get_app_file(place: str) -> Response:
    """A file of the app, or the app at one of its screens.  Raises AppFileUnknown."""
    if place in files():
        return _serve(place, files()[place])
    if "." in place.rpartition("/")[2]:
        raise AppFileUnknown()
    response = _serve(START, start_at(place, reader_language()))
    response.vary.add("Accept-Language")
    return response


def _serve(name: str, file: File) -> Response:
    response = conditional(
        file.content,
        content_type=file.content_type,
        etag=file.tag,
        max_age=ASSET_SECONDS if "v" in request.args else 0,
    )
    if name.endswith(".html"):  # no browser takes a script, a style or a picture for a page
        response.headers["X-Content-Type-Options"] = "nosniff"
    if name in (START, *WORKERS):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Security-Policy"] = _policy()
    return response


def _policy() -> str:
    """Own files only; requests go here and, where it lives elsewhere, to the people wing."""
    people = installation().settings.people_public_url
    elsewhere = f" {origin_of(people)}" if people else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data: blob:; manifest-src 'self'; "
        f"worker-src 'self'; connect-src 'self'{elsewhere}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
