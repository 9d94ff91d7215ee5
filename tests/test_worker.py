"""How often the worker looks for work: always for what somebody waits for, else now and then."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from mvote.jobs import Job
from mvote.worker import Worker

ROUNDS = 5
SQLITE = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


@SQLITE
@pytest.mark.parametrize(("pause", "looks"), [(3600.0, 1), (0.0, ROUNDS)])
def test_a_patient_job_runs_in_the_first_round_and_then_at_its_own_pace(
    app: Flask, monkeypatch: pytest.MonkeyPatch, pause: float, looks: int
) -> None:
    made = app.extensions["mvote"]
    settings = replace(made.settings, worker_seconds=0.0, patient_seconds=pause)
    monkeypatch.setitem(app.extensions, "mvote", replace(made, settings=settings))
    runs: Counter[str] = Counter()

    def urgent(_now: datetime) -> int:
        runs["urgent"] += 1
        if runs["urgent"] == ROUNDS:
            worker.stop()
        return 0

    def patient(_now: datetime) -> int:
        runs["patient"] += 1
        return 0

    jobs = (Job("patient", "votes", patient, patient=True), Job("urgent", "votes", urgent))
    worker = Worker(app, jobs=jobs, handlers=())
    worker.run()
    assert runs == {"urgent": ROUNDS, "patient": looks}
    worker.round(datetime.now(UTC))
    assert runs == {"urgent": ROUNDS + 1, "patient": looks + 1}
