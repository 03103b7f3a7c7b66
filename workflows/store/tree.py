"""The Merkle tree over the sealed order as the database keeps it: full hash tiles, proofs out of them, signed notes.

Tile (level, n) holds 256 hashes, each the root over 256**level leaves (C2SP tlog-tiles). Only full tiles are kept, and
they are a cache: whatever is missing is computed from the tiles below and from the leaves. Late tiles cost time only.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from workflows.errors import LedgerRefused, NotFound, NotInTheTree
from workflows.ledger import tree
from workflows.store.sealing import log_size
from workflows.store.transaction import Transaction

WIDTH = 256
TILE_LEVELS = 8
BITE = 1024
"""So many tiles are written by one statement: none of them lasts long."""

IDENTITY = "SELECT log_id, mode FROM log.installation"
STANDING = """
SELECT level, (SELECT coalesce(max(n) + 1, 0) FROM log.tile t WHERE t.level = l.level) AS standing
FROM generate_series(0, 7) AS l (level)"""
LEAF_TILES = """
INSERT INTO log.tile (level, n, hashes)
SELECT 0, log_index / 256, string_agg(leaf_hash, ''::bytea ORDER BY log_index) FROM log.leaf
WHERE log_index >= CAST(:first AS bigint) * 256 AND log_index < CAST(:after AS bigint) * 256
GROUP BY log_index / 256 ON CONFLICT (level, n) DO NOTHING"""
UPPER_TILE = """
INSERT INTO log.tile (level, n, hashes) VALUES (:level, :n, :hashes) ON CONFLICT (level, n) DO NOTHING"""
TILES = "SELECT n, hashes FROM log.tile WHERE level = :level AND n = ANY(CAST(:numbers AS bigint[]))"
LEAVES = """
SELECT log_index / 256 AS n, string_agg(leaf_hash, ''::bytea ORDER BY log_index) AS hashes FROM log.leaf
WHERE log_index >= CAST(:first AS bigint) * 256 AND log_index < least(CAST(:after AS bigint) * 256, :size)
GROUP BY log_index / 256"""
KEEP = """
INSERT INTO log.checkpoint (size, root, note) VALUES (:size, :root, :note) ON CONFLICT (size) DO NOTHING"""
KEPT_ROOT = "SELECT root FROM log.checkpoint WHERE size = :size"
LAST = "SELECT size, root, note, created_at FROM log.checkpoint ORDER BY size DESC LIMIT 1"
KEPT_TIMES = "SELECT size, created_at FROM log.checkpoint WHERE size <= :size ORDER BY size"
KEPT_TEXTS = "SELECT size, note FROM log.checkpoint WHERE size = ANY(:sizes) ORDER BY size"
KEPT = "SELECT size, root, note, created_at FROM log.checkpoint WHERE size > :after ORDER BY size"
PLACE = """
SELECT l.log_index FROM log.event e JOIN log.leaf l USING (event_id)
WHERE e.stream_id = :stream AND e.version = :version"""


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """Which log this is: its ID, production, demo or simulation, and the origin line of its notes."""

    log_id: UUID
    mode: str
    origin: str


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A signed note as it was kept: the size and the root it names, its text, the real time of keeping (UTC)."""

    size: int
    root: bytes
    note: str
    created_at: datetime


def origin_of(log_id: UUID) -> str:
    """Return the origin line of a log: `goaltrail.local/<16 hex digits>/sha256`; also the name of its key."""
    return f"goaltrail.local/{log_id.hex[:16]}/sha256"


def log_identity(tx: Transaction) -> LogIdentity:
    """Return which log this is; NotFound while the installation is not marked."""
    row = tx.row(IDENTITY)
    if row is None:
        raise NotFound
    return LogIdentity(row["log_id"], row["mode"], origin_of(row["log_id"]))


def store_tiles(tx: Transaction) -> int:
    """Keep every full tile of the sealed leaves that is not kept yet, as the sealer's role; return how many were.

    A tile that stands ahead of its leaves was not made here: LedgerRefused.
    """
    standing, stored = {row["level"]: row["standing"] for row in tx.rows(STANDING)}, 0
    size = log_size(tx)
    for level in range(TILE_LEVELS):
        full = size // WIDTH ** (level + 1)
        if standing[level] > full:
            raise LedgerRefused(reason="a tile stands ahead of its leaves", level=level, tiles=standing[level])
        for first in range(standing[level], full, BITE):
            stored += _store(tx, level, first, min(first + BITE, full))
    return stored


def _store(tx: Transaction, level: int, first: int, after: int) -> int:
    if level == 0:
        return tx.run(LEAF_TILES, first=first, after=after)
    stored = 0
    for n in range(first, after):
        below = Subtrees(tx, (n + 1) * WIDTH ** (level + 1))
        stored += tx.run(UPPER_TILE, level=level, n=n, hashes=below.tile(level, n))
    return stored


class Subtrees:
    """Roots of complete subtrees of the tree of `size`; a tile once read is remembered as long as this lives."""

    def __init__(self, tx: Transaction, size: int) -> None:
        """Stand on a transaction; the size is not checked against the sealed one here."""
        self.tx = tx
        self.size = size
        self._tiles: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Return the root over 2**level leaves from index * 2**level on; NotInTheTree beyond the size."""
        if min(level, index) < 0 or (index + 1) << level > self.size:
            raise NotInTheTree(level=level, index=index, size=self.size)
        tile_level, height = divmod(level, TILE_LEVELS)
        n, first = divmod(index << height, WIDTH)
        hashes = self.tile(tile_level, n)
        return tree.complete_root(hashes[first * tree.HASH : (first + (1 << height)) * tree.HASH])

    def tile(self, level: int, n: int) -> bytes:
        """Return the hashes of a tile, as many as the size gives it."""
        if (level, n) not in self._tiles:
            self._fetch({level: {n}})
        return self._tiles[level, n]

    def foresee(self, spans: Iterable[tree.Span]) -> None:
        """Read together the tiles that the roots of these spans of leaves will need."""
        wanted: dict[int, set[int]] = {}
        for start, end in spans:
            for level, index in tree.subtrees(start, end):
                tile_level, height = divmod(level, TILE_LEVELS)
                wanted.setdefault(tile_level, set()).add((index << height) // WIDTH)
        self._fetch(wanted)

    def _fetch(self, wanted: dict[int, set[int]]) -> None:
        """Read from the top level down, one query each; what is not kept there is asked of the level below."""
        missing: dict[int, set[int]] = {}
        for level in range(max(wanted, default=-1), -1, -1):
            numbers = {n for n in wanted.get(level, ()) if (level, n) not in self._tiles}
            missing[level] = numbers - self._kept(level, numbers)
            for n in missing[level] if level else ():
                wanted.setdefault(level - 1, set()).update(range(n * WIDTH, n * WIDTH + self._count(level, n)))
        self._from_leaves(missing.pop(0, set()))
        for level in sorted(missing):
            for n in missing[level]:
                below = range(n * WIDTH, n * WIDTH + self._count(level, n))
                self._tiles[level, n] = b"".join(_root_of_tile(self._tiles[level - 1, each]) for each in below)

    def _kept(self, level: int, numbers: set[int]) -> set[int]:
        """Remember which of these tiles are kept, as far as the size reaches; partial ones are not asked for."""
        full = [n for n in numbers if self._count(level, n) == WIDTH]
        rows = self.tx.rows(TILES, level=level, numbers=full) if full else ()
        self._tiles |= {(level, row["n"]): row["hashes"] for row in rows}
        return {row["n"] for row in rows}

    def _from_leaves(self, numbers: set[int]) -> None:
        if not numbers:
            return
        rows = self.tx.rows(LEAVES, first=min(numbers), after=max(numbers) + 1, size=self.size)
        found = {row["n"]: row["hashes"] for row in rows}
        for n in numbers:
            if len(found.get(n, b"")) != self._count(0, n) * tree.HASH:
                raise LedgerRefused(reason="leaves are missing", tile=n, size=self.size)
            self._tiles[0, n] = found[n]

    def _count(self, level: int, n: int) -> int:
        return max(0, min(WIDTH, (self.size >> TILE_LEVELS * level) - n * WIDTH))


def subtree_reader(tx: Transaction, size: int) -> Callable[[int, int], bytes]:
    """Return `read(level, index)` over the tree of `size`, at most the sealed one (NotInTheTree)."""
    return _subtrees(tx, size)


def root_at(tx: Transaction, size: int) -> bytes:
    """Return the root over the first `size` sealed events; NotInTheTree beyond the sealed ones."""
    read = _subtrees(tx, size)
    read.foresee([(0, size)])
    return tree.span_root(0, size, read)


def inclusion_at(tx: Transaction, index: int, size: int) -> list[bytes]:
    """Return the proof that the event at `index` is among the first `size`; NotInTheTree."""
    read = _subtrees(tx, size)
    read.foresee(tree.inclusion_spans(index, size))
    return tree.inclusion_proof(index, size, read)


def consistency_between(tx: Transaction, old: int, new: int) -> list[bytes]:
    """Return the proof that the first `new` events begin with the first `old`; NotInTheTree."""
    read = _subtrees(tx, new)
    read.foresee(tree.consistency_spans(old, new))
    return tree.consistency_proof(old, new, read)


def index_of(tx: Transaction, stream: UUID, version: int) -> int | None:
    """Return an event's place in the sealed order, None while it has none; not for the sealer, who reads no events."""
    index: int | None = tx.scalar(PLACE, stream=stream, version=version)
    return index


def keep_checkpoint(tx: Transaction, size: int, root: bytes, note: str) -> None:
    """Keep a signed note, as the sealer's role; the first note of a size stays, and another root is LedgerRefused."""
    if not tx.run(KEEP, size=size, root=root, note=note) and tx.scalar(KEPT_ROOT, size=size) != root:
        raise LedgerRefused(reason="another root was signed for this size", size=size)


def last_checkpoint(tx: Transaction) -> KeptCheckpoint | None:
    """Return the kept note of the largest size."""
    row = tx.row(LAST)
    return KeptCheckpoint(**row) if row else None


def checkpoints(tx: Transaction, after: int = -1) -> Sequence[KeptCheckpoint]:
    """Return the kept notes of sizes beyond `after`, the smallest first."""
    return [KeptCheckpoint(**row) for row in tx.rows(KEPT, after=after)]


def kept_times(tx: Transaction, up_to: int) -> dict[int, datetime]:
    """Return when (real time, UTC) the note of each size up to one was kept."""
    return {row["size"]: row["created_at"] for row in tx.rows(KEPT_TIMES, size=up_to)}


def kept_texts(tx: Transaction, sizes: Collection[int]) -> dict[int, str]:
    """Return the kept notes of these sizes, the smallest first."""
    return {row["size"]: row["note"] for row in tx.rows(KEPT_TEXTS, sizes=sorted(sizes))}


def _subtrees(tx: Transaction, size: int) -> Subtrees:
    if not 0 <= size <= log_size(tx):
        raise NotInTheTree(size=size)
    return Subtrees(tx, size)


@lru_cache(maxsize=512)
def _root_of_tile(hashes: bytes) -> bytes:
    return tree.complete_root(hashes)
