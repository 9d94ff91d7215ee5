"""What a process does that casts ballots through an app of its own.

``{"poll", "ballots": […], "times": n, "threads": n, "pause": seconds, "waits": {…}, "steps":
value, "die": false}``: every thread takes ballot after ballot, sends each ``times`` times and rests
for ``pause`` before each.  The ballot at a place that ``waits`` names, and those behind it, are
not sent before ``steps`` has come to the number that it has there.  With ``die`` the process is
killed when the first answer is ready and has not been sent, which is after the ballot is durable.
"""

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from mvote.app import create_app
from mvote.settings import Settings

STEP_SECONDS = 120


def cast_ballots(settings: Settings, work: dict[str, Any], together: Barrier, told: Path) -> None:
    """Begin when all have come ``together``; write the answers into the file ``told``."""
    app = create_app("votes", settings)
    if work.get("die"):
        app.after_request(lambda _answer: os.kill(os.getpid(), signal.SIGKILL))

    def cast(place: int) -> list[tuple[int, Any]]:
        ballot, client = work["ballots"][place], app.test_client(use_cookies=False)
        _await_step(work, place)
        answers = []
        for _ in range(work.get("times", 1)):
            time.sleep(work.get("pause", 0))
            answer = client.post(f"/api/v1/polls/{work['poll']}/ballots", json=ballot)
            answers.append((answer.status_code, answer.get_json()))
        return answers

    together.wait()
    with ThreadPoolExecutor(work["threads"]) as pool:
        told.write_text(json.dumps(list(pool.map(cast, range(len(work["ballots"]))))))


def _await_step(work: dict[str, Any], place: int) -> None:
    wanted = max((step for at, step in work.get("waits", {}).items() if at <= place), default=0)
    end = time.monotonic() + STEP_SECONDS
    while wanted and work["steps"].value < wanted:
        if time.monotonic() > end:
            raise TimeoutError(f"nobody came to step {wanted}")
        time.sleep(0.01)
