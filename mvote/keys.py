"""Private keys of a wing: files in its own folder, made at the first start, read by nobody else.

``people``: ``identity`` signs identity tokens, ``issuer`` signs permits,
``exchange`` signs documents for the other wing, ``pepper`` hides phone numbers.
``votes``: ``board`` signs receipts, ``exchange`` as above.  The public halves lie
beside them in ``public.json``; the operator of the other wing gets that file.

The private keys of single polls lie in the people wing's database, encrypted with the
key-encryption key, which is a file of its own or a setting.

To replace the identity key, rename its file to ``identity-<year>.pem``: a new one is
made at the next start, and tokens under the old one hold until they expire.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mvote.core.canonical import JSON, b64u, b64u_decode, canonical_bytes
from mvote.core.secrecy.keys import KeyMalformed, kid_of, load_public, public_jwk
from mvote.settings import Settings, SettingsFault, Wing

NAMES: Mapping[Wing, tuple[str, ...]] = {
    "people": ("identity", "issuer", "exchange"),
    "votes": ("board", "exchange"),
}
PEPPER_BYTES = 32
KEY_ENCRYPTION_KEY_BYTES = 32
NONCE_BYTES = 12
FOR_OTHERS = 0o027
"""Rights to a file that neither others nor, for writing, its group may have."""
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


class NotOpened(Exception):
    """What is stored was encrypted with another key, or for another place, or is damaged."""


@dataclass(frozen=True, slots=True)
class KeyEncryption:
    """Encrypts private keys at rest: AES-256-GCM, with the place they belong to bound in.

    ``setting`` is the variable that says where the key is: in ``path``, or ``given`` itself.
    The key is read anew each time, so that one process holds it no longer than it needs.
    """

    setting: str
    path: Path
    given: str

    @classmethod
    def of(cls, settings: Settings) -> "KeyEncryption":
        if settings.key_encryption_key:
            return cls("MVOTE_KEY_ENCRYPTION_KEY", Path(), settings.key_encryption_key)
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
                _made_once(
                    self.path,
                    lambda: b64u(secrets.token_bytes(KEY_ENCRYPTION_KEY_BYTES)).encode() + b"\n",
                )
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
        key, nonce = self._key(), sealed[:NONCE_BYTES]
        try:
            return key.decrypt(nonce, sealed[NONCE_BYTES:], _bound_to(about))
        except (InvalidTag, ValueError):
            raise NotOpened("it was encrypted with another key, or is damaged") from None

    def _key(self) -> AESGCM:
        spelled = self.given or self._read()
        try:
            return AESGCM(b64u_decode(spelled, length=KEY_ENCRYPTION_KEY_BYTES))
        except ValueError:
            where = "" if self.given else f" {self.path}"
            raise SettingsFault(
                f"{self.setting}:{where} has to hold {KEY_ENCRYPTION_KEY_BYTES} bytes as base64url"
            ) from None

    def _read(self) -> str:
        """Raises SettingsFault where the file is away or open to others."""
        try:
            if self.path.stat().st_mode & FOR_OTHERS:
                raise SettingsFault(
                    f"{self.setting}: others may read or change {self.path};"
                    f" run chmod 600 {self.path}"
                )
            return self.path.read_text("ascii").strip()
        except FileNotFoundError:
            raise SettingsFault(
                f"{self.setting}: {self.path} is not there, and issuer keys are stored that"
                " were encrypted with it; put it back from its backup"
            ) from None
        except OSError as error:
            raise SettingsFault(
                f"{self.setting}: {self.path} cannot be read: {error.strerror}"
            ) from None
        except UnicodeDecodeError:
            return ""


def _bound_to(about: Mapping[str, JSON]) -> bytes:
    return _ENCRYPTED + canonical_bytes(dict(about))


def open_keys(settings: Settings, wing: Wing) -> Keys:
    """Read a wing's keys; those that are not there yet are made.  Raises SettingsFault."""
    folder = settings.keys(wing)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    names = (*NAMES[wing], *sorted(old.stem for old in folder.glob("identity-*.pem")))
    signing = {name: _open_signing_key(folder / f"{name}.pem") for name in names}
    pepper = _open_pepper(folder / "pepper") if wing == "people" else b""
    published = {name: key.jwk() for name, key in signing.items()}
    _publish(folder / "public.json", json.dumps(published, indent=2) + "\n")
    return Keys(wing, signing, pepper)


def open_public_keys(settings: Settings, wing: Wing) -> Mapping[str, Ed25519PublicKey]:
    """Read the public keys that a wing has published, by name.  Raises SettingsFault."""
    path = settings.public_keys(wing)
    try:
        listed = json.loads(path.read_text())
        return {name: load_public(jwk) for name, jwk in listed.items()}
    except FileNotFoundError:
        raise SettingsFault(
            f"MVOTE_{wing.upper()}_PUBLIC_KEYS: {path} is not there; copy public.json from the"
            f" keys folder of the {wing} side"
        ) from None
    except (OSError, ValueError, AttributeError, KeyMalformed):
        raise SettingsFault(
            f"MVOTE_{wing.upper()}_PUBLIC_KEYS: {path} cannot be read as public keys"
        ) from None


def _open_signing_key(path: Path) -> SigningKey:
    def fresh() -> bytes:
        return Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    try:
        key = serialization.load_pem_private_key(_made_once(path, fresh), password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsFault(f"{path} does not hold an Ed25519 private key")
    return SigningKey(kid_of(key.public_key()), key, key.public_key())


def _open_pepper(path: Path) -> bytes:
    pepper = _made_once(path, lambda: secrets.token_bytes(PEPPER_BYTES))
    if len(pepper) != PEPPER_BYTES:
        raise SettingsFault(f"{path} does not hold {PEPPER_BYTES} bytes")
    return pepper


def _made_once(path: Path, fresh: Callable[[], bytes]) -> bytes:
    """Read a secret file, or make it so that of several starting processes one wins."""
    if not path.exists():
        part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(fresh())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsFault(f"{path} cannot be read: {error.strerror}") from None


def _publish(path: Path, text: str) -> None:
    """Write the public file whole or not at all, and only where it differs."""
    if path.exists() and path.read_text() == text:
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    part.write_text(text)
    part.replace(path)
