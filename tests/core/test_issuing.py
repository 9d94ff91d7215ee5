"""Issuer keys as the people wing names them."""

import pytest

from mvote.core.canonical import b64u
from mvote.core.fields import Faults, Reader
from mvote.core.issuing import read_issuer


@pytest.mark.parametrize("first", ["-", "_", "a", "0"])
def test_a_key_may_have_any_name_that_base64url_gives(first: str) -> None:
    faults = Faults()
    key = {"kid": f"{first}bcdefghijklmnopqrstuv", "alg": "Ed25519", "x": b64u(bytes(32))}
    read = Reader({"issuer": [{**key, "operator": "Haneul City"}]}, faults)
    assert [one.kid for one in read_issuer(read)] == [key["kid"]]
    assert faults.errors == {}
