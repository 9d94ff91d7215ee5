"""A scope as a client sees it, and what a phone keeps of one: its secrets, its permit, its acts."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mvote.client.api import Api
from mvote.client.errors import NotUnderstood
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.errors import Refusal
from mvote.core.scope import Scope
from mvote.core.secrecy.blind_permit import BlindPermit
from mvote.core.secrecy.keys import load_issuers
from mvote.core.secrecy.phone import SEED_LENGTH, PollSecrets

OPEN = "open"


@dataclass(frozen=True, slots=True)
class OpenScope:
    """Everything that a phone needs to act.  ``sh`` is computed here, never taken over."""

    scope: Scope
    sh: str
    kid: str
    issuer: RSAPublicKey


def fetch_scope(votes: Api, scope_id: str) -> OpenScope:
    """Fetch a scope; its permits are signed by its newest key.  Raises as ``Api.call`` does."""
    answer = votes.get(f"/scopes/{scope_id}")
    try:
        scope = Scope.from_json(answer["definition"])
        keys = load_issuers(answer["issuer"])
        kid, issuer = list(keys.items())[-1]
    except (KeyError, TypeError, ValueError, Refusal) as fault:
        raise NotUnderstood(f"scope {scope_id}", f"{type(fault).__name__}: {fault}") from None
    if scope.id != scope_id or not isinstance(issuer, RSAPublicKey):
        raise NotUnderstood(f"scope {scope_id}", "the definition has another id or key")
    return OpenScope(scope, scope.hash, kid, issuer)


@dataclass(slots=True)
class HeldScope:
    """``waiting`` is an act that was not answered yet, by what it says: a retry sends its bytes."""

    secrets: PollSecrets
    permit: BlindPermit | None = None
    seq: int = 0
    waiting: dict[bytes, bytes] = field(default_factory=dict)

    @classmethod
    def begin(cls, scope: OpenScope) -> "HeldScope":
        """The seed comes first, so that every retry asks for the same permit."""
        seed = secrets.token_bytes(SEED_LENGTH)
        return cls(PollSecrets(seed, scope.scope.id, scope.sh, scope.kid, scope.issuer))

    def act_for(self, act: str, body: Mapping[str, JSON], permit: BlindPermit) -> bytes:
        """The bytes to send; the same as long as the same act waits for its answer."""
        says = canonical_bytes([act, dict(body)])
        if says not in self.waiting:
            self.seq += 1
            made = self.secrets.make_act(permit, act, body, self.seq)
            self.waiting = {says: canonical_bytes(made)}
        return self.waiting[says]
