"""Where logs go and what may stand in them: stderr, a line an event, no persons, no addresses.

``MVOTE_LOG_FORMAT`` chooses ``text`` for people or ``json`` for collectors (one JSON object a
line, structlog).  What looks like an address, a token or a phone number is blotted out
before a line is written, whoever wrote it: a library or an operating system's own words may
carry what our code never logs.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from mvote.settings import Settings

BLOT = "[…]"
_PRIVATE = re.compile(
    r"""
    \beyJ[\w-]+\.[\w-]+\.[\w-]+            # a signed token
    | \b(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}\b    # an IPv4 address but this host's
    | \b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]*[0-9a-fA-F]\b   # an IPv6 address
    | (?<![\w.])(?:\+\d{1,3}[- ]?)?\d{2,3}[- ]?\d{3,4}[- ]?\d{4}\b   # a phone number
    """,
    re.VERBOSE,
)


def configure(settings: Settings) -> None:
    """Set up the logs of this process; called once, before anything is logged."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(settings.log_format))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    logging.getLogger("mvote").setLevel(logging.INFO)


def blot(text: str) -> str:
    """The text without what could name or find a person."""
    return _PRIVATE.sub(BLOT, text)


def _formatter(form: str) -> logging.Formatter:
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    text = form == "text"
    return _Blotting(
        foreign_pre_chain=before,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *((_spell,) if text else (_tracebacks, _as_json)),
        ],
        keep_exc_info=text,
    )


class _Blotting(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return blot(super().format(record))


# Without the values of local variables, which hold what nobody may read in a log.
_tracebacks = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
_as_json = structlog.processors.JSONRenderer(ensure_ascii=False)


def _spell(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """One line for people; the traceback follows as logging itself spells it."""
    return f"{event['timestamp']} {event['level'].upper()} {event['logger']}: {event['event']}"
