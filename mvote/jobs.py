"""What the worker runs: every domain lists its jobs and handlers in ``jobs.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mvote.core.document import Document
from mvote.settings import Wing


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` does what is due at ``now``, once, and returns how many things it did.

    Nobody waits for a ``patient`` one: the worker does not look for its work in every round.
    """

    name: str
    wing: Wing
    run: Callable[[datetime], int]
    patient: bool = False


@dataclass(frozen=True, slots=True)
class Handler:
    """Takes the documents of one kind that the other wing sent to ``wing``.

    ``take`` runs inside the transaction that notes the document as taken, so its
    effect comes exactly once.  A refusal it raises is kept beside the document.
    """

    kind: str
    wing: Wing
    take: Callable[[Session, Document, datetime], None]
