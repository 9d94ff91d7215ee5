"""The body of a request is read before the request is carried out, whether its route looks or not.

The server drops a connection on which it answered before the body was there, and announces
it to nobody: the answer can be lost, and the next request on the connection, which may be
one that must not be sent twice.  hyper, which granian stands on, reads no further than what
has come by then (hyperium/hyper, issue 3241).
"""

from flask import Flask, Response, after_this_request, request
from werkzeug.exceptions import RequestEntityTooLarge


def install_bodies(app: Flask) -> None:
    """Read every body first, so that no answer overtakes it and a slow one holds up no turn.

    One that says that it is too large is not read; whoever asks for it refuses it in its own
    words.  One that does not say how long it is is cut off where it becomes too large, and
    refused here, for whoever looks at the rest would take it for all.
    """

    @app.before_request
    def _read() -> None:
        try:
            length = len(request.get_data(cache=True))
        except RequestEntityTooLarge:
            after_this_request(_last)
            return
        if request.content_length is None and length >= app.config["MAX_CONTENT_LENGTH"]:
            after_this_request(_last)
            raise RequestEntityTooLarge


def _last(response: Response) -> Response:
    """Tell the client not to ask again on a connection that is going to be dropped."""
    response.headers["Connection"] = "close"
    return response
