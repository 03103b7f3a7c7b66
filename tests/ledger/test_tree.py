"""The tree equals the definition of RFC 6962, its known answers, and lets no altered proof pass."""

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.rfc6962 import naive_path, naive_proof, naive_root
from workflows.errors import NotInTheTree
from workflows.ledger import tree
from workflows.ledger.hashes import leaf

EXHAUSTED = 130
LEAVES = [sha256(b"leaf %d" % number).digest() for number in range(EXHAUSTED + 1)]
ROOTS = [naive_root(LEAVES[:size]) for size in range(EXHAUSTED + 2)]
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=300)

REFERENCE = [leaf(bytes.fromhex(body)) for body in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
B = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
C = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
D = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
E = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"


@cache
def read(level: int, index: int) -> bytes:
    assert (index + 1) << level <= len(LEAVES)
    return naive_root(LEAVES[index << level : (index + 1) << level])


def reading(leaves: Sequence[bytes]) -> tree.Read:
    return lambda level, index: naive_root(leaves[index << level : (index + 1) << level])


def test_known_roots() -> None:
    """The eight reference leaves of Certificate Transparency."""
    assert [tree.root_of(REFERENCE[:size]).hex() for size in range(9)] == REFERENCE_ROOTS


@pytest.mark.parametrize(
    ("index", "size", "path"), [(0, 1, []), (0, 8, [D, A, E]), (5, 8, [B, C, REFERENCE_ROOTS[4]]),
                                (2, 3, [REFERENCE_ROOTS[2]]), (1, 5, [REFERENCE_ROOTS[1], A, B])],
)  # fmt: skip
def test_known_inclusion_proofs(index: int, size: int, path: list[str]) -> None:
    assert [one.hex() for one in tree.inclusion_proof(index, size, reading(REFERENCE))] == path


@pytest.mark.parametrize(
    ("old", "new", "path"), [(1, 1, []), (1, 8, [D, A, E]), (6, 8, [F, C, REFERENCE_ROOTS[4]]), (2, 5, [A, B])]
)
def test_known_consistency_proofs(old: int, new: int, path: list[str]) -> None:
    assert [one.hex() for one in tree.consistency_proof(old, new, reading(REFERENCE))] == path


@given(HASHES, st.integers(0, 300))
def test_a_frontier_grows_to_the_root_of_the_definition(leaves: list[bytes], cut: int) -> None:
    grown = tree.Frontier()
    for one in leaves[:cut]:
        grown.append(one)
    assert grown.root() == naive_root(leaves[:cut])
    later = tree.Frontier(grown.size, grown.hashes)
    later.extend(leaves[cut:])
    assert (later.size, later.root()) == (len(leaves), naive_root(leaves))
    assert (grown.size, grown.root()) == (len(leaves[:cut]), naive_root(leaves[:cut]))
    assert tree.root_of(leaves) == naive_root(leaves)


@given(HASHES.filter(bool), st.data())
def test_proofs_are_those_of_the_definition(leaves: list[bytes], data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, len(leaves) - 1)), data.draw(st.integers(1, len(leaves)))
    size = len(leaves)
    assert tree.inclusion_proof(index, size, reading(leaves)) == naive_path(index, leaves)
    assert tree.consistency_proof(old, size, reading(leaves)) == naive_proof(old, leaves)
    assert tree.span_root(0, size, reading(leaves)) == naive_root(leaves)


@pytest.mark.parametrize("size", [-1, 1, 3])
def test_a_frontier_has_as_many_hashes_as_its_size_says(size: int) -> None:
    with pytest.raises(NotInTheTree):
        tree.Frontier(size, ())
    with pytest.raises(NotInTheTree):
        tree.Frontier(1, (b"short",))


def test_the_hashes_of_a_tile_have_one_root() -> None:
    assert tree.complete_root(b"".join(LEAVES[:128])) == ROOTS[128]
    assert tree.complete_root(LEAVES[0]) == LEAVES[0]
    for crooked in (b"", b"".join(LEAVES[:3]), LEAVES[0] + b"\x00"):
        with pytest.raises(NotInTheTree):
            tree.complete_root(crooked)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (4, 3)])
def test_nothing_is_proven_of_a_place_outside(index: int, size: int) -> None:
    with pytest.raises(NotInTheTree):
        tree.inclusion_proof(index, size, read)
    assert not tree.verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_no_tree_shrinks(old: int, new: int) -> None:
    with pytest.raises(NotInTheTree):
        tree.consistency_proof(old, new, read)
    assert not tree.verify_consistency(old, new, ROOTS[0], ROOTS[3], [])
    assert not tree.verify_consistency(4, 3, ROOTS[4], ROOTS[3], tree.consistency_proof(3, 4, read))


def bent(hashes: Sequence[bytes]) -> Iterator[list[bytes]]:
    """The hashes with one bit turned, one dropped, doubled, shortened, lengthened, exchanged, added in front and behind."""
    for at, one in enumerate(hashes):
        turned = bytearray(one)
        turned[(at * 7 + len(hashes)) % 32] ^= 1 << at % 8
        for changed in ([bytes(turned)], [], [one, one], [one[:-1]], [one + b"\x00"], [bytes(32)]):
            yield [*hashes[:at], *changed, *hashes[at + 1 :]]
        if at:
            yield [*hashes[: at - 1], one, hashes[at - 1], *hashes[at + 1 :]]
    yield [*hashes, bytes(32)]
    yield [bytes(32), *hashes]
    yield [*hashes, b""]


def test_every_inclusion_proof_holds_and_no_bent_one_does() -> None:
    """Heads are (size, root) as a checkpoint names them: a size of one with the root of another is nobody's head."""
    for size in range(1, EXHAUSTED + 1):
        for index in range(size):
            proof = tree.inclusion_proof(index, size, read)
            assert tree.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
            passed = [changed for changed in bent(proof)
                      if tree.verify_inclusion(LEAVES[index], index, size, changed, ROOTS[size])]  # fmt: skip
            passed += [("index", other) for other in (index - 1, index + 1, size - 1 - index, index + size, -index)
                       if other != index and tree.verify_inclusion(LEAVES[index], other, size, proof, ROOTS[size])]  # fmt: skip
            passed += [("size", other) for other in (size - 1, size + 1)
                       if tree.verify_inclusion(LEAVES[index], index, other, proof, ROOTS[other])]  # fmt: skip
            passed += [("root", root) for root in (ROOTS[size - 1], bytes(32), b"")
                       if tree.verify_inclusion(LEAVES[index], index, size, proof, root)]  # fmt: skip
            passed += [("leaf", other) for other in (LEAVES[index - 1], bytes(32), b"")
                       if other != LEAVES[index] and tree.verify_inclusion(other, index, size, proof, ROOTS[size])]  # fmt: skip
            assert passed == [], (index, size)


def test_no_byte_of_a_proof_may_differ() -> None:
    included, grown = tree.inclusion_proof(77, EXHAUSTED, read), tree.consistency_proof(77, EXHAUSTED, read)
    for at in range(32):
        for bit in range(8):
            flip = (1 << bit) << (8 * at)
            for place in range(len(included)):
                assert not tree.verify_inclusion(
                    LEAVES[77], 77, EXHAUSTED, turned(included, place, flip), ROOTS[EXHAUSTED])  # fmt: skip
            for place in range(len(grown)):
                assert not tree.verify_consistency(
                    77, EXHAUSTED, ROOTS[77], ROOTS[EXHAUSTED], turned(grown, place, flip))  # fmt: skip


def turned(hashes: Sequence[bytes], place: int, flip: int) -> list[bytes]:
    changed = (int.from_bytes(hashes[place], "big") ^ flip).to_bytes(32, "big")
    return [*hashes[:place], changed, *hashes[place + 1 :]]


def test_every_place_has_a_proof_of_its_own() -> None:
    """No proof shows its leaf at any other place of the same tree."""
    for size in (1, 2, 7, 8, 33, 65):
        for index in range(size):
            proof = tree.inclusion_proof(index, size, read)
            places = [at for at in range(-2, 2 * size + 2)
                      if tree.verify_inclusion(LEAVES[index], at, size, proof, ROOTS[size])]  # fmt: skip
            assert places == [index]


def test_every_consistency_proof_holds_and_no_bent_one_does() -> None:
    for new in range(EXHAUSTED + 1):
        for old in range(new + 1):
            proof, roots = tree.consistency_proof(old, new, read), (ROOTS[old], ROOTS[new])
            assert tree.verify_consistency(old, new, *roots, proof)
            passed = [changed for changed in bent(proof) if tree.verify_consistency(old, new, *roots, changed)]
            passed += [("old", other) for other in (old - 1, old + 1) if other != new and other > 0
                       and tree.verify_consistency(other, new, ROOTS[other], ROOTS[new], proof)]  # fmt: skip
            passed += [("new", other) for other in (new - 1, new + 1) if old and other > old
                       and tree.verify_consistency(old, other, ROOTS[old], ROOTS[other], proof)]  # fmt: skip
            passed += [("roots", pair) for pair in (
                           (bytes(32), ROOTS[new]), (ROOTS[old], bytes(32)), (ROOTS[new], ROOTS[old]),
                           (ROOTS[old][:-1], ROOTS[new]), (ROOTS[old], b""))
                       if pair != roots and old and tree.verify_consistency(old, new, *pair, proof)]  # fmt: skip
            assert passed == [], (old, new)


def test_from_nothing_everything_grew() -> None:
    """Of the empty tree there is only one root."""
    assert tree.verify_consistency(0, 5, tree.EMPTY_ROOT, ROOTS[5], [])
    assert tree.verify_consistency(0, 0, tree.EMPTY_ROOT, tree.EMPTY_ROOT, [])
    assert not tree.verify_consistency(0, 0, bytes(32), bytes(32), [])
    assert not tree.verify_consistency(0, 5, bytes(32), ROOTS[5], [])
    assert not tree.verify_consistency(0, 5, tree.EMPTY_ROOT, ROOTS[5], [ROOTS[5]])


def test_a_rewritten_log_has_no_proof() -> None:
    """Whatever is altered before the old size, neither honest nor forged hashes lead from the old root to the new one."""
    forged = [*LEAVES[:40], sha256(b"another decision").digest(), *LEAVES[41:]]
    for old in range(41, 100):
        proof = tree.consistency_proof(old, 100, reading(forged))
        assert tree.verify_consistency(old, 100, naive_root(forged[:old]), naive_root(forged[:100]), proof)
        assert not tree.verify_consistency(old, 100, ROOTS[old], naive_root(forged[:100]), proof)
