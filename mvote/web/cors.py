"""The phone app may speak to the people wing where that has an address of its own.

Exactly one origin may: that of ``public_url``, from which the app is loaded.  Requests carry
their token in a header and never a cookie, so no credentials are allowed (Fetch standard,
"CORS protocol").
"""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from mvote.core.room_pass import HEADER
from mvote.settings import Settings

METHODS = "GET, POST, PUT, DELETE"
SENT = f"Authorization, Content-Type, Accept-Language, {HEADER}"
SEEN = "Date, ETag, Retry-After, Content-Language"
KEPT_SECONDS = "7200"


def install_cors(app: Flask, settings: Settings) -> None:
    """Let the app's origin read what the people wing answers, where that is another origin."""
    own = origin_of(settings.people_public_url or settings.public_url)
    allowed = origin_of(settings.public_url)
    if own == allowed:
        return

    @app.after_request
    def allow(response: Response) -> Response:
        response.vary.add("Origin")
        if request.headers.get("Origin") == allowed:
            response.headers["Access-Control-Allow-Origin"] = allowed
            response.headers["Access-Control-Expose-Headers"] = SEEN
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = METHODS
                response.headers["Access-Control-Allow-Headers"] = SENT
                response.headers["Access-Control-Max-Age"] = KEPT_SECONDS
        return response


def origin_of(url: str) -> str:
    """Scheme, host and port, as browsers spell them."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in (None, default) else ""
    return f"{parts.scheme}://{parts.hostname}{port}"
