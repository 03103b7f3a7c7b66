"""The Merkle tree of RFC 6962 over the sealed order: roots, and proofs that an event is in it and that it only grew.

A subtree is named (level, index): 2**level leaves from index * 2**level on. Whoever holds hashes hands in
`read(level, index)`, which is only asked for complete subtrees; nothing here knows where they are kept.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from workflows.errors import NotInTheTree

HASH = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of the tree without leaves."""

Read = Callable[[int, int], bytes]
Span = tuple[int, int]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, the largest first; `append` changes it."""

    size: int = 0
    hashes: Sequence[bytes] = ()

    def __post_init__(self) -> None:
        """Hold the hashes as an own tuple; NotInTheTree where their number does not fit the size."""
        self.hashes = tuple(self.hashes)
        if self.size < 0 or len(self.hashes) != self.size.bit_count() or {len(one) for one in self.hashes} - {HASH}:
            raise NotInTheTree(size=self.size)

    def append(self, leaf: bytes) -> None:
        """Take one more leaf hash (32 bytes)."""
        self.extend((leaf,))

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Take many leaf hashes; O(1) hashes each on average."""
        edge, size = list(self.hashes), self.size
        for leaf in leaves:
            grown, height = leaf, size
            while height & 1:
                grown, height = node_hash(edge.pop(), grown), height >> 1
            edge.append(grown)
            size += 1
        self.hashes, self.size = tuple(edge), size

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        return _folded(self.hashes) if self.hashes else EMPTY_ROOT


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes (not over bodies)."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def complete_root(hashes: bytes) -> bytes:
    """Return the root over 2**n hashes lying one behind the other, as in a tile; NotInTheTree for another number."""
    count, rest = divmod(len(hashes), HASH)
    if rest or count.bit_count() != 1:
        raise NotInTheTree(size=count)
    while len(hashes) > HASH:
        pairs = range(0, len(hashes), 2 * HASH)
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 2 * HASH]).digest() for at in pairs])
    return hashes


def subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (level, index) of the complete subtrees that make up a span of a tree, from left to right."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def span_root(start: int, end: int, read: Read) -> bytes:
    """Return the root over the leaves start … end - 1, a span that the tree itself has as a node (or is)."""
    hashes = [read(level, index) for level, index in subtrees(start, end)]
    return _folded(hashes) if hashes else EMPTY_ROOT


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return the spans of leaves whose roots prove that a leaf is in a tree, from its sibling up; NotInTheTree."""
    if not 0 <= index < size:
        raise NotInTheTree(index=index, size=size)
    start, end, spans = 0, size, list[Span]()
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return the spans whose roots prove that a tree grew from one size to another; NotInTheTree unless it did."""
    if not 0 <= old <= new:
        raise NotInTheTree(old=old, size=new)
    if old in {0, new}:
        return []
    start, end, spans = 0, new, list[Span]()
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:
        spans.append((start, end))
    return spans[::-1]


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """Return the hashes that prove leaf `index` in the tree of `size`: RFC 6962, 2.1.1; NotInTheTree."""
    return [span_root(start, end, read) for start, end in inclusion_spans(index, size)]


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """Return the hashes that prove that the tree only grew: RFC 6962, 2.1.2; none from 0 or to itself; NotInTheTree."""
    return [span_root(start, end, read) for start, end in consistency_spans(old, new)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether the proof shows the leaf hash at this place of the tree with this root: RFC 9162, 2.1.3.2.

    Size and root must come from one checkpoint: hashes alone do not say how large the tree is.
    """
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    here, last, grown = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            grown = node_hash(sibling, grown)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            grown = node_hash(grown, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and grown == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether the proof shows that the new tree begins with the old one: RFC 9162, 2.1.4.2."""
    if not 0 <= old <= new or not _hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root and (old > 0 or old_root == EMPTY_ROOT)
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    return _grew(old, new, old_root, new_root, [old_root, *proof] if old.bit_count() == 1 else list(proof))


def _grew(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    if not path:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def _folded(hashes: Sequence[bytes]) -> bytes:
    grown = hashes[-1]
    for left in reversed(hashes[:-1]):
        grown = node_hash(left, grown)
    return grown


def _hashes(*given: bytes) -> bool:
    return all(len(one) == HASH for one in given)
