"""Which chain definitions and rule packs tables are pinned to, and how many tables run on each."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from workflows.store.transaction import Transaction
from workflows.vocabulary import ENDED

USED = """
SELECT t.state ->> 'definition' AS name, t.state ->> 'definition_hash' AS hash, count(*) AS tables,
  count(*) FILTER (WHERE NOT t.stage = ANY(:ended)) AS running
FROM desk.table_standing t GROUP BY 1, 2 ORDER BY 1, 2"""
PACKS_USED = """
SELECT t.state ->> 'pack_hash' AS hash, count(*) AS tables, count(*) FILTER (WHERE NOT t.stage = ANY(:ended)) AS running
FROM desk.table_standing t GROUP BY 1"""


def definitions_used(tx: Transaction) -> Sequence[RowMapping]:
    """Return name and hash of every definition that a table is pinned to, with all its tables and those not ended."""
    return tx.rows(USED, ended=sorted(map(str, ENDED)))


def packs_used(tx: Transaction) -> dict[str, tuple[int, int]]:
    """Return how many tables are pinned to each rule pack, by its hash, and how many of them have not ended."""
    rows = tx.rows(PACKS_USED, ended=sorted(map(str, ENDED)))
    return {row["hash"]: (row["tables"], row["running"]) for row in rows}
