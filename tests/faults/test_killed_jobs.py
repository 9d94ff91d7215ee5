"""Every job and every handler, killed at each of its commits and run twice at once.

Each effect comes once, on PostgreSQL too, where two of them really run at once.  A new job or
handler without a part in the story fails here.
"""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from mvote.settings import WINGS, Settings
from mvote.worker import HANDLERS, JOBS
from tests.faults.nursery import Nursery, OneWay, carried

EVERY_STEP = {job.name for job in JOBS} | {f"exchange of {wing}" for wing in WINGS}
EVERY_KIND = {handler.kind for handler in HANDLERS}


def told(settings: Settings, home: Path, *, on_sqlite: bool) -> Settings:
    """An installation in which much happens soon; on SQLite all of it lies in its home."""
    few = {"batch_ballots": 1, "batch_seconds": 0, "codes_per_day": 100}
    mail = {"mail_gateway": f"file:{home / 'mail'}"}
    urls = {f"{wing}_database_url": f"sqlite:///{home / wing}.db" for wing in WINGS}
    return replace(settings, home=home, **few, **mail, **(urls if on_sqlite else {}))


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_worker_that_is_killed_or_doubled_does_everything_once(settings: Settings) -> None:
    """Before each disturbance the databases are put back, which is cheap on SQLite only."""
    home = settings.home
    for wing in WINGS:
        (home.parent / f"{wing}.db").rename(home / f"{wing}.db")
    end, killed, faults = carried(partial(Nursery, told(settings, home, on_sqlite=True)))
    assert faults == []
    assert {step for step, times in killed.items() if times} == EVERY_STEP
    assert set(end["kinds"]) >= EVERY_KIND


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_what_was_killed_or_doubled_on_postgresql_goes_on_to_the_same_end(
    settings: Settings, sqlite_template: Path, tmp_path: Path
) -> None:
    """The end is compared with that of the story which nobody disturbs, on SQLite.

    Both begin at one moment, for what is due depends on the day and the hour.
    """
    quiet, begin = Path(shutil.copytree(sqlite_template, tmp_path / "quiet")), datetime.now(UTC)
    told_here = partial(OneWay, begin=begin.replace(microsecond=0))
    expected, _, faults = carried(
        partial(told_here, told(settings, quiet, on_sqlite=True), disturbs=False)
    )
    assert faults == []
    end, killed, faults = carried(
        partial(told_here, told(settings, settings.home, on_sqlite=False))
    )
    assert faults == []
    assert {step for step, times in killed.items() if times} == EVERY_STEP
    assert end == expected
    assert set(end["kinds"]) >= EVERY_KIND
