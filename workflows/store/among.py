"""Which of some tables a person may read: a list behind a number never shows more than the list of tables would."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.store.queries import ORDERS
from workflows.store.scopes import scope_values, visible_to
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

READ = ("table_id", "title", "unit", "department", "year", "stage", "colour", "total", "grade", "disclosure")


def tables_among(
    tx: Transaction, actor: Actor, tables: Sequence[UUID], *, order: str = "title", limit: int = 500
) -> Sequence[RowMapping]:  # fmt: skip
    """Return the standings of those among these tables that the person may read."""
    sql = f"""
SELECT {", ".join(f"t.{name}" for name in READ)} FROM desk.table_standing t
WHERE t.table_id = ANY(:among) AND {visible_to(actor)} ORDER BY {ORDERS[order]} LIMIT :limit"""  # noqa: S608 - names of this house
    return tx.rows(sql, **scope_values(actor), among=list(tables), limit=limit)
