"""Which tables anybody has evaluated or recommended something about, within what a person may read."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from workflows.store.queries import Filters, chosen_by, where
from workflows.store.scopes import scope_values
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

TOLD = "((t.state -> 'assessments') IS NOT NULL OR (t.state -> 'recommendations') IS NOT NULL)"
"""The condition of the index `standing_with_assessment`."""


def assessed_tables(tx: Transaction, actor: Actor, year: int | None, *, limit: int) -> Sequence[RowMapping]:
    """Return the standings of evaluated tables of a year (None: all years), the last changed first."""
    chosen = chosen_by(Filters(year=year))
    sql = f"""
SELECT t.* FROM desk.table_standing t WHERE {TOLD} AND {where(actor, chosen)}
ORDER BY t.changed_at DESC, t.table_id LIMIT :limit"""  # noqa: S608 - names of this house
    return tx.rows(sql, **scope_values(actor), **chosen, limit=limit)
