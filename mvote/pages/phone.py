"""The phone app as it is served: files as they are, and what its service worker has to keep.

There is no build step.  Every process reads the files of ``mvote/phone`` once; the worker's
list of files with their digests, and the hints by which a browser fetches all modules of the
first screen at once, are made from what was read.
"""

import base64
import gzip
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
from mvote.pages.public.routes import ASSET_SECONDS, asset
from mvote.web.caching import conditional, etag_of
from mvote.web.cors import origin_of
from mvote.web.guard import guarded

FOLDER = Path(mvote.__file__).parent / "phone"
ROOT = "/app/"
START = "index.html"
LIST = "files.js"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
ALONE = ("verify.html", "verify.css", "verify-page.js", "sw.js", "sw-plain.js", LIST)
"""Served, but not kept for the app: the recount page stands alone, workers look after it."""
LEAST_PACKED = 400
_IMPORT = re.compile(r"^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)';|^import '(\.[^']+)';", re.M)

phone = Blueprint("phone", __name__)


class AppFileUnknown(NotFound):
    words = {"ko": "그런 파일이 없습니다.", "en": "There is no such file."}


@dataclass(frozen=True, slots=True)
class File:
    """A file of the app; ``packed`` is None where packing is not worth it."""

    content: bytes
    packed: bytes | None
    content_type: str
    tag: str


def _file(content: bytes, name: str) -> File:
    packed = gzip.compress(content, 9, mtime=0)
    small = len(content) < LEAST_PACKED or len(packed) > len(content) * 9 // 10
    kind = TYPES[PurePosixPath(name).suffix]
    return File(content, None if small else packed, kind, etag_of(content))


@cache
def files() -> dict[str, File]:
    """Every file by its path below ``/app/``, with those that are made from the others."""
    read = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in TYPES and path.is_file()
    }
    read[START] = _with_hints(read)
    read[LIST] = _list_of(read)
    return {name: _file(content, name) for name, content in read.items()}


def _with_hints(read: dict[str, bytes]) -> bytes:
    """The start page; its modules are fetched at once, not one import after the other."""
    found = modules_of("main.js", read)
    hints = "\n".join(f'<link rel="modulepreload" href="{ROOT}{name}">' for name in found)
    start = read[START].decode().replace("<!-- modules -->", hints)
    return start.replace("/design.css", _design()).encode()


def modules_of(name: str, read: dict[str, bytes]) -> list[str]:
    """A module and all that it imports, and they again, in the order in which they are met."""
    found: dict[str, None] = {}
    ahead = [name]
    while ahead:
        one = ahead.pop(0)
        if one in found:
            continue
        found[one] = None
        folder = PurePosixPath(one).parent
        for named, bare in _IMPORT.findall(read[one].decode()):
            ahead.append(_joined(folder / (named or bare)))
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
    kept = {ROOT + ("" if name == START else name): content for name, content in read.items()}
    kept = {path: one for path, one in kept.items() if path.removeprefix(ROOT) not in ALONE}
    kept |= {_design(): asset("design.css")[0], "/icon.svg": asset("icon.svg")[0]}
    digests = {path: _digest(content) for path, content in kept.items()}
    workers = b"".join(content for name, content in read.items() if name.startswith("sw"))
    version = _digest(json.dumps(digests).encode() + workers)[:16]
    said = json.dumps({"version": version, "files": digests}, separators=(",", ":"))
    return f"self.mvoteFiles = {said};\n".encode()


def _digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@phone.get(ROOT)
@guarded
def show_app() -> Response:
    """The app, at the list of polls."""
    return _serve(START)


@phone.get(f"{ROOT}<path:place>")
@guarded
def get_app_file(place: str) -> Response:
    """A file of the app, or the app at one of its screens.  Raises AppFileUnknown."""
    if place in files():
        return _serve(place)
    if "." in place.rpartition("/")[2]:
        raise AppFileUnknown()
    return _serve(START)


def _serve(name: str) -> Response:
    file = files()[name]
    packed = file.packed is not None and request.accept_encodings.quality("gzip") > 0
    response = conditional(
        file.packed if packed and file.packed is not None else file.content,
        content_type=file.content_type,
        etag=f"{file.tag}-gz" if packed else file.tag,
        max_age=ASSET_SECONDS if "v" in request.args else 0,
    )
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if name != "verify.html":
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
