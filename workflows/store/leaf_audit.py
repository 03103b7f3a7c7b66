"""The root over the sealed leaves themselves, past the kept tiles: what a check asks that does not trust a cache."""

from workflows.errors import LedgerRefused
from workflows.ledger.tree import HASH, Frontier, complete_root
from workflows.store.transaction import Transaction

WIDTH = 256
BITE = 256
"""So many stretches of 256 leaves are read by one statement: 2 MB."""
LEAVES = """
SELECT string_agg(leaf_hash, ''::bytea ORDER BY log_index) AS hashes FROM log.leaf
WHERE log_index >= :first AND log_index < :after GROUP BY log_index / 256 ORDER BY log_index / 256"""


def root_of_leaves(tx: Transaction, size: int) -> bytes:
    """Return the root over the first `size` leaves; LedgerRefused where one of them is missing."""
    full, rest = Frontier(), Frontier()
    for first in range(0, size, WIDTH * BITE):
        rows = tx.rows(LEAVES, first=first, after=min(first + WIDTH * BITE, size))
        stretches = [bytes(row["hashes"]) for row in rows]
        if sum(map(len, stretches)) != (min(first + WIDTH * BITE, size) - first) * HASH:
            raise LedgerRefused(reason="leaves are missing", size=size)
        full.extend([complete_root(each) for each in stretches if len(each) == WIDTH * HASH])
        last = stretches[-1] if len(stretches[-1]) < WIDTH * HASH else b""
        rest.extend([last[at : at + HASH] for at in range(0, len(last), HASH)])
    return Frontier(size, (*full.hashes, *rest.hashes)).root()
