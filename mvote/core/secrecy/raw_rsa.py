"""The raw private operation of RSA (RSASP1, RFC 8017 section 5.2.1), which no package offers.

Three back ends, the fastest first:

``openssl``
    The system's libcrypto by ctypes: decryption without padding is RSASP1.  OpenSSL blinds
    the base and computes in constant time by itself.
``gmpy2``
    GMP's ``powmod_sec``, where gmpy2 is installed.
``python``
    Python's integers; always there.

Python's ``pow`` tells the exponent by its timing.  The last two therefore blind the base
with a fresh random number and add to both CRT exponents a fresh multiple of their order.
No back end checks its own result: that is ``blind_signing``.
"""

import contextlib
import ctypes
import ctypes.util
import math
import secrets
import weakref
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

NO_PADDING: Final = 3
"""``RSA_NO_PADDING`` of openssl/rsa.h."""
_LIBRARIES: Final = ("libcrypto.so.3", "libcrypto.3.dylib")
_EXPONENT_BITS: Final = 64
_Power = Callable[[int, int, int], int]


class BackEndMissing(Exception):
    """This machine does not have what the back end needs."""


class BackEndFault(Exception):
    """The back end did not compute; nothing is known of the key."""


class RawRsa(Protocol):
    """A key, ready.  Values are big-endian, as long as the modulus; any thread may call."""

    def private(self, value: bytes) -> bytes:
        """``value`` to the private exponent.  Raises BackEndFault."""
        ...

    def public(self, value: bytes) -> bytes:
        """``value`` to the public exponent.  Raises BackEndFault."""
        ...


class IntegerRsa:
    """RSA on plain integers, with whatever raises to a power."""

    def __init__(self, key: RSAPrivateKey, power: _Power = pow) -> None:
        numbers = key.private_numbers()
        self._n, self._e = numbers.public_numbers.n, numbers.public_numbers.e
        self._p, self._q = numbers.p, numbers.q
        self._dp, self._dq, self._qi = numbers.dmp1, numbers.dmq1, numbers.iqmp
        self._length = (key.key_size + 7) // 8
        self._power = power

    def private(self, value: bytes) -> bytes:
        r = self._unit()
        base = int.from_bytes(value, "big") * pow(r, self._e, self._n) % self._n
        m1 = self._power(base % self._p, self._masked(self._dp, self._p), self._p)
        m2 = self._power(base % self._q, self._masked(self._dq, self._q), self._q)
        blinded = m2 + self._q * ((m1 - m2) * self._qi % self._p)
        return (blinded * pow(r, -1, self._n) % self._n).to_bytes(self._length, "big")

    def public(self, value: bytes) -> bytes:
        made = pow(int.from_bytes(value, "big"), self._e, self._n)
        return made.to_bytes(self._length, "big")

    def _unit(self) -> int:
        """A random number from 2 that has an inverse modulo n."""
        while True:
            r = secrets.randbelow(self._n - 2) + 2
            if math.gcd(r, self._n) == 1:
                return r

    @staticmethod
    def _masked(exponent: int, prime: int) -> int:
        """Another exponent with the same power: by Fermat the added multiple changes nothing."""
        return exponent + secrets.randbits(_EXPONENT_BITS) * (prime - 1)


class OpensslRsa:
    """RSA by the system's libcrypto, which gets the two halves of the key apart."""

    def __init__(self, key: RSAPrivateKey) -> None:
        self._library = _libcrypto()
        self._length = (key.key_size + 7) // 8
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self._private = self._load(self._library.d2i_AutoPrivateKey, private)
        self._public = self._load(self._library.d2i_PUBKEY, public)

    def private(self, value: bytes) -> bytes:
        library = self._library
        calls = library.EVP_PKEY_decrypt_init, library.EVP_PKEY_decrypt
        return self._run(self._private, *calls, value)

    def public(self, value: bytes) -> bytes:
        library = self._library
        calls = library.EVP_PKEY_encrypt_init, library.EVP_PKEY_encrypt
        return self._run(self._public, *calls, value)

    def _load(self, read: Callable[..., int | None], der: bytes) -> ctypes.c_void_p:
        """A key of libcrypto's that is freed with this object.  Raises BackEndMissing."""
        pointer = read(None, ctypes.byref(ctypes.c_char_p(der)), len(der))
        if not pointer:
            self._library.ERR_clear_error()
            raise BackEndMissing("libcrypto does not read the key")
        loaded = ctypes.c_void_p(pointer)
        freeing = weakref.finalize(self, self._library.EVP_PKEY_free, loaded)
        freeing.atexit = False  # the process takes its memory along
        return loaded

    def _run(
        self,
        key: ctypes.c_void_p,
        begin: Callable[..., int],
        compute: Callable[..., int],
        value: bytes,
    ) -> bytes:
        library = self._library
        out, length = ctypes.create_string_buffer(self._length), ctypes.c_size_t(self._length)
        context = library.EVP_PKEY_CTX_new(key, None)
        try:
            good = (
                bool(context)
                and begin(context) == 1
                and library.EVP_PKEY_CTX_set_rsa_padding(context, NO_PADDING) == 1
                and compute(context, out, ctypes.byref(length), value, len(value)) == 1
                and length.value == self._length
            )
        finally:
            library.EVP_PKEY_CTX_free(context)
        if not good:
            library.ERR_clear_error()  # Python's ssl reads the same queue and would stumble
            raise BackEndFault("openssl")
        return out.raw


_POINTER: Final = ctypes.c_void_p
_READING: Final = (_POINTER, ctypes.POINTER(ctypes.c_char_p), ctypes.c_long)
_SIGNATURES: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "d2i_AutoPrivateKey": (_POINTER, _READING),
    "d2i_PUBKEY": (_POINTER, _READING),
    "EVP_PKEY_free": (None, (_POINTER,)),
    "EVP_PKEY_CTX_new": (_POINTER, (_POINTER, _POINTER)),
    "EVP_PKEY_CTX_free": (None, (_POINTER,)),
    "EVP_PKEY_CTX_set_rsa_padding": (ctypes.c_int, (_POINTER, ctypes.c_int)),
    "EVP_PKEY_decrypt_init": (ctypes.c_int, (_POINTER,)),
    "EVP_PKEY_encrypt_init": (ctypes.c_int, (_POINTER,)),
    "EVP_PKEY_decrypt": (
        ctypes.c_int,
        (_POINTER, _POINTER, _POINTER, ctypes.c_char_p, ctypes.c_size_t),
    ),
    "EVP_PKEY_encrypt": (
        ctypes.c_int,
        (_POINTER, _POINTER, _POINTER, ctypes.c_char_p, ctypes.c_size_t),
    ),
    "ERR_clear_error": (None, ()),
}


def _libcrypto() -> ctypes.CDLL:
    """A libcrypto that has the calls, with their types declared.  Raises BackEndMissing."""
    for name in _libraries():
        with contextlib.suppress(OSError, AttributeError):
            library = ctypes.CDLL(name)
            for call, (result, arguments) in _SIGNATURES.items():
                function = getattr(library, call)
                function.restype, function.argtypes = result, arguments
            return library
    raise BackEndMissing("no libcrypto of OpenSSL 3 or later")


def _libraries() -> Iterator[str]:
    """Names to try; searching by name starts a compiler or the linker, so it comes last."""
    yield from _LIBRARIES
    if found := ctypes.util.find_library("crypto"):
        yield found


def _with_gmpy2(key: RSAPrivateKey) -> IntegerRsa:
    try:
        import gmpy2  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError:
        raise BackEndMissing("gmpy2 is not installed") from None
    return IntegerRsa(key, lambda base, exponent, n: int(gmpy2.powmod_sec(base, exponent, n)))


BACK_ENDS: Final[dict[str, Callable[[RSAPrivateKey], RawRsa]]] = {
    "openssl": OpensslRsa,
    "gmpy2": _with_gmpy2,
    "python": IntegerRsa,
}
"""By name, in the order in which they are preferred."""
