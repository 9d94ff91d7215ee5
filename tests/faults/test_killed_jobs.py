"""Every job and every handler, killed at each of its commits and run twice at once.

Each effect comes once.  A new job or handler without a part in the story fails here.
"""

from dataclasses import replace

import pytest

from mvote.settings import WINGS, Settings
from mvote.worker import HANDLERS, JOBS
from tests.faults.nursery import carried


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_worker_that_is_killed_or_doubled_does_everything_once(settings: Settings) -> None:
    """Before each disturbance the databases are put back, which is cheap on SQLite only."""
    home = settings.home
    urls = {f"{wing}_database_url": f"sqlite:///{home / wing}.db" for wing in WINGS}
    for wing in WINGS:
        (home.parent / f"{wing}.db").rename(home / f"{wing}.db")
    few = {"batch_ballots": 1, "batch_seconds": 0, "codes_per_day": 100}
    mail = {"mail_gateway": f"file:{home / 'mail'}"}
    end, killed, faults = carried(replace(settings, **urls, **few, **mail))
    assert faults == []
    steps = {job.name for job in JOBS} | {f"exchange of {wing}" for wing in WINGS}
    assert {step for step, times in killed.items() if times} == steps
    assert {handler.kind for handler in HANDLERS} <= set(end["kinds"])
