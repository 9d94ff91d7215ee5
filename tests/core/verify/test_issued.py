"""The list of issued permits is read piece by piece, wherever it is cut."""

import hashlib
from collections.abc import Iterator

import pytest

from mvote.core.canonical import canonical_bytes, digest
from mvote.core.secrecy.exact import Fault
from mvote.core.verify.issued import IssuedList, read_issued


def cut(content: bytes, length: int) -> Iterator[bytes]:
    return (content[at : at + length] for at in range(0, len(content), length))


def listed(number: int) -> list[str]:
    return sorted(hashlib.sha256(bytes([one])).hexdigest() for one in range(number))


def spelled(hashes: list[str], eligible: int | None = 20) -> bytes:
    return canonical_bytes({"eligible": eligible, "issued": len(hashes), "hashes": hashes})


@pytest.mark.parametrize("number", [0, 1, 2, 9])
@pytest.mark.parametrize("eligible", [None, 0, 20])
def test_every_cut_gives_the_same_list(number: int, eligible: int | None) -> None:
    hashes = listed(number)
    content = spelled(hashes, eligible)
    found = {read_issued(cut(content, length)) for length in range(30, len(content) + 1)}
    assert found == {IssuedList(eligible, number, number, digest(hashes))}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        spelled(listed(3)) + b" ",
        spelled(listed(3))[:-1],
        spelled(listed(3)).replace(b":3}", b":03}"),
        spelled(listed(3)).replace(b":20,", b":020,"),
        spelled(listed(3)).replace(b'"],', b'",],'),
        spelled(listed(3)).replace(b",", b", "),
        spelled([one.upper() for one in listed(3)]),
        spelled(listed(3)[::-1]),
        spelled([listed(3)[0]] * 2),
        spelled([one[:-1] for one in listed(3)]),
        b'{"eligible":20,"hashes":["' + b"0" * 100_000,
    ],
)
def test_another_spelling_is_no_list(content: bytes) -> None:
    for length in (64, 1000):
        with pytest.raises(Fault):
            read_issued(cut(content, length))
