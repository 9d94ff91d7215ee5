"""Secret ballots: signed by their own key, with a permit that is made out to it."""

import unicodedata

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import MalformedJson, b64u, b64u_decode, canonical_bytes, parse
from mvote.core.errors import Refusal
from mvote.core.secrecy.ballot import (
    LABEL,
    BallotForAnotherPoll,
    BallotForged,
    BallotMalformed,
    read_ballot,
    verify_ballot,
    write_secret_ballot,
)
from mvote.core.secrecy.keys import kid_of, raw_public, sign
from mvote.core.secrecy.permit import PermitMalformed, PermitNotValid
from mvote.core.secrecy.phone import PollSecrets
from tests.core.secrecy.conftest import take_permit

POLL = "0123456789abcdef"
ANSWERS = {"q1": ["가/1"], "q2": ["x", ["y", "z"]]}
ORDER = 2**252 + 27742317777372353535851937790883648493
NFD = unicodedata.normalize("NFD", "가")
SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
)
SPELLED_TWICE = "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"


@pytest.fixture(scope="session")
def sent(voter, blind_permit):
    return voter.make_ballot(blind_permit, ANSWERS)


@pytest.fixture(scope="session")
def accept(ph, blind_issuers):
    """Check a ballot as JSON, for this poll unless something else is said."""

    def check(value, *, poll=POLL, ph=ph, level="secret", issuers=blind_issuers) -> None:
        verify_ballot(read_ballot(value), poll=poll, ph=ph, level=level, issuers=issuers)

    return check


@pytest.fixture(scope="session")
def signed_again(voter):
    """The ballot with changes and a good signature over them."""

    def make(sent, **changes):
        content = {k: v for k, v in {**sent, **changes}.items() if k != "sig"}
        return {**content, "sig": sign(voter.ballot_key, LABEL, content)}

    return make


def test_a_ballot_is_read_as_it_was_made_out(sent, voter, blind_permit, ph, accept) -> None:
    ballot = read_ballot(parse(canonical_bytes(sent)))
    assert (ballot.poll, ballot.ph, ballot.seq, ballot.answers) == (POLL, ph, 1, ANSWERS)
    assert ballot.permit.permits == (blind_permit,)
    assert ballot.holder == ballot.permit.bk == raw_public(voter.ballot_key.public_key())
    assert ballot.canonical == canonical_bytes(sent)
    accept(sent)


def test_the_signature_is_over_the_published_bytes(sent, voter) -> None:
    unsigned = {key: value for key, value in sent.items() if key != "sig"}
    raw = b"mvote-ballot-v1\0" + canonical_bytes(unsigned)
    voter.ballot_key.public_key().verify(b64u_decode(sent["sig"]), raw)


def test_all_ballots_of_one_voter_have_one_holder(voter, blind_permit, accept) -> None:
    later = voter.make_ballot(blind_permit, {"q1": []}, seq=7)
    accept(later)
    assert read_ballot(later).seq == 7
    assert read_ballot(later).holder == read_ballot(voter.make_ballot(blind_permit, {})).holder


@given(data=st.data())
def test_a_ballot_with_any_one_byte_changed_is_refused(data, sent, accept) -> None:
    raw = bytearray(canonical_bytes(sent))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        accept(parse(bytes(raw)))


@given(data=st.data())
def test_a_ballot_that_its_keeper_altered_is_refused(data, sent, accept) -> None:
    changes = {
        "seq": st.integers(2, 1000),
        "nonce": st.binary(min_size=16, max_size=16).map(b64u),
        "ans": st.dictionaries(st.sampled_from(["q1", "q2"]), st.lists(st.sampled_from("abc"))),
    }
    field = data.draw(st.sampled_from(sorted(changes)))
    with pytest.raises(BallotForged):
        accept({**sent, field: data.draw(changes[field])})


def test_a_signature_with_its_order_added_is_refused(sent, accept) -> None:
    """The same signature in another spelling would make a second leaf of one ballot."""
    sig = b64u_decode(sent["sig"])
    s = int.from_bytes(sig[32:], "little") + ORDER
    with pytest.raises(BallotForged):
        accept({**sent, "sig": b64u(sig[:32] + s.to_bytes(32, "little"))})


def test_a_ballot_signed_by_another_key_is_refused(sent, stranger, accept) -> None:
    content = {key: value for key, value in sent.items() if key != "sig"}
    with pytest.raises(BallotForged):
        accept({**content, "sig": sign(stranger, LABEL, content)})
    assert BallotForged.code() == "ballot-forged"


def test_a_permit_made_out_to_another_key_is_refused(voter, blind_permit, ph, accept) -> None:
    thief = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    stolen = write_secret_ballot(
        poll=POLL, ph=ph, answers=ANSWERS, permits=[blind_permit], key=thief
    )
    with pytest.raises(PermitNotValid):
        accept(stolen)


def test_a_ballot_for_another_poll_is_refused(voter, signer, blind_permit, sent, accept) -> None:
    elsewhere = PollSecrets(voter.seed, voter.poll, "0" * 64, voter.kid, voter.issuer)
    permit = take_permit(elsewhere, signer)
    with pytest.raises(BallotForAnotherPoll):
        accept(elsewhere.make_ballot(permit, ANSWERS))
    accept(elsewhere.make_ballot(permit, ANSWERS), ph="0" * 64)
    with pytest.raises(BallotForAnotherPoll):
        accept(sent, poll="zzzzzzzzzzzzzzzz")
    with pytest.raises(PermitNotValid):
        accept(elsewhere.make_ballot(blind_permit, ANSWERS), ph="0" * 64)


def test_the_kind_of_permit_fits_the_level(sent, signed_again, accept, permit, issuers) -> None:
    for level in ("open", "confidential"):
        with pytest.raises(PermitMalformed, match="permit"):
            accept(sent, level=level)
    pseudonym = {**sent, "permit": permit.to_json()}
    del pseudonym["bk"], pseudonym["sig"]
    with pytest.raises(PermitMalformed, match="permit"):
        accept(pseudonym)
    with pytest.raises(PermitNotValid):
        accept(sent, issuers=issuers)


def test_every_issuer_has_to_have_given_one_permit(
    sent, signed_again, blind_permit, blind_issuers, other_signer, accept
) -> None:
    once = blind_permit.to_json()
    with pytest.raises(PermitMalformed, match="permit"):
        accept(signed_again(sent, permit=[once, once]))
    second = {**blind_issuers, kid_of(other_signer.public): other_signer.public}
    with pytest.raises(PermitMalformed, match="permit"):
        accept(sent, issuers=second)
    with pytest.raises(PermitNotValid):
        accept(signed_again(sent, permit=[once, once]), issuers=second)
    with pytest.raises(PermitNotValid):
        accept(signed_again(sent, permit=[{**once, "kid": "city-2"}]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 2),
        ("seq", 0),
        ("ph", "A" * 64),
        ("bk", ""),
        ("bk", None),
        ("bk", b64u(bytes(31))),
        ("bk", b64u(bytes(33))),
        ("nonce", b64u(bytes(16)) + "=="),
        ("sig", b64u(bytes(63))),
        ("sig", b64u(bytes(64))[:-1] + "B"),
        ("sig", 5),
        ("permit", []),
        ("permit", [{}] * 5),
        *(("bk", b64u(bytes.fromhex(point))) for point in (*SMALL_ORDER, SPELLED_TWICE)),
    ],
)
def test_a_field_that_is_not_what_it_has_to_be_is_named(sent, field, value) -> None:
    with pytest.raises(BallotMalformed) as refused:
        read_ballot({**sent, field: value})
    assert refused.value.params == {"field": field}
    assert refused.value.status == 422


def test_a_ballot_with_a_field_left_out_or_added_is_refused(sent) -> None:
    for field in sent:
        with pytest.raises(BallotMalformed):
            read_ballot({key: value for key, value in sent.items() if key != field})
    for field in ("account", "mark", "at"):
        with pytest.raises(BallotMalformed, match=field):
            read_ballot({**sent, field: "x"})


def test_a_malformed_permit_inside_is_refused_as_a_permit(sent) -> None:
    with pytest.raises(PermitMalformed, match="pre"):
        read_ballot({**sent, "permit": [{**sent["permit"][0], "pre": "AA"}]})
    with pytest.raises(PermitMalformed, match="permit"):
        read_ballot({**sent, "permit": ["AA"]})


def spellings(raw: bytes) -> dict[str, bytes]:
    """The same ballot in ways that two readers could take for different ones."""
    return {
        "decomposed": raw.replace("가".encode(), NFD.encode()),
        "a key twice": raw.replace(b'"seq":1', b'"seq":1,"seq":1'),
        "a float": raw.replace(b'"seq":1', b'"seq":1.0'),
        "an exponent": raw.replace(b'"seq":1', b'"seq":1e0'),
        "bytes behind": raw + b"{}",
        "a byte order mark": b"\xef\xbb\xbf" + raw,
        "not UTF-8": raw.replace("가".encode(), b"\xea\xb0"),
        "cut off": raw[:-1],
    }


def test_a_ballot_that_two_could_read_differently_is_not_read(sent) -> None:
    raw = canonical_bytes(sent)
    for name, spelled in spellings(raw).items():
        assert spelled != raw, name
        with pytest.raises(MalformedJson):
            parse(spelled)


def test_another_spelling_that_means_the_same_is_the_same_ballot(sent, accept) -> None:
    spaced = canonical_bytes(sent).replace(b",", b" ,\n").replace("가".encode(), b"\\uac00")
    assert read_ballot(parse(spaced)).leaf == read_ballot(sent).leaf
    accept(parse(spaced))
