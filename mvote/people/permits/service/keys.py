"""The key pair of each secret poll: made when it is approved, destroyed when it ends.

At rest the private half lies in the database, encrypted with a key that is not there.
"""

import logging
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.poll import ApprovedPoll
from mvote.core.secrecy.blind import PUBLIC_EXPONENT
from mvote.core.secrecy.blind_signing import BlindSigner
from mvote.core.secrecy.keys import blind_jwk
from mvote.core.secrecy.levels import takes_blind
from mvote.db import engine, hold_gate, take_off_disk, transaction
from mvote.installation import installation
from mvote.keys import KeyEncryption, NotOpened
from mvote.people.permits.errors import IssuerKeyMissing
from mvote.people.permits.rules import ENDED
from mvote.people.permits.service.noted import forget_noted, require_none_forgotten
from mvote.people.permits.service.rows import KnownPoll, scope_of_row
from mvote.people.permits.tables import IssuerKeyRow, PollRow
from mvote.settings import SettingsFault

log = logging.getLogger("mvote.permits")


KEPT_SECONDS: Final = 60.0
"""How long a process keeps a key in memory before it is loaded again, where it still is."""


GATE: Final = "mvote-issuer-keys"
"""Held shared by who encrypts a key, alone by who encrypts them all anew."""

_ready: WeakKeyDictionary[Engine, dict[str, BlindSigner]] = WeakKeyDictionary()
"""The signers in this process's memory, by poll."""


def name_key(session: Session, poll: ApprovedPoll) -> Mapping[str, JSON]:
    """The public key of a poll's permits: the city's own, or one made for a secret poll alone.

    Raises IssuerKeyMissing where a new key could not be encrypted like the others.
    """
    made = installation()
    if not takes_blind(poll.level):
        return made.keys["people"]["issuer"].jwk()
    return make_key(session, poll.poll)


def make_key(session: Session, poll: str) -> Mapping[str, JSON]:
    """A key pair for one poll, or one scope, alone; gives the public key.

    Raises IssuerKeyMissing where it could not be encrypted like the others.
    """
    key = rsa.generate_private_key(PUBLIC_EXPONENT, installation().settings.issuer_key_bits)
    jwk = blind_jwk(key.public_key())
    sealed = _seal(session, key, poll, jwk["kid"])
    session.add(IssuerKeyRow(poll=poll, kid=jwk["kid"], sealed=sealed))
    return jwk


def _seal(session: Session, key: rsa.RSAPrivateKey, poll: str, kid: str) -> bytes:
    """Encrypt a new key, with the key-encryption key under which the others lie and no other."""
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    hold_gate(session, GATE, exclusive=False)
    stored = select(IssuerKeyRow).where(IssuerKeyRow.sealed.is_not(None)).limit(1)
    encryption, other = _encryption(), session.scalar(stored)
    try:
        if other is None:
            encryption.make()
        else:
            encryption.open(other.sealed or b"", about=_about(other.poll, other.kid))
        return encryption.seal(raw, about=_about(poll, kid))
    except (SettingsFault, NotOpened) as fault:
        log.error("no issuer key can be made for poll %s: %s", poll, fault)
        raise IssuerKeyMissing() from None


def open_signer(session: Session, poll: KnownPoll, *, now: datetime) -> BlindSigner:
    """The poll's private key, ready to sign; kept in memory for a while, but not past the closing.

    Raises IssuerKeyMissing where it is destroyed or cannot be decrypted, PermitsForgotten.
    """
    ready = _ready.setdefault(engine("people"), {})
    found = ready.get(poll.id)
    if found is None:
        found = ready[poll.id] = _load(session, poll)
        left = (poll.closes - now).total_seconds()
        _forget_later(ready, poll.id, seconds=min(KEPT_SECONDS, left))
    return found


def _forget_later(ready: dict[str, BlindSigner], poll: str, *, seconds: float) -> None:
    """Of several processes one hears that a poll ended early, and nobody may ask the others."""
    timer = threading.Timer(seconds, ready.pop, (poll, None))
    timer.daemon = True
    timer.start()


def _load(session: Session, poll: KnownPoll) -> BlindSigner:
    row = session.get(IssuerKeyRow, (poll.id, poll.kid))
    if row is None or row.sealed is None:
        log.error("the issuer key %s of poll %s is not here", poll.kid, poll.id)
        raise IssuerKeyMissing()
    require_none_forgotten(session, poll.id)
    try:
        raw = _encryption().open(row.sealed, about=_about(poll.id, poll.kid))
    except (SettingsFault, NotOpened) as fault:
        log.error("the issuer key of poll %s cannot be opened: %s", poll.id, fault)
        raise IssuerKeyMissing() from None
    key = load_der_private_key(raw, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return BlindSigner(key)


def forget_signer(poll: str) -> None:
    """Drop a poll's signer from this process's memory."""
    _ready.get(engine("people"), {}).pop(poll, None)


def destroy_keys(session: Session, poll: str) -> int:
    """Destroy a poll's private keys; returns how many.  ``tidy`` takes them off the disk."""
    keys = IssuerKeyRow.poll == poll, IssuerKeyRow.sealed.is_not(None)
    destroyed = update(IssuerKeyRow).where(*keys).values(sealed=None).returning(IssuerKeyRow.kid)
    count = len(session.scalars(destroyed).all())
    forget_signer(poll)
    forget_noted(poll)
    return count


def check_keys(people: Engine, encryption: KeyEncryption) -> None:
    """At start: the key-encryption key is there and opens what is stored, or is made now.

    Raises SettingsFault, which names the setting.  A row that is damaged while others can
    be opened says so in the log: the others are not to suffer from it.
    """
    stored = select(IssuerKeyRow.poll, IssuerKeyRow.kid, IssuerKeyRow.sealed)
    with people.connect() as connection:
        rows = connection.execute(stored.where(IssuerKeyRow.sealed.is_not(None))).all()
    if not rows:
        return encryption.make()
    if encryption.is_replaced():
        log.warning(
            "%s is half replaced; run `mvote keys rotate key-encryption-key` again",
            encryption.setting,
        )
    damaged = [row.poll for row in rows if not _opens(encryption, row.sealed, row.poll, row.kid)]
    if len(damaged) == len(rows):
        raise _not_the_key(encryption, len(rows))
    for poll in damaged:
        log.error("the stored issuer key of poll %s is damaged; no permit can be issued", poll)
    return None


def replace_encryption_key(encryption: KeyEncryption) -> int:
    """Encrypt every stored key with a new key-encryption key; returns how many.

    One that was begun before is finished, and no other made.  Wherever it is killed, the
    stored keys open with the new key or the one before it, and both are still there: the
    old one goes only once all of them open with the new one.  Raises SettingsFault, OSError.
    """
    with transaction("people") as session:
        hold_gate(session, GATE, exclusive=True)
        stored = select(IssuerKeyRow).where(IssuerKeyRow.sealed.is_not(None))
        rows = session.scalars(stored).all()
        if not encryption.is_replaced():
            _require_one_opens(encryption, rows)
            encryption.replace()
        done = sum(_seal_anew(row, encryption) for row in rows)
    take_off_disk("people", "issuer_keys", rewritten=("issuer_keys",))
    encryption.forget_before()
    return done


def _require_one_opens(encryption: KeyEncryption, rows: Sequence[IssuerKeyRow]) -> None:
    """Where there is nothing to open the key is made.  Raises SettingsFault."""
    if not rows:
        return encryption.make()
    if not any(_opens(encryption, row.sealed or b"", row.poll, row.kid) for row in rows):
        raise _not_the_key(encryption, len(rows))
    return None


def _not_the_key(encryption: KeyEncryption, stored: int) -> SettingsFault:
    return SettingsFault(
        f"{encryption.setting}: this is not the key with which the {stored} stored issuer keys"
        " were encrypted; give that one, from its backup"
    )


def _seal_anew(row: IssuerKeyRow, encryption: KeyEncryption) -> bool:
    about = _about(row.poll, row.kid)
    try:
        row.sealed = encryption.seal(encryption.open(row.sealed or b"", about=about), about=about)
    except NotOpened:
        log.error("the stored issuer key of poll %s is damaged; it stays as it is", row.poll)
        return False
    return True


def open_sealed(
    sealed: bytes, poll: str, kid: str, with_any: Iterable[KeyEncryption]
) -> bytes | None:
    """What is stored, opened with the first key that fits; None where none does."""
    for encryption in with_any:
        with suppress(NotOpened):
            return encryption.open(sealed, about=_about(poll, kid))
    return None


def seal_again(raw: bytes, poll: str, kid: str, encryption: KeyEncryption) -> bytes:
    """Encrypt what ``open_sealed`` gave.  Raises SettingsFault."""
    return encryption.seal(raw, about=_about(poll, kid))


def list_own_keys(session: Session) -> Sequence[tuple[str, str, str]]:
    """``poll`` or ``scope``, its id, and the kid of every key pair of one alone, while it signs."""
    held = select(IssuerKeyRow.poll, IssuerKeyRow.kid).where(IssuerKeyRow.sealed.is_not(None))
    found = session.execute(held.order_by(IssuerKeyRow.poll)).all()
    return [
        ("poll", name, kid) if (scope := scope_of_row(name)) is None else ("scope", scope, kid)
        for name, kid in found
    ]


def list_without_issuer_key(people: Engine, held: Collection[str]) -> Sequence[str]:
    """At start: polls that issue permits with a key of the city that is not among those held."""
    issuing = select(PollRow.id, PollRow.kid, PollRow.level).where(PollRow.state.not_in(ENDED))
    with people.connect() as connection:
        rows = connection.execute(issuing).all()
    return [row.id for row in rows if not takes_blind(row.level) and row.kid not in held]


def _opens(encryption: KeyEncryption, sealed: bytes, poll: str, kid: str) -> bool:
    try:
        encryption.open(sealed, about=_about(poll, kid))
    except NotOpened:
        return False
    return True


def _encryption() -> KeyEncryption:
    return KeyEncryption.of(installation().settings)


def _about(poll: str, kid: str) -> Mapping[str, JSON]:
    """What an encrypted key is bound to: no other poll's row opens in its place."""
    return {"kid": kid, "poll": poll}
