"""Citizens who act within a scope; what the people wing says and signs is handed in here.

::

    permit(record_id)                       # the scope's issuer is named: acts are taken
    ada = Actor.of(record_id, "Ada")
    http.post(path, json=ada.act("rate", {"stars": 5}))
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from mvote.core.canonical import b64u, b64u_decode
from mvote.core.issuing import BlindIssuerKey
from mvote.core.secrecy.blind_permit import BlindPermit
from mvote.core.secrecy.blind_signing import BlindSigner
from mvote.core.secrecy.keys import raw_public
from mvote.core.secrecy.phone import PollSecrets
from mvote.db import transaction
from mvote.votes.participation import service as participation
from tests.votes.carrying import now, secret_key


def permit(scope_id: str) -> None:
    """What the people wing says of a scope that was opened.  Used inside the app's context."""
    sh = participation.get_scope(scope_id).scope.hash
    issuer = [_public().to_json()]
    with transaction("votes") as session:
        participation.keep_issuer(session, scope_id, sh=sh, issuer=issuer, now=now())


def _public() -> BlindIssuerKey:
    return BlindIssuerKey.of(secret_key().public_key(), operator="The city")


@cache
def _signer() -> BlindSigner:
    return BlindSigner(secret_key())


@dataclass
class Actor:
    """One citizen in one scope, with a permit; ``seq`` is that of the last act made out."""

    secrets: PollSecrets
    permit: BlindPermit
    seq: int = 0

    @classmethod
    def of(cls, scope_id: str, name: str = "somebody") -> "Actor":
        """The same name has the same seed.  Used inside the app's context."""
        sh = participation.get_scope(scope_id).scope.hash
        seed, key = hashlib.sha256(name.encode()).digest(), _public()
        made = PollSecrets(seed, scope_id, sh, key.kid, key.public())
        blinded = b64u_decode(str(made.request_permit()["blinded_msg"]))
        return cls(made, made.finish_permit(b64u(_signer().sign(blinded))))

    @property
    def holder(self) -> str:
        return raw_public(self.secrets.ballot_key.public_key()).hex()

    def act(self, act: str, body: Any, seq: int | None = None) -> dict[str, Any]:
        """The next act, or one with this number, as it is sent."""
        self.seq = self.seq + 1 if seq is None else seq
        return self.secrets.make_act(self.permit, act, body, self.seq)
