"""What a process does that casts ballots through an app of its own.

``{"poll", "ballots": […], "times": n, "threads": n, "pause": seconds, "die": false}``: every
thread takes ballot after ballot, sends each ``times`` times and rests for ``pause`` before
each.  With ``die`` the process is killed when the first answer is ready and has not been sent,
which is after the ballot is durable.
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


def cast_ballots(settings: Settings, work: dict[str, Any], together: Barrier, told: Path) -> None:
    """Begin when all have come ``together``; write the answers into the file ``told``."""
    app = create_app("votes", settings)
    if work.get("die"):
        app.after_request(lambda _answer: os.kill(os.getpid(), signal.SIGKILL))

    def cast(ballot: Any) -> list[tuple[int, Any]]:
        client = app.test_client(use_cookies=False)
        answers = []
        for _ in range(work.get("times", 1)):
            time.sleep(work.get("pause", 0))
            answer = client.post(f"/api/v1/polls/{work['poll']}/ballots", json=ballot)
            answers.append((answer.status_code, answer.get_json()))
        return answers

    together.wait()
    with ThreadPoolExecutor(work["threads"]) as pool:
        told.write_text(json.dumps(list(pool.map(cast, work["ballots"]))))
