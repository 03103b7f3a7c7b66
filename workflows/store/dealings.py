"""What a person dealt with: tables decided on, copies read, tables begun; each asked of the log itself (H1)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping

from workflows.events import CLOSES_ITS_TASK
from workflows.store.scopes import scope_values, visible_to
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

BEGUN, DONE, READ = "begun", "done", "read"
BEGINNINGS = frozenset({"table.created", "table.imported", "table.submitted"})
NOBODYS = frozenset({"task.superseded", "node.superseded"})
CONFIRMATIONS = frozenset({"confirmation.given", "confirmation.refused", "amendment.confirmed", "amendment.rejected"})
KINDS: Mapping[str, frozenset[str]] = {
    DONE: (CLOSES_ITS_TASK - BEGINNINGS - NOBODYS) | CONFIRMATIONS,
    READ: frozenset({"copy.read"}),
    BEGUN: BEGINNINGS,
}
"""Of which facts of his own a person's list is made."""
MINE = """
SELECT e.stream_id, max(e.at) AS dealt_at FROM log.event e
WHERE e.actor_id = :person AND e.subject = 'table' AND e.kind = ANY(:kinds) GROUP BY e.stream_id"""


def dealt_with(tx: Transaction, actor: Actor, which: str, *, limit: int, offset: int = 0) -> Sequence[RowMapping]:
    """Return the tables of one of the lists that the person may still see, the latest first."""
    sql = f"""
SELECT t.*, m.dealt_at FROM ({MINE}) m JOIN desk.table_standing t ON t.table_id = m.stream_id
WHERE {visible_to(actor)} ORDER BY m.dealt_at DESC, t.table_id LIMIT :limit OFFSET :offset"""  # noqa: S608 - names of this house
    return tx.rows(sql, kinds=sorted(KINDS[which]), limit=limit, offset=offset, **scope_values(actor))


def count_dealt_with(tx: Transaction, actor: Actor, which: str) -> int:
    """Return how many tables the list has."""
    sql = f"""
SELECT count(*) FROM ({MINE}) m JOIN desk.table_standing t ON t.table_id = m.stream_id
WHERE {visible_to(actor)}"""  # noqa: S608 - names of this house
    return int(tx.scalar(sql, kinds=sorted(KINDS[which]), **scope_values(actor)))
