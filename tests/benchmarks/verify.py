"""`mvote verify` beside a bare loop over the signatures that it checks; run by hand, no test.

    python -m tests.benchmarks.verify [--ballots 100000] [--runs 3] [--keep FILE]

The loop verifies the permit (RSA-PSS) and the ballot signature (Ed25519) of every ballot,
laid ready in memory, in as many processes as there are processors.  `mvote verify` starts
from the file: unzipping, parsing, hashes, rules of the answers, the tree, the count.  Both
take turns.  Absolute figures differ from machine to machine and from hour to hour; the
ratio of one run stays, that of processor time even on a machine shared with others.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import b64u_decode, canonical_bytes
from mvote.core.secrecy import ballot as ballots
from mvote.core.secrecy.blind_permit import BlindPermit, permit_message
from mvote.core.secrecy.blind_signing import BlindSigner
from mvote.core.secrecy.keys import raw_public
from tests.makers import budget_question, yes_no_question
from tests.phone.bundles import Vote, zipped

PSS = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
SPAWN = multiprocessing.get_context("spawn")
COSTS = {f"p{number:02}": 5 + number for number in range(12)}
ANSWERS = [
    {"q1": [["yes"], ["no"], []][number % 3], "projects": chosen}
    for number, size in enumerate((1, 2, 3, 4) * 250)
    for chosen in [random.Random(number).sample(sorted(COSTS), size)]
]
"""A thousand, so that some are given by many and none by most."""


@dataclass(frozen=True)
class Share:
    """What one process makes."""

    key: bytes
    poll: str
    ph: str
    kid: str
    first: int
    number: int


def cast(share: Share) -> list[bytes]:
    """Ballots of as many voters, their permits signed without blinding."""
    key = serialization.load_pem_private_key(share.key, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    made = []
    for number in range(share.first, share.first + share.number):
        own, pre = Ed25519PrivateKey.generate(), secrets.token_bytes(32)
        message = permit_message(pre, share.ph, raw_public(own.public_key()))
        permit = BlindPermit(share.kid, pre, key.sign(message, PSS, hashes.SHA384()))
        answers = ANSWERS[number % len(ANSWERS)]
        ballot = ballots.write_secret_ballot(
            poll=share.poll, ph=share.ph, answers=answers, permits=[permit], key=own
        )
        made.append(canonical_bytes(ballot))
    return made


def make_bundle(path: Path, number: int, processes: int) -> None:
    """In a process of its own, as the memory of what starts `mvote verify` counts as its own."""
    projects = budget_question(50, COSTS)
    key = rsa.generate_private_key(65537, 2048)
    vote = Vote(
        questions=[yes_no_question(), projects], eligible=2 * number, signer=BlindSigner(key)
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    kid, each = vote.definition.issuer[0].kid, 1000
    shares = [
        Share(pem, vote.definition.poll, vote.ph, kid, first, min(each, number - first))
        for first in range(0, number, each)
    ]
    with SPAWN.Pool(processes) as pool:
        for made in pool.imap(cast, shares):
            vote.entries += made
    vote.ballots = number
    vote.issued = {secrets.token_hex(32) for _ in range(number)}
    vote.counting = {
        str(voter): (1, json.dumps(ANSWERS[voter % len(ANSWERS)])) for voter in range(number)
    }
    path.write_bytes(zipped(vote.close()))


def loop(path: Path, place: int, processes: int, orders: Any) -> None:
    """Verify this process's share as often as the parent says, and tell the processor's time."""
    with zipfile.ZipFile(path) as bundle:
        definition, *lines, _ = bundle.read("entries.jsonl").splitlines()
    ph, [issuer] = hashlib.sha256(definition).hexdigest(), json.loads(definition)["issuer"]
    n = int.from_bytes(b64u_decode(issuer["n"]), "big")
    key = rsa.RSAPublicNumbers(65537, n).public_key()
    ready = []
    for line in lines[place::processes]:
        ballot = ballots.read_ballot(json.loads(line))
        assert isinstance(ballot.permit, ballots.BallotKeySpent)
        [permit], bk = ballot.permit.permits, ballot.permit.bk
        content = {name: one for name, one in json.loads(line).items() if name != "sig"}
        signed = ballots.LABEL.encode() + b"\0" + canonical_bytes(content)
        ready.append(
            (permit.sig, permit_message(permit.pre, ph, bk), bk, ballot.permit.sig, signed)
        )
    orders.send(0.0)
    while orders.recv():
        began = time.process_time()
        for permit_sig, message, bk, sig, signed in ready:
            key.verify(permit_sig, message, PSS, hashes.SHA384())
            Ed25519PublicKey.from_public_bytes(bk).verify(sig, signed)
        orders.send(time.process_time() - began)


class Loops:
    """The bare loop in several processes."""

    def __init__(self, path: Path, processes: int) -> None:
        self._ends = []
        for place in range(processes):
            here, there = SPAWN.Pipe()
            args = (path, place, processes, there)
            SPAWN.Process(target=loop, args=args, daemon=True).start()
            self._ends.append(here)
        for end in self._ends:
            end.recv()

    def run(self) -> tuple[float, float]:
        """Seconds by the clock, and of processors."""
        began = time.perf_counter()
        for end in self._ends:
            end.send(True)
        used = sum(end.recv() for end in self._ends)
        return time.perf_counter() - began, used

    def stop(self) -> None:
        for end in self._ends:
            end.send(False)


def verify(bundle: Path) -> tuple[float, float, float]:
    """Seconds by the clock, of processors, and the largest process in MiB."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "mvote.core.verify", str(bundle), "--json"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"the bundle was not found sound: {process.returncode}")
    return took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--ballots", type=int, default=100_000)
    reader.add_argument("--runs", type=int, default=3)
    reader.add_argument("--keep", type=Path, help="keep the bundle here")
    asked = reader.parse_args()
    processes, say = len(os.sched_getaffinity(0)), sys.stdout.write
    with tempfile.TemporaryDirectory() as folder:
        bundle = asked.keep or Path(folder, "bundle.zip")
        maker = SPAWN.Process(target=make_bundle, args=(bundle, asked.ballots, processes))
        maker.start()
        maker.join()
        size = bundle.stat().st_size / 2**20
        say(f"{asked.ballots:,} ballots, {size:.1f} MiB, {processes} processes\n")
        loops, turns = Loops(bundle, processes), []
        for _ in range(asked.runs):
            bare, whole = loops.run(), verify(bundle)
            turns.append((whole[0] / bare[0], whole[1] / bare[1]))
            say(
                f"loop {bare[0]:6.2f} s ({bare[1]:.2f} s of processors)   verify {whole[0]:6.2f} s "
                f"({whole[1]:.2f} s)   {turns[-1][0]:.2f} ({turns[-1][1]:.2f})   "
                f"{whole[2]:.0f} MiB\n"
            )
            sys.stdout.flush()
        loops.stop()
    wall, used = (statistics.median(each) for each in zip(*turns, strict=True))
    say(f"verify / bare loop: {wall:.3f} by the clock, {used:.3f} of processor time\n")


if __name__ == "__main__":
    main()
