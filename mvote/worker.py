"""Runs every domain's jobs: schedule, batches, exchange of documents, erasure, audit chain."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

from flask import Flask

from mvote.audit import jobs as audit_jobs
from mvote.channels.deliveries import jobs as deliveries_jobs
from mvote.core.errors import Unavailable
from mvote.db import all_wings, serves
from mvote.exchange.rules import Pace
from mvote.exchange.service import OTHER, note_look, take_documents
from mvote.installation import installation
from mvote.jobs import Handler, Job
from mvote.people.identity import jobs as identity_jobs
from mvote.people.officials import jobs as officials_jobs
from mvote.people.permits import jobs as permits_jobs
from mvote.people.privacy import jobs as privacy_jobs
from mvote.people.rolls import jobs as rolls_jobs
from mvote.settings import Wing
from mvote.votes.ballots import jobs as ballots_jobs
from mvote.votes.discussions import jobs as discussions_jobs
from mvote.votes.dues import jobs as dues_jobs
from mvote.votes.indicators import jobs as indicators_jobs
from mvote.votes.moderation import jobs as moderation_jobs
from mvote.votes.opinions import jobs as opinions_jobs
from mvote.votes.participation import jobs as participation_jobs
from mvote.votes.polls import jobs as polls_jobs
from mvote.votes.pools import jobs as pools_jobs
from mvote.votes.proposals import jobs as proposals_jobs
from mvote.votes.results import jobs as results_jobs
from mvote.votes.threads import jobs as threads_jobs

log = logging.getLogger("mvote.worker")

JOBS: tuple[Job, ...] = (
    *participation_jobs.JOBS,
    *pools_jobs.JOBS,
    *moderation_jobs.JOBS,
    *polls_jobs.JOBS,
    *audit_jobs.JOBS,
    *ballots_jobs.JOBS,
    *results_jobs.JOBS,
    *opinions_jobs.JOBS,
    *discussions_jobs.JOBS,
    *proposals_jobs.JOBS,
    *threads_jobs.JOBS,
    *dues_jobs.JOBS,
    *indicators_jobs.JOBS,
    *deliveries_jobs.JOBS,
    *identity_jobs.JOBS,
    *officials_jobs.JOBS,
    *permits_jobs.JOBS,
    *privacy_jobs.JOBS,
    *rolls_jobs.JOBS,
)
HANDLERS: tuple[Handler, ...] = (
    *participation_jobs.HANDLERS,
    *polls_jobs.HANDLERS,
    *permits_jobs.HANDLERS,
)

REPORT_EVERY_SECONDS = 60


@dataclass(slots=True)
class Worker:
    """One round after the other until ``stop`` is called.

    A job that fails is told in the log and tried again in the next round; the
    others go on.
    """

    app: Flask
    jobs: Sequence[Job] = JOBS
    handlers: Sequence[Handler] = HANDLERS
    stopped: threading.Event = field(default_factory=threading.Event)
    _told: dict[str, float] = field(default_factory=dict)
    _looked: dict[Wing, tuple[datetime, bool]] = field(default_factory=dict)
    _paces: dict[Wing, Pace] = field(default_factory=dict)

    def run(self) -> None:
        """Work until stopped."""
        with self.app.app_context():
            settings = installation().settings
        again = monotonic()
        while not self.stopped.is_set():
            if patient := monotonic() >= again:
                again = monotonic() + settings.patient_seconds
            self.round(datetime.now(UTC), patient=patient)
            self.stopped.wait(settings.worker_seconds)

    def stop(self) -> None:
        self.stopped.set()

    def round(self, now: datetime, *, patient: bool = True) -> int:
        """Every job and the exchange once, patient jobs if asked; returns how much was done."""
        done = 0
        with self.app.app_context():
            wings = all_wings()
            for job in self.jobs:
                if job.wing in wings and patient >= job.patient:
                    done += self._guarded(job.name, partial(job.run, now))
            for wing in wings:
                done += self._guarded(f"exchange of {wing}", partial(self._exchange, wing, now))
        return done

    def settle(self, now: datetime, *, most: int = 100) -> None:
        """Rounds until there is nothing left to do, for those who want the outcome now."""
        for _ in range(most):
            if self.round(now) == 0:
                return
        raise RuntimeError(f"the worker still finds work after {most} rounds")

    def _exchange(self, wing: Wing, now: datetime) -> int:
        """Fewer and fewer tries at a host that cannot be reached: the other jobs wait meanwhile."""
        pace, reached = self._pace(wing), False
        try:
            if not pace.is_due(now):
                return 0
            taken = take_documents(wing, self.handlers, now=now)
            reached = True
            pace.reached()
        except Exception:
            if not serves(OTHER[wing]):
                pace.failed(now)
            raise
        finally:
            self._note_look(wing, now, reached)
        return taken

    def _pace(self, wing: Wing) -> Pace:
        settings = installation().settings
        fresh = Pace(first=settings.worker_seconds, longest=settings.exchange_pause_seconds)
        return self._paces.setdefault(wing, fresh)

    def _note_look(self, wing: Wing, now: datetime, reached: bool) -> None:
        """Now and then: a write every second would only wear the disk."""
        last, could = self._looked.get(wing, (None, not reached))
        often = timedelta(seconds=installation().settings.heartbeat_seconds / 4)
        if last is None or could != reached or now - last >= often:
            note_look(wing, reached=reached, now=now)
            self._looked[wing] = now, reached

    def _guarded(self, name: str, work: Callable[[], int]) -> int:
        try:
            return work()
        except Unavailable as refusal:
            self._tell(name, refusal.sentence("en"))
        except Exception:
            log.exception("%s failed and is tried again", name)
        return 0

    def _tell(self, name: str, sentence: str) -> None:
        """Say it now and then, not every second."""
        if monotonic() - self._told.get(name, -REPORT_EVERY_SECONDS) >= REPORT_EVERY_SECONDS:
            self._told[name] = monotonic()
            log.warning("%s: %s", name, sentence)
