"""A process that casts ballots through an app of its own; reads its work from stdin.

``{"poll", "ballots": […], "times": n, "threads": n, "at": seconds, "pause": seconds,
"die": false}``: from time ``at`` on every thread takes ballot after ballot, sends each
``times`` times and rests for ``pause`` before each.  With ``die`` the process is killed when
the first answer is ready and has not been sent, which is after the ballot is durable.
"""

import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mvote.app import create_app
from mvote.settings import Settings


def main() -> None:
    app = create_app("votes", Settings.from_env())
    work = json.load(sys.stdin)
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

    time.sleep(max(0.0, work["at"] - time.time()))
    with ThreadPoolExecutor(work["threads"]) as pool:
        json.dump(list(pool.map(cast, work["ballots"])), sys.stdout)


if __name__ == "__main__":
    main()
