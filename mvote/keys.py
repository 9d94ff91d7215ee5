"""Private keys of a wing: files in its own folder, made at the first start, read by nobody else.

``people``: ``identity`` signs identity tokens, ``issuer`` signs permits,
``exchange`` signs documents for the other wing, ``pepper`` hides phone numbers.
``votes``: ``board`` signs receipts, ``exchange`` as above.  The public halves lie
beside them in ``public.json``; the operator of the other wing gets that file.

The private keys of single polls lie in the people wing's database, encrypted with the
key-encryption key, which is a file of its own or a setting.

A key that was replaced stays beside the new one as ``<name>-<kid>.pem``: what it signed is
still believed, and what a poll froze with it is still signed with it.  One that is to come
lies there as ``<name>-next.pem``, so that the other wing can learn of it first.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mvote.core.canonical import JSON, b64u, b64u_decode, canonical_bytes
from mvote.core.secrecy.keys import KeyMalformed, kid_of, load_public, public_jwk
from mvote.secret_files import (
    alone_in,
    make_once,
    refuse_open_to_others,
    sync_folder,
    written_beside,
)
from mvote.settings import Settings, SettingsFault, Wing

NAMES: Mapping[Wing, tuple[str, ...]] = {
    "people": ("identity", "issuer", "exchange"),
    "votes": ("board", "exchange"),
}
PEPPER_BYTES = 32
KEY_ENCRYPTION_KEY_BYTES = 32
NONCE_BYTES = 12
NEXT = "next"
"""Behind the name of a key that does not sign yet."""
KID_SHOWN = 12
BEFORE = ".before"
"""Behind the name of a key-encryption key that is being replaced."""
_ENCRYPTED = b"mvote-issuer-key-v1\0"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key with the identifier under which it is published."""

    kid: str
    private: Ed25519PrivateKey
    public: Ed25519PublicKey

    def jwk(self) -> dict[str, str]:
        return public_jwk(self.public)


@dataclass(frozen=True, slots=True)
class Keys:
    """A wing's keys by name.  ``pepper`` is empty on the votes wing."""

    wing: Wing
    signing: Mapping[str, SigningKey]
    pepper: bytes

    def __getitem__(self, name: str) -> SigningKey:
        return self.signing[name]

    def find(self, kid: str) -> SigningKey | None:
        """A key that is held, current or replaced since."""
        return next((key for key in self.signing.values() if key.kid == kid), None)


class NotOpened(Exception):
    """What is stored was encrypted with another key, or for another place, or is damaged."""


@dataclass(frozen=True, slots=True)
class KeyEncryption:
    """Encrypts private keys at rest: AES-256-GCM, with the place they belong to bound in.

    ``setting`` is the variable that says where the key is: in ``path``, or ``given`` itself.
    The key is read anew each time, so that one process holds it no longer than it needs.
    While a key is being replaced, the one ``before`` it opens too: it lies in a file beside
    the new one, or is given by a setting of its own.
    """

    setting: str
    path: Path
    given: str
    given_before: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "KeyEncryption":
        if settings.key_encryption_key:
            before = settings.key_encryption_key_before
            return cls("MVOTE_KEY_ENCRYPTION_KEY", Path(), settings.key_encryption_key, before)
        path = settings.key_encryption_key_file
        if path == Path():
            path = settings.keys("people") / "key-encryption-key"
        return cls("MVOTE_KEY_ENCRYPTION_KEY_FILE", path, "")

    def make(self) -> None:
        """Make the file if it is not there, and see that it can be used.  Raises SettingsFault.

        Only to be called while nothing is encrypted: another key would open none of it.
        """
        if not self.given:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                make_once(self.path, _fresh_encryption_key)
            except OSError as error:
                raise SettingsFault(
                    f"{self.setting}: {self.path} cannot be made: {error.strerror}"
                ) from None
        self._key()

    def seal(self, raw: bytes, *, about: Mapping[str, JSON]) -> bytes:
        """Encrypt.  Raises SettingsFault."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._key().encrypt(nonce, raw, _bound_to(about))

    def open(self, sealed: bytes, *, about: Mapping[str, JSON]) -> bytes:
        """Decrypt what ``seal`` made about the same.  Raises SettingsFault, NotOpened."""
        for key in self._keys():
            try:
                return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(about))
            except (InvalidTag, ValueError):
                continue
        raise NotOpened("it was encrypted with another key, or is damaged")

    @property
    def before(self) -> Path:
        """Where the key lies that is being replaced by the one in ``path``."""
        return self.path.with_name(self.path.name + BEFORE)

    def is_replaced(self) -> bool:
        """Whether there is a key before this one."""
        return bool(self.given_before) if self.given else self.before.exists()

    def replace(self) -> None:
        """Put a new key in the place of this one, which stays beside it.  Raises OSError.

        Killed between any two lines it leaves the key that opens what is stored in ``path``
        or ``before``.  Raises SettingsFault for a key that is not in a file.
        """
        if self.given:
            raise SettingsFault(
                "MVOTE_KEY_ENCRYPTION_KEY: put the key into MVOTE_KEY_ENCRYPTION_KEY_BEFORE and a"
                " new one here, then run this again"
            )
        fresh = written_beside(self.path, _fresh_encryption_key())
        os.link(self.path, self.before)
        sync_folder(self.path.parent)
        fresh.replace(self.path)
        sync_folder(self.path.parent)

    def forget_before(self) -> None:
        """Remove the old key's file, once everything was encrypted with the new one."""
        if not self.given:
            self.before.unlink(missing_ok=True)
            sync_folder(self.path.parent)

    def spelled(self) -> str:
        """The key itself, for the copy of the keys.  Raises SettingsFault."""
        self._key()
        return self.given or self._read(self.path)

    def _keys(self) -> Iterator[AESGCM]:
        yield self._key()
        if self.is_replaced():
            yield self._read_key(self.given_before or self._read(self.before))

    def _key(self) -> AESGCM:
        return self._read_key(self.given or self._read(self.path))

    def _read_key(self, spelled: str) -> AESGCM:
        try:
            return AESGCM(b64u_decode(spelled, length=KEY_ENCRYPTION_KEY_BYTES))
        except ValueError:
            where = "" if self.given else f" {self.path}"
            raise SettingsFault(
                f"{self.setting}:{where} has to hold {KEY_ENCRYPTION_KEY_BYTES} bytes as base64url"
            ) from None

    def _read(self, path: Path) -> str:
        """Raises SettingsFault where the file is away or open to others."""
        try:
            refuse_open_to_others(self.setting, path)
            return path.read_text("ascii").strip()
        except FileNotFoundError:
            raise SettingsFault(
                f"{self.setting}: {path} is not there, and issuer keys are stored that"
                " were encrypted with it; put it back from its backup"
            ) from None
        except OSError as error:
            raise SettingsFault(
                f"{self.setting}: {path} cannot be read: {error.strerror}"
            ) from None
        except UnicodeDecodeError:
            return ""


def _fresh_encryption_key() -> bytes:
    return b64u(secrets.token_bytes(KEY_ENCRYPTION_KEY_BYTES)).encode() + b"\n"


def _bound_to(about: Mapping[str, JSON]) -> bytes:
    return _ENCRYPTED + canonical_bytes(dict(about))


def open_keys(settings: Settings, wing: Wing) -> Keys:
    """Read a wing's keys; those that were never there are made.  Raises SettingsFault."""
    folder = settings.keys(wing)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = held_keys(settings, wing)
        _refuse_lost(settings, wing, held.values())
        for name in NAMES[wing]:
            if name not in held:
                make_once(folder / f"{name}.pem", _fresh_signing_key)
                held[name] = _read_signing_key(settings, wing, name)
        if wing == "people":
            make_once(folder / "pepper", lambda: secrets.token_bytes(PEPPER_BYTES))
        pepper = held_pepper(settings) if wing == "people" else b""
        made = Keys(wing, held, pepper)
        publish_keys(settings, made)
    except OSError as error:
        raise SettingsFault(
            f"{_variable(wing)}: {error.filename or folder}: {error.strerror}"
        ) from None
    return made


def held_keys(settings: Settings, wing: Wing) -> dict[str, SigningKey]:
    """The signing keys that lie in a wing's folder, by name; none is made.

    Raises SettingsFault.
    """
    folder = settings.keys(wing)
    files = (path.stem for name in NAMES[wing] for path in folder.glob(f"{name}*.pem"))
    known = [stem for stem in files if stem.partition("-")[0] in NAMES[wing]]
    return {stem: _read_signing_key(settings, wing, stem) for stem in sorted(known)}


def held_pepper(settings: Settings) -> bytes:
    """The people wing's pepper; empty where there is none.  Raises SettingsFault."""
    path = settings.keys("people") / "pepper"
    if not path.exists():
        return b""
    pepper = _read_secret("people", path)
    if len(pepper) != PEPPER_BYTES:
        raise SettingsFault(f"{_variable('people')}: {path} does not hold {PEPPER_BYTES} bytes")
    return pepper


def pepper_mark(pepper: bytes) -> str:
    """Tells one pepper from another and says nothing else of it, 32 hexadecimal digits."""
    return hmac.new(pepper, b"mvote-pepper-mark", hashlib.sha256).hexdigest()[:32]


def open_public_keys(settings: Settings, wing: Wing) -> Mapping[str, Ed25519PublicKey]:
    """Read the public keys that a wing has published, by name.  Raises SettingsFault."""
    path = settings.public_keys(wing)
    try:
        return _read_public_keys(path)
    except FileNotFoundError:
        raise SettingsFault(
            f"MVOTE_{wing.upper()}_PUBLIC_KEYS: {path} is not there; copy public.json from the"
            f" keys folder of the {wing} side"
        ) from None
    except (OSError, ValueError, AttributeError, KeyMalformed):
        raise SettingsFault(
            f"MVOTE_{wing.upper()}_PUBLIC_KEYS: {path} cannot be read as public keys"
        ) from None


def _read_public_keys(path: Path) -> Mapping[str, Ed25519PublicKey]:
    listed = json.loads(path.read_text())
    return {name: load_public(jwk) for name, jwk in listed.items()}


def all_of(public: Mapping[str, Ed25519PublicKey], name: str) -> tuple[Ed25519PublicKey, ...]:
    """The keys of one use, whether current, replaced or to come; the current one first."""
    named = sorted(one for one in public if one.partition("-")[0] == name)
    return tuple(public[one] for one in named)


def announce_key(settings: Settings, wing: Wing, name: str) -> SigningKey:
    """Make the key that is to follow, where it is not there yet, and publish it.

    Raises SettingsFault, OSError.
    """
    made = open_keys(settings, wing)
    make_once(settings.keys(wing) / f"{name}-{NEXT}.pem", _fresh_signing_key)
    following = _read_signing_key(settings, wing, f"{name}-{NEXT}")
    publish_keys(settings, Keys(wing, {**made.signing, f"{name}-{NEXT}": following}, b""))
    return following


def switch_key(settings: Settings, wing: Wing, name: str) -> Keys:
    """Sign with the key that was announced, or a new one; the old one stays to be believed.

    Killed between any two lines it leaves every key in some file, and may be called again.
    Raises SettingsFault, OSError.
    """
    folder = settings.keys(wing)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone_in(folder):
        old = open_keys(settings, wing)[name]
        announce_key(settings, wing, name)
        kept = folder / f"{name}-{old.kid[:KID_SHOWN]}.pem"
        if not kept.exists():
            os.link(folder / f"{name}.pem", kept)
            sync_folder(folder)
        (folder / f"{name}-{NEXT}.pem").replace(folder / f"{name}.pem")
        sync_folder(folder)
        return open_keys(settings, wing)


def publish_keys(settings: Settings, keys: Keys) -> None:
    """Write the public halves for the other wing, whole or not at all, where they differ."""
    published = {name: key.jwk() for name, key in keys.signing.items()}
    path, text = settings.keys(keys.wing) / "public.json", json.dumps(published, indent=2) + "\n"
    if path.exists() and path.read_text() == text:
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    part.write_text(text)
    part.replace(path)


def _refuse_lost(settings: Settings, wing: Wing, held: Iterable[SigningKey]) -> None:
    """A key that was published and is gone is not replaced in silence.  Raises SettingsFault."""
    path = settings.keys(wing) / "public.json"
    try:
        published = _read_public_keys(path)
    except (OSError, ValueError, AttributeError, KeyMalformed):
        return  # it is written anew
    kids = {key.kid for key in held}
    for name in NAMES[wing]:
        if name in published and kid_of(published[name]) not in kids:
            lost = settings.keys(wing) / f"{name}.pem"
            raise SettingsFault(
                f"{_variable(wing)}: {lost} is not the key that {path} names;"
                " put it back from the copy of the keys"
            )


def _variable(wing: Wing) -> str:
    return f"MVOTE_{wing.upper()}_KEYS"


def _fresh_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read_signing_key(settings: Settings, wing: Wing, name: str) -> SigningKey:
    path = settings.keys(wing) / f"{name}.pem"
    return read_signing_key(path, _read_secret(wing, path), setting=_variable(wing))


def read_signing_key(path: Path, content: bytes, *, setting: str = "") -> SigningKey:
    """The key that a PEM file holds.  Raises SettingsFault."""
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError):  # no key, or one with a password
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        named = f"{setting}: " if setting else ""
        raise SettingsFault(f"{named}{path} does not hold an Ed25519 private key")
    return SigningKey(kid_of(key.public_key()), key, key.public_key())


def _read_secret(wing: Wing, path: Path) -> bytes:
    try:
        refuse_open_to_others(_variable(wing), path)
        return path.read_bytes()
    except OSError as error:
        raise SettingsFault(f"{_variable(wing)}: {path} cannot be read: {error.strerror}") from None
