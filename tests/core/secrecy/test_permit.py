import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import b64u, b64u_decode, canonical_bytes, parse
from mvote.core.errors import Refusal
from mvote.core.secrecy import keys
from mvote.core.secrecy.permit import (
    NameMalformed,
    NameNotPublishedHere,
    PermitForAnotherPoll,
    PermitMalformed,
    PermitNotValid,
    check_name,
    make_permit,
    mark,
    read_permit,
    verify_permit,
    voter_ref,
)

PEPPER = bytes(range(32))
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


def accept(value, *, ph, issuers, level="open") -> None:
    verify_permit(read_permit(value), ph=ph, level=level, issuers=issuers)


def test_a_permit_is_accepted_and_survives_its_json_form(permit, ph, issuers) -> None:
    sent = parse(canonical_bytes(permit.to_json()))
    assert read_permit(sent) == permit
    assert read_permit(sent).to_json() == sent
    accept(sent, ph=ph, issuers=issuers)


def test_the_signature_is_over_the_published_bytes(permit, issuer) -> None:
    unsigned = {k: v for k, v in permit.to_json().items() if k != "sig"}
    issuer.public_key().verify(permit.sig, b"mvote-pseudonym-v1\0" + canonical_bytes(unsigned))


def test_asking_again_gives_the_same_permit(permit, issuer, ph) -> None:
    again = make_permit(issuer, ph=ph, mark=permit.mark, level="open", name=permit.name)
    assert canonical_bytes(again.to_json()) == canonical_bytes(permit.to_json())


@given(data=st.data())
def test_a_permit_with_any_one_byte_changed_is_refused(data, permit, ph, issuers) -> None:
    raw = bytearray(canonical_bytes(permit.to_json()))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        accept(parse(bytes(raw)), ph=ph, issuers=issuers)


@given(data=st.data())
def test_a_permit_with_any_one_field_replaced_is_refused(data, permit, ph, issuers) -> None:
    sent = permit.to_json()
    field = data.draw(st.sampled_from(sorted(sent)))
    junk = data.draw(
        JUNK.filter(lambda value: (type(value), value) != (type(sent[field]), sent[field]))
    )
    with pytest.raises(Refusal):
        accept({**sent, field: junk}, ph=ph, issuers=issuers)


def test_a_permit_with_a_field_left_out_or_added_is_refused(permit, ph, issuers) -> None:
    sent = permit.to_json()
    for field in sent:
        with pytest.raises((PermitMalformed, PermitNotValid)):
            accept({k: v for k, v in sent.items() if k != field}, ph=ph, issuers=issuers)
    with pytest.raises(PermitMalformed, match="stratum"):
        accept({**sent, "stratum": "mapo"}, ph=ph, issuers=issuers)


@pytest.mark.parametrize("value", [None, [], "permit", 1, [{"kid": "city-1"}]])
def test_what_is_no_object_is_no_permit(value) -> None:
    with pytest.raises(PermitMalformed):
        read_permit(value)


def test_a_signature_spelled_in_another_way_is_refused(permit) -> None:
    sent = permit.to_json()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same_bytes = sent["sig"][:-1] + alphabet[alphabet.index(sent["sig"][-1]) + 1]
    for spelled in (same_bytes, sent["sig"] + "==", sent["sig"] + "\n"):
        with pytest.raises(PermitMalformed, match="sig"):
            read_permit({**sent, "sig": spelled})


def test_a_signature_with_its_order_added_is_refused(permit, ph, issuers) -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(permit.sig[32:], "little") + order
    twin = permit.sig[:32] + s.to_bytes(32, "little")
    with pytest.raises(PermitNotValid):
        accept({**permit.to_json(), "sig": b64u(twin)}, ph=ph, issuers=issuers)


def test_a_permit_for_another_poll_is_refused_as_such(permit, issuers) -> None:
    with pytest.raises(PermitForAnotherPoll):
        accept(permit.to_json(), ph="0" * 64, issuers=issuers)


def test_a_permit_of_an_issuer_unknown_to_the_poll_is_refused(
    stranger, permit, ph, issuers
) -> None:
    forged = make_permit(stranger, ph=ph, mark=permit.mark, level="open")
    with pytest.raises(PermitNotValid):
        accept(forged.to_json(), ph=ph, issuers=issuers)
    borrowed = {**forged.to_json(), "kid": permit.kid}
    with pytest.raises(PermitNotValid):
        accept(borrowed, ph=ph, issuers=issuers)
    assert PermitNotValid.code() == "permit-not-valid"


def test_a_name_stands_only_in_permits_of_open_polls(issuer, permit, ph, issuers) -> None:
    accept(permit.to_json(), ph=ph, issuers=issuers)
    with pytest.raises(PermitMalformed, match="name"):
        accept(permit.to_json(), ph=ph, issuers=issuers, level="confidential")
    with pytest.raises(NameNotPublishedHere):
        make_permit(issuer, ph=ph, mark=permit.mark, level="confidential", name="김하늘")
    nameless = make_permit(issuer, ph=ph, mark=permit.mark, level="confidential")
    assert "name" not in nameless.to_json()
    accept(nameless.to_json(), ph=ph, issuers=issuers, level="confidential")


def test_levels_with_blind_permits_take_no_pseudonym_permit(issuer, permit, ph, issuers) -> None:
    with pytest.raises(ValueError, match="secret"):
        make_permit(issuer, ph=ph, mark=permit.mark, level="secret")
    with pytest.raises(PermitMalformed):
        accept(permit.to_json(), ph=ph, issuers=issuers, level="secret")


@pytest.mark.parametrize(
    "name",
    [
        *("", "  ", " 김", "가" * 81, "두\n줄", "\u1100\u1161", "a\0b", "\ud800"),
        *("두\u2028줄", "a\u202eb", "\u200b", "\u3164\u3164"),
    ],
)
def test_a_name_that_is_not_one_short_line_in_nfc_is_refused(name, permit) -> None:
    with pytest.raises(NameMalformed):
        check_name(name, level="open")
    with pytest.raises(PermitMalformed, match="name"):
        read_permit({**permit.to_json(), "name": name})


def test_eighty_characters_are_a_name() -> None:
    check_name("가" * 80, level="open")
    check_name(None, level="confidential")


def test_mark_and_voter_reference_are_keyed_by_the_poll_and_differ() -> None:
    key = b"roll key"
    assert mark(PEPPER, key) == hmac.new(PEPPER, b"markroll key", hashlib.sha256).digest()
    assert voter_ref(PEPPER, key) == hmac.new(PEPPER, b"voterroll key", hashlib.sha256).digest()
    assert mark(PEPPER, key) != mark(bytes(32), key)
    with pytest.raises(ValueError, match="pepper"):
        mark(b"short", key)


def test_the_kid_in_the_permit_is_the_issuers(permit, issuer) -> None:
    assert permit.kid == keys.kid_of(issuer.public_key())
    assert b64u_decode(permit.to_json()["mark"]) == permit.mark
