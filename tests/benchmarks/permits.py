"""How many permits are signed in a second, against OpenSSL's own count; run by hand, no test.

    python -m tests.benchmarks.permits [--bits 2048] [--seconds 3] [--runs 3] [--threads 1]

The anchor is `openssl speed rsaBITS` with as many processes: raw private operations a second.
It runs turn by turn with the signer, which checks the blinded value before and the signature
behind each operation.  Absolute figures differ from machine to machine and from hour to
hour; the ratio of one run stays.  The last line is the ratio over all turns.
"""

import argparse
import re
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from mvote.core.secrecy.blind import PUBLIC_EXPONENT, modulus_bytes
from mvote.core.secrecy.blind_signing import BlindSigner, self_test

SLOWER_SECONDS = 1.0
"""For the back ends that only stand in for the first."""


def openssl_rate(bits: int, seconds: int, processes: int) -> float:
    """Private operations a second as `openssl speed` counts them.  Raises RuntimeError."""
    command = ["openssl", "speed", "-seconds", str(seconds), "-multi", str(processes), f"rsa{bits}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(rf"^rsa\s+{bits} bits\s+\S+\s+\S+\s+([\d.]+)", done.stdout, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"not understood: {done.stdout}")
    return float(found[1])


def signing_rate(signer: BlindSigner, seconds: float, threads: int) -> float:
    """Blind signatures a second over all threads, each of a value of its own."""
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        counts = list(pool.map(lambda _: _sign_until(signer, began + seconds), range(threads)))
    return sum(counts) / (time.perf_counter() - began)


def _sign_until(signer: BlindSigner, end: float) -> int:
    length, signed = modulus_bytes(signer.public), 0
    while time.perf_counter() < end:
        signer.sign(b"\0" + secrets.token_bytes(length - 1))
        signed += 1
    return signed


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--bits", type=int, default=2048)
    reader.add_argument("--seconds", type=int, default=3)
    reader.add_argument("--runs", type=int, default=3)
    reader.add_argument("--threads", type=int, default=1)
    asked = reader.parse_args()
    say, key = sys.stdout.write, generate_private_key(PUBLIC_EXPONENT, asked.bits)
    best, *others = self_test()
    signer, turns = BlindSigner(key, best), []
    for _ in range(asked.runs):
        raw = openssl_rate(asked.bits, asked.seconds, asked.threads)
        ours = signing_rate(signer, asked.seconds, asked.threads)
        turns.append((raw, ours))
        say(f"openssl speed: {raw:8.1f}/s   signed by {best}: {ours:8.1f}/s   {ours / raw:.2f}\n")
    for name in others:
        rate = signing_rate(BlindSigner(key, name), SLOWER_SECONDS, 1)
        say(f"{'':14} {'':8}     signed by {name}: {rate:8.1f}/s\n")
    ratio = sum(ours for _, ours in turns) / sum(raw for raw, _ in turns)
    say(f"permits / raw private operations: {ratio:.3f}\n")


if __name__ == "__main__":
    main()
