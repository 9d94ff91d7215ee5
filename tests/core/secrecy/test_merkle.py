"""The tree is that of RFC 9162, whoever computes it, and proves nothing that is not so."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.secrecy.merkle import (
    EMPTY_ROOT,
    MemoryTiles,
    TileTree,
    TreeDamaged,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

SIZES = st.integers(1, 1500)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


LEAVES = leaves(1500)


def root_by_definition(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, as it stands there."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return node_hash(root_by_definition(hashes[:k]), root_by_definition(hashes[k:]))


@pytest.fixture(scope="session")
def tree() -> TileTree:
    made = TileTree(MemoryTiles())
    made.append(LEAVES)
    return made


def vector_files(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.json"))
    assert found
    return found


def raw(spelled: str | None) -> bytes:
    return base64.b64decode(spelled or "")


def test_the_published_inclusion_proofs_are_judged_right(data_folder) -> None:
    for path in vector_files(data_folder / "vectors" / "merkle" / "inclusion"):
        vector = json.loads(path.read_text())
        good = verify_inclusion(
            raw(vector["leafHash"]),
            vector["leafIdx"],
            vector["treeSize"],
            [raw(one) for one in vector["proof"] or []],
            raw(vector["root"]),
        )
        assert good != vector["wantErr"], path


def test_the_published_consistency_proofs_are_judged_right(data_folder) -> None:
    for path in vector_files(data_folder / "vectors" / "merkle" / "consistency"):
        vector = json.loads(path.read_text())
        good = verify_consistency(
            vector["size1"],
            vector["size2"],
            raw(vector["root1"]),
            raw(vector["root2"]),
            [raw(one) for one in vector["proof"] or []],
        )
        assert good != vector["wantErr"], path


def test_the_hashes_are_those_of_the_rfc() -> None:
    assert leaf_hash(b"x") == hashlib.sha256(b"\0x").digest()
    assert node_hash(b"l", b"r") == hashlib.sha256(b"\1lr").digest()
    assert root_of([]) == TileTree(MemoryTiles()).root() == EMPTY_ROOT


@settings(max_examples=50)
@given(size=st.integers(0, 600))
def test_all_ways_to_the_root_agree(size, tree) -> None:
    expected = root_by_definition(LEAVES[:size])
    assert root_of(iter(LEAVES[:size])) == tree.root(size) == expected


@settings(max_examples=50)
@given(parts=st.lists(st.integers(0, 700), max_size=6))
def test_it_makes_no_difference_in_how_many_steps_a_tree_grows(parts) -> None:
    tiles, size = MemoryTiles(), 0
    for part in parts:
        tree = TileTree(tiles, size)  # as another process would go on
        grown = min(size + part, len(LEAVES))
        assert tree.append(LEAVES[size:grown]) == tree.size == grown
        size = grown
        assert tree.root() == root_of(LEAVES[:size])
    at_once = MemoryTiles()
    TileTree(at_once).append(LEAVES[:size])
    assert tiles.kept == at_once.kept


def test_tiles_are_those_of_c2sp() -> None:
    """The example of the text: a tree of 70,000, and one of 256."""
    tiles = MemoryTiles()
    TileTree(tiles).append(leaf_hash(number.to_bytes(4, "big")) for number in range(70_000))
    widths = {place: len(data) // 32 for place, data in tiles.kept.items()}
    full = {place for place, width in widths.items() if width == 256}
    assert full == {(0, number) for number in range(273)} | {(1, 0)}
    assert {place: widths[place] for place in widths.keys() - full} == {
        (0, 273): 112,
        (1, 1): 17,
        (2, 0): 1,
    }
    first = [tiles.kept[0, 0][at : at + 32] for at in range(0, 8192, 32)]
    assert tiles.kept[1, 0][:32] == root_by_definition(first)
    small = MemoryTiles()
    TileTree(small).append(LEAVES[:256])
    assert {place: len(data) for place, data in small.kept.items()} == {(0, 0): 8192, (1, 0): 32}


@given(data=st.data(), size=SIZES)
def test_every_leaf_can_be_proved_and_no_other(data, size, tree) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = tree.inclusion(index, size), root_of(LEAVES[:size])
    assert verify_inclusion(LEAVES[index], index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda at: at != index or size == 1))
    if other != index:
        assert not verify_inclusion(LEAVES[other], index, size, proof, root)
        assert not verify_inclusion(LEAVES[index], other, size, proof, root)
    assert not verify_inclusion(LEAVES[index], index, size, [*proof, root], root)
    assert not verify_inclusion(LEAVES[index], -1, size, proof, root)
    assert not verify_inclusion(LEAVES[index], size, size, proof, root)


@given(data=st.data(), size=st.integers(2, 1500))
def test_an_altered_inclusion_proof_proves_nothing(data, size, tree) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = tree.inclusion(index, size), root_of(LEAVES[:size])
    for altered in alterations(data, proof):
        assert not verify_inclusion(LEAVES[index], index, size, altered, root)
    assert not verify_inclusion(LEAVES[index], index, size, proof, flipped(data, root))
    assert not verify_inclusion(flipped(data, LEAVES[index]), index, size, proof, root)


@given(data=st.data(), size=SIZES)
def test_every_tree_is_proved_to_extend_the_earlier_ones(data, size, tree) -> None:
    old = data.draw(st.integers(1, size))
    proof = tree.consistency(old, size)
    old_root, root = root_of(LEAVES[:old]), root_of(LEAVES[:size])
    assert verify_consistency(old, size, old_root, root, proof)
    assert not verify_consistency(old, size, flipped(data, old_root), root, proof)
    assert not verify_consistency(old, size, old_root, flipped(data, root), proof)
    assert not verify_consistency(0, size, EMPTY_ROOT, root, [])
    assert not verify_consistency(size + 1, size, root, root, [])


@given(data=st.data(), size=st.integers(2, 1500))
def test_an_altered_consistency_proof_proves_nothing(data, size, tree) -> None:
    old = data.draw(st.integers(1, size - 1))
    proof = tree.consistency(old, size)
    old_root, root = root_of(LEAVES[:old]), root_of(LEAVES[:size])
    for altered in alterations(data, proof):
        assert not verify_consistency(old, size, old_root, root, altered)


def test_a_tree_that_changed_its_past_cannot_be_proved() -> None:
    honest, other = TileTree(MemoryTiles()), TileTree(MemoryTiles())
    honest.append(LEAVES[:300])
    other.append([LEAVES[7], *LEAVES[1:400]])
    proof = other.consistency(300, 400)
    assert not verify_consistency(300, 400, honest.root(), other.root(), proof)


def alterations(data: st.DataObject, proof: list[bytes]) -> list[list[bytes]]:
    """Proofs that are not this one, in every manner."""
    at = data.draw(st.integers(0, len(proof) - 1))
    short = [*proof[:at], proof[at][:-1], *proof[at + 1 :]]
    made = [
        [*proof[:at], flipped(data, proof[at]), *proof[at + 1 :]],
        [*proof[:at], *proof[at + 1 :]],
        [*proof[:at], bytes(32), *proof[at:]],
        [*proof, proof[-1]],
        short,
    ]
    if len(set(proof)) > 1:
        made.append(proof[::-1])
    return made


def flipped(data: st.DataObject, hashed: bytes) -> bytes:
    bit = data.draw(st.integers(0, 255))
    return (int.from_bytes(hashed, "big") ^ 1 << bit).to_bytes(32, "big")


@pytest.mark.parametrize(
    "ask",
    [
        lambda tree: tree.root(1501),
        lambda tree: tree.root(-1),
        lambda tree: tree.inclusion(5, 5),
        lambda tree: tree.inclusion(-1, 5),
        lambda tree: tree.inclusion(0, 1501),
        lambda tree: tree.consistency(0, 5),
        lambda tree: tree.consistency(6, 5),
        lambda tree: tree.consistency(5, 1501),
    ],
)
def test_what_the_tree_does_not_have_cannot_be_asked_for(ask, tree) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        ask(tree)


def test_what_is_no_hash_is_no_leaf() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        TileTree(MemoryTiles()).append([b"short"])


def test_a_tree_with_a_hole_says_so() -> None:
    tiles = MemoryTiles()
    TileTree(tiles).append(LEAVES)
    tiles.kept[0, 2] = tiles.kept[0, 2][:-32]
    tiles.kept[0, 5] = tiles.kept[0, 5][:32]
    del tiles.kept[1, 0]
    for ask in (
        lambda tree: tree.root(),
        lambda tree: tree.inclusion(767, 1500),
        lambda tree: tree.append(LEAVES[:1]),
    ):
        with pytest.raises(TreeDamaged):
            ask(TileTree(tiles, 1500))


def test_a_tile_that_grew_since_still_serves_the_earlier_tree() -> None:
    """After a crash the tiles may be ahead of the size; the tree goes on from its size."""
    tiles = MemoryTiles()
    TileTree(tiles).append(LEAVES[:300])
    behind = TileTree(tiles, 280)
    assert behind.root() == root_of(LEAVES[:280])
    behind.append(LEAVES[290:300])
    assert behind.root() == root_of(LEAVES[:280] + LEAVES[290:300])
    assert TileTree(tiles, 290).root() == behind.root()
