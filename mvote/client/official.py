"""An official's desk: draft, approve, open, close, and answer for the department.

Acts that need a fresh sign-in ask for the password again by themselves.
"""

import time
from collections.abc import Mapping
from typing import Final

from mvote.client.api import NOT_MODIFIED, Answer, Api
from mvote.client.errors import NotReached, Refused
from mvote.client.identity import Identity
from mvote.core.canonical import JSON
from mvote.core.text import Words

FRESH_NEEDED: Final = "fresh-sign-in-needed"
NOT_FOUND: Final = 404
LOOK_EVERY_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 60.0


class OfficialClient:
    """One official at both wings.  Used by one thread at a time."""

    def __init__(self, people: Api, votes: Api, *, login: str, password: str) -> None:
        self.login = login
        self.identity = Identity(people)
        self._password = password
        self._people = people
        self._votes = votes

    def sign_in(self) -> None:
        """Sign in with login and password.  Raises as ``Api.call`` does."""
        sent = {"login": self.login, "password": self._password}
        self.identity.keep(self._people.post("/officials/tokens", sent))

    def step_up(self) -> None:
        """Give the password again for the acts that need it.  Raises as ``Api.call`` does."""
        sent = {"password": self._password}
        self.identity.keep(
            self.identity.call(self._people, "POST", "/tokens/fresh", body=sent).object()
        )

    def sign_out(self) -> None:
        """End the sign-in.  Raises as ``Api.call`` does."""
        self.identity.sign_out()

    def call(
        self, method: str, path: str, body: JSON = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A request to the votes side; steps up where it has to.  Raises as ``Api.call`` does."""
        try:
            return self.identity.call(self._votes, method, path, body=body, headers=headers)
        except Refused as refused:
            if refused.code != FRESH_NEEDED:
                raise
        self.step_up()
        return self.identity.call(self._votes, method, path, body=body, headers=headers)

    def add_department(self, content: Mapping[str, JSON]) -> dict[str, JSON]:
        return self._post("/departments", content)

    def create_poll(self, draft: Mapping[str, JSON]) -> dict[str, JSON]:
        return self._post("/polls", draft)

    def draft(self, poll_id: str) -> Answer:
        """The draft; its ``etag`` goes into ``save_draft``."""
        return self.call("GET", f"/polls/{poll_id}/draft")

    def save_draft(self, poll_id: str, draft: Mapping[str, JSON], *, etag: str) -> Answer:
        """Save a draft unless another person saved it since ``etag``."""
        return self.call("PUT", f"/polls/{poll_id}/draft", dict(draft), {"If-Match": etag})

    def approve(self, poll_id: str) -> dict[str, JSON]:
        """Read the draft and approve it as it was read."""
        seen = {"If-Match": self.draft(poll_id).etag or ""}
        return self.call("POST", f"/polls/{poll_id}/approve", {}, seen).object()

    def open(self, poll_id: str) -> dict[str, JSON]:
        return self._post(f"/polls/{poll_id}/open", {})

    def suspend(self, poll_id: str, reason: Words) -> dict[str, JSON]:
        return self._post(f"/polls/{poll_id}/suspend", {"reason": dict(reason)})

    def resume(self, poll_id: str) -> dict[str, JSON]:
        return self._post(f"/polls/{poll_id}/resume", {})

    def close(self, poll_id: str) -> dict[str, JSON]:
        """Ask for it; a second official has to ``confirm`` what this gives."""
        return self._post(f"/polls/{poll_id}/close", {})

    def cancel(self, poll_id: str, reason: Words) -> dict[str, JSON]:
        """Ask for it, as ``close``; a draft that was never approved is cancelled at once."""
        return self._post(f"/polls/{poll_id}/cancel", {"reason": dict(reason)})

    def declare_outage(
        self, poll_id: str, *, begin: str, end: str, reason: Words
    ) -> dict[str, JSON]:
        """Ask for it, as ``close``; times as ``core.times.iso`` spells them."""
        sent = {"begin": begin, "end": end, "reason": dict(reason)}
        return self._post(f"/polls/{poll_id}/outages", sent)

    def confirm(self, poll_id: str, asked: Mapping[str, JSON]) -> dict[str, JSON]:
        """Confirm what another official asked for, so that it is done."""
        path = {"outage": "outages"}.get(asked["act"], asked["act"])
        return self._post(f"/polls/{poll_id}/{path}", {"pending": asked["id"]})

    def note(self, poll_id: str, text: Words, *, corrects: int | None = None) -> dict[str, JSON]:
        """Say something about a frozen poll, for everyone and for good."""
        beside = {} if corrects is None else {"corrects": corrects}
        return self._post(f"/polls/{poll_id}/notes", {"text": dict(text), **beside})

    def result(self, poll_id: str) -> dict[str, JSON]:
        return self._votes.get(f"/polls/{poll_id}/result")

    def record(self, record_id: str) -> dict[str, JSON]:
        return self._votes.get(f"/records/{record_id}")

    def answer(self, record_id: str, content: Mapping[str, JSON]) -> dict[str, JSON]:
        return self._post(f"/records/{record_id}/answers", content)

    def interim_answer(self, record_id: str, content: Mapping[str, JSON]) -> dict[str, JSON]:
        return self._post(f"/records/{record_id}/interim-answers", content)

    def add_step(self, record_id: str, content: Mapping[str, JSON]) -> dict[str, JSON]:
        return self._post(f"/records/{record_id}/steps", content)

    def promise(self, record_id: str, content: Mapping[str, JSON]) -> dict[str, JSON]:
        """Promise something in steps; the entry's ``body`` names it as ``promise``."""
        return self._post(f"/records/{record_id}/promises", content)

    def show_step(
        self, record_id: str, promise: str, step: int, content: Mapping[str, JSON]
    ) -> dict[str, JSON]:
        """Show that a promised step was done."""
        path = f"/records/{record_id}/promises/{promise}/steps/{step}/evidence"
        return self._post(path, content)

    def closing_report(self, record_id: str, content: Mapping[str, JSON]) -> dict[str, JSON]:
        return self._post(f"/records/{record_id}/closing-report", content)

    def wait_for(
        self, poll_id: str, *states: str, seconds: float = LONGEST_WAIT_SECONDS
    ) -> dict[str, JSON]:
        """Wait until a poll is in one of the states; gives the public poll.

        Raises NotReached, at once when the poll was cancelled, else after ``seconds``.
        """
        deadline = time.monotonic() + seconds
        poll, etag = self._look(poll_id, None)
        while poll is None or poll["state"] not in states:
            state = poll["state"] if poll else None
            if state == "cancelled" or time.monotonic() > deadline:
                raise NotReached(poll_id, states, state)
            time.sleep(LOOK_EVERY_SECONDS)
            seen, etag = self._look(poll_id, etag)
            poll = seen or poll
        return poll

    def _look(self, poll_id: str, etag: str | None) -> tuple[dict[str, JSON] | None, str | None]:
        """The public poll and its entity tag; None while nothing is public or nothing is new."""
        headers = {"If-None-Match": etag} if etag else None
        try:
            answer = self._votes.call("GET", f"/polls/{poll_id}", headers=headers)
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise
            return None, None
        if answer.status == NOT_MODIFIED:
            return None, etag
        return answer.object(), answer.etag

    def _post(self, path: str, body: Mapping[str, JSON]) -> dict[str, JSON]:
        return self.call("POST", path, dict(body)).object()
