"""Numbers for Prometheus: requests, their times, refusals; on a port of its own.

No label names a poll, a person or an address: counted by route, so that a count which a
poll hides cannot be read from them by anyone who does not run the servers anyway.
"""

import time
from http import HTTPStatus

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

REQUESTS = Counter(
    "mvote_requests", "Requests answered, by route and status.", ("route", "method", "status")
)
SECONDS = Histogram(
    "mvote_request_seconds",
    "How long an answer took, by route.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
REFUSALS = Counter("mvote_refusals", "Refusals, by their code.", ("code",))
UNKNOWN = "unknown"


def install_metrics(app: Flask) -> None:
    """Count every request of this app."""

    @app.before_request
    def _begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def _count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else UNKNOWN
        method = request.method if request.url_rule else UNKNOWN
        REQUESTS.labels(route, method, str(response.status_code)).inc()
        SECONDS.labels(route).observe(time.perf_counter() - g.get("began", time.perf_counter()))
        if response.status_code >= HTTPStatus.BAD_REQUEST and response.is_json:
            code = (response.get_json(silent=True) or {}).get("code", UNKNOWN)
            REFUSALS.labels(str(code)).inc()
        return response
