"""Being signed in: an access token, the refresh token behind it, and renewing in time."""

from collections.abc import Mapping

from mvote.client.api import Answer, Api
from mvote.client.errors import NotUnderstood, Refused
from mvote.core.canonical import JSON

EXPIRED = "token-expired"


class Identity:
    """The tokens of one sign-in at the people side.  Used by one thread at a time."""

    def __init__(self, people: Api) -> None:
        self.people = people
        self._access: str | None = None
        self._refresh: str | None = None

    @property
    def signed_in(self) -> bool:
        return self._access is not None

    def keep(self, tokens: Mapping[str, JSON]) -> None:
        """Keep what a sign-in, a refresh or a step-up gave.  Raises NotUnderstood."""
        access, refresh = tokens.get("access"), tokens.get("refresh", self._refresh)
        if not isinstance(access, str) or not isinstance(refresh, str | None):
            raise NotUnderstood("a sign-in", "no access token in it")
        self._access, self._refresh = access, refresh

    def refresh(self) -> None:
        """Trade the refresh token for new tokens; it serves once.  Raises as ``Api.call`` does."""
        self.keep(self.people.post("/tokens/refresh", {}, token=self._refresh))

    def sign_out(self) -> None:
        """End this sign-in on the server and forget it.  Raises as ``Api.call`` does."""
        self.people.call("DELETE", "/tokens", token=self._access)
        self._access = self._refresh = None

    def call(
        self,
        api: Api,
        method: str,
        path: str,
        *,
        body: JSON = None,
        headers: Mapping[str, str] | None = None,
        repeat: bool | None = None,
    ) -> Answer:
        """A request in this person's name; an expired access token is renewed once.

        Raises as ``Api.call`` does.
        """
        for renewed in (False, True):
            try:
                return api.call(
                    method, path, body=body, token=self._access, headers=headers, repeat=repeat
                )
            except Refused as refused:
                if renewed or refused.code != EXPIRED or self._refresh is None:
                    raise
                self.refresh()
        raise AssertionError("the second try answers or raises")
