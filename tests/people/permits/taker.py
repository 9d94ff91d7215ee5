"""A process that takes permits through an app of its own; reads its work from stdin.

``{"poll", "token", "asked": […], "threads": n, "at": seconds, "die": null}``: from time ``at``
on every thread sends one body after the other.  With ``die`` the process is killed once the
permit is noted: ``signing`` before the issuer signs, ``answering`` before the answer is sent.
"""

import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from mvote.app import create_app
from mvote.core.secrecy.blind_signing import BlindSigner, self_test
from mvote.settings import Settings


def main() -> None:
    app = create_app("people", Settings.from_env())
    work = json.load(sys.stdin)
    if work.get("die"):
        die_at(app, work["die"])

    def take(asked: Any) -> tuple[int, Any]:
        client = app.test_client(use_cookies=False)
        headers = {"Authorization": f"Bearer {work['token']}"}
        address = f"/api/v1/polls/{work['poll']}/permits"
        answer = client.post(address, json=asked, headers=headers)
        return answer.status_code, answer.get_json()

    time.sleep(max(0.0, work["at"] - time.time()))
    with ThreadPoolExecutor(work["threads"]) as pool:
        json.dump(list(pool.map(take, work["asked"])), sys.stdout)


def die_at(app: Flask, place: str) -> None:
    def die(*_: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    if place == "answering":
        app.after_request(die)
    else:
        self_test()  # it signs too
        BlindSigner.sign = die  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
