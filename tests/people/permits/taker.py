"""What a process does that takes permits through an app of its own.

``{"poll", "token", "asked": […], "threads": n, "die": null}``: every thread sends one body after
the other.  With ``die`` the process is killed once the permit is noted: ``signing`` before the
issuer signs, ``answering`` before the answer is sent.
"""

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from flask import Flask

from mvote.app import create_app
from mvote.core.secrecy.blind_signing import BlindSigner, self_test
from mvote.settings import Settings


def take_permits(settings: Settings, work: dict[str, Any], together: Barrier, told: Path) -> None:
    """Begin when all have come ``together``; write the answers into the file ``told``."""
    app = create_app("people", settings)
    if work.get("die"):
        die_at(app, work["die"])

    def take(asked: Any) -> tuple[int, Any]:
        client = app.test_client(use_cookies=False)
        headers = {"Authorization": f"Bearer {work['token']}"}
        address = f"/api/v1/polls/{work['poll']}/permits"
        answer = client.post(address, json=asked, headers=headers)
        return answer.status_code, answer.get_json()

    together.wait()
    with ThreadPoolExecutor(work["threads"]) as pool:
        told.write_text(json.dumps(list(pool.map(take, work["asked"]))))


def die_at(app: Flask, place: str) -> None:
    def die(*_: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    if place == "answering":
        app.after_request(die)
    else:
        self_test()  # it signs too
        BlindSigner.sign = die  # type: ignore[method-assign]
