"""Checkpoints as the C2SP texts spell them, and none that differ."""

import base64
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.errors import Refusal
from mvote.core.secrecy.checkpoint import (
    Checkpoint,
    CheckpointMalformed,
    CheckpointNotValid,
    make_checkpoint,
    read_checkpoint,
    read_verifier_key,
    verifier_key,
)

ORIGIN = "vote.example/polls/0123456789abcdef"
ROOT = bytes(range(32))
SPELLED_ROOT = base64.b64encode(ROOT).decode()


@pytest.fixture(scope="session")
def text(board: Ed25519PrivateKey) -> str:
    return make_checkpoint(board, origin=ORIGIN, size=20852, root=ROOT)


def note(board: Ed25519PrivateKey, *lines: str, name: str = ORIGIN) -> str:
    """Any lines, signed by the board as a note."""
    content = "".join(f"{line}\n" for line in lines)
    key_id = bytes.fromhex(verifier_key(name, board.public_key()).split("+")[1])
    signature = base64.b64encode(key_id + board.sign(content.encode())).decode()
    return f"{content}\n— {name} {signature}\n"


def test_a_checkpoint_is_read_as_it_was_signed(text, board) -> None:
    read = read_checkpoint(text, public=board.public_key(), origin=ORIGIN)
    assert read == Checkpoint(ORIGIN, 20852, ROOT)
    assert read_checkpoint(text.encode(), public=board.public_key()) == read
    assert text == note(board, ORIGIN, "20852", SPELLED_ROOT)
    assert text.split("\n")[:4] == [ORIGIN, "20852", SPELLED_ROOT, ""]


def test_the_same_tree_has_the_same_checkpoint(text, board) -> None:
    assert make_checkpoint(board, origin=ORIGIN, size=20852, root=ROOT) == text


def test_the_verifier_key_of_the_text_of_c2sp_verifies_its_note(data_folder) -> None:
    page = (data_folder / "vectors" / "c2sp" / "signed-note.md").read_text()
    spelled = re.search(r"^    (example\.com/foo\+\S+)$", page, re.MULTILINE)
    signed = re.search(r"```\n(This is an example.*?\n)\n— example.com/foo (\S+)\n```", page, re.S)
    assert spelled is not None
    assert signed is not None
    name, public = read_verifier_key(spelled[1])
    assert verifier_key(name, public) == spelled[1]
    raw = base64.b64decode(signed[2])
    assert raw[:4].hex() == spelled[1].split("+")[1]
    public.verify(raw[4:], signed[1].encode())


def test_the_shape_is_that_of_the_text_of_c2sp(data_folder, text) -> None:
    page = (data_folder / "vectors" / "c2sp" / "tlog-checkpoint.md").read_text()
    example = re.search(r"```\n(.*?)```", page, re.S)
    assert example is not None

    def shape(spelled: str) -> list[str]:
        return [re.sub(r"[A-Za-z0-9./+-]+", "x", line) for line in spelled.split("\n")]

    assert shape(text) == shape(example[1])


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        " +530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_what_is_no_verifier_key_is_refused(spelled) -> None:
    with pytest.raises(CheckpointMalformed):
        read_verifier_key(spelled)


@given(data=st.data())
def test_a_checkpoint_with_any_one_byte_changed_is_refused(data, text, board) -> None:
    raw = bytearray(text.encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        read_checkpoint(bytes(raw), public=board.public_key(), origin=ORIGIN)


def test_a_checkpoint_of_another_board_is_refused(text, board, stranger) -> None:
    forged = make_checkpoint(stranger, origin=ORIGIN, size=1, root=ROOT)
    with pytest.raises(CheckpointNotValid):
        read_checkpoint(forged, public=board.public_key(), origin=ORIGIN)
    with pytest.raises(CheckpointNotValid):
        read_checkpoint(text, public=board.public_key(), origin=f"{ORIGIN}0")
    under_another_name = note(board, ORIGIN, "1", SPELLED_ROOT, name="vote.example")
    with pytest.raises(CheckpointNotValid):
        read_checkpoint(under_another_name, public=board.public_key(), origin=ORIGIN)


def test_other_signers_are_passed_over_but_none_may_use_the_boards_name(
    text, board, stranger
) -> None:
    content, _, own = text.partition("\n\n")
    witness = f"— witness.example {base64.b64encode(bytes(76)).decode()}\n"
    for lines in (own + witness, witness + own):
        assert read_checkpoint(f"{content}\n\n{lines}", public=board.public_key()).size == 20852
    with pytest.raises(CheckpointNotValid):
        read_checkpoint(f"{content}\n\n{witness}", public=board.public_key())
    name, _, signature = own.rstrip("\n").rpartition(" ")
    raw = base64.b64decode(signature)
    spoilt = base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()
    with pytest.raises(CheckpointNotValid):
        read_checkpoint(f"{content}\n\n{own}{name} {spoilt}\n", public=board.public_key())


@pytest.mark.parametrize(
    "lines",
    [
        (ORIGIN, "020852", SPELLED_ROOT),
        (ORIGIN, "+1", SPELLED_ROOT),
        (ORIGIN, "-1", SPELLED_ROOT),
        (ORIGIN, "1.0", SPELLED_ROOT),
        (ORIGIN, "", SPELLED_ROOT),
        (ORIGIN, "١", SPELLED_ROOT),
        (ORIGIN, str(2**53), SPELLED_ROOT),
        (ORIGIN, "9" * 5000, SPELLED_ROOT),
        (ORIGIN, "1", SPELLED_ROOT[:-1]),
        (ORIGIN, "1", SPELLED_ROOT.rstrip("=")),
        (ORIGIN, "1", SPELLED_ROOT.replace("/", "_").replace("8=", "9=")),
        (ORIGIN, "1", base64.b64encode(ROOT[:-1]).decode()),
        (ORIGIN, "1", SPELLED_ROOT, "an extension"),
        (ORIGIN, "1", SPELLED_ROOT, ""),
        (ORIGIN, "1"),
        ("", "1", SPELLED_ROOT),
        ("a b", "1", SPELLED_ROOT),
        (f"{ORIGIN}\r", "1", SPELLED_ROOT),
    ],
)
def test_signed_lines_that_are_no_checkpoint_are_refused(lines, board) -> None:
    with pytest.raises(CheckpointMalformed):
        read_checkpoint(note(board, *lines), public=board.public_key())


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text + "\n",
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace("— ", "- "),
        lambda text: text.replace("— ", "—  "),
        lambda text: text + "— witness.example AAAA\n",
        lambda text: text + "— witness.example !!!!\n",
        lambda text: text + "witness\n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + "— witness.example " + "A" * 70_000 + "\n",
        lambda text: text.encode() + b"\xff",
        lambda text: text + "\ud800",
    ],
)
def test_what_is_no_note_is_refused(change, text, board) -> None:
    with pytest.raises(CheckpointMalformed):
        read_checkpoint(change(text), public=board.public_key())


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("a b", 1, ROOT), ("a+b", 1, ROOT), ("", 1, ROOT), ("a", -1, ROOT), ("a", 1, ROOT[1:])],
)
def test_nothing_is_signed_that_nobody_could_read(origin, size, root, board) -> None:
    with pytest.raises(ValueError, match=r"name|size"):
        make_checkpoint(board, origin=origin, size=size, root=root)
