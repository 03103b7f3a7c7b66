"""Leafing through the list of tables by its own order, from a row that was seen: no page costs more than the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.store.queries import REVISES, Filters, chosen_by, where
from workflows.store.scopes import scope_values
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

LISTED = """
t.table_id, t.title, t.title_key, t.year, t.unit, t.department, t.scope, t.doc_no, t.amount_wan, t.stage, t.returned,
t.colour, t.grade, t.total, t.due_at, t.overdue, t.provisional, t.changed_at,
(SELECT count(*) FROM jsonb_array_elements(t.state -> 'threads') AS thread
 WHERE NOT (thread ->> 'resolved')::boolean AND thread ->> 'answered_by' = '') AS comments,
t.state -> 'pauses' -> -1 ->> 'until' = '' AS paused,
(SELECT form ->> 'grade' FROM jsonb_array_elements(t.state -> 'reviews') WITH ORDINALITY AS forms (form, place)
 WHERE form ->> 'void' IS NULL ORDER BY place DESC LIMIT 1) AS reviewed,
""" + REVISES  # noqa: S608 - names of the store
"""What a list prints; the whole state of a table is many times as long.

`comments`: those that wait for an answer; `reviewed`: the grade of the last review form that still counts;
`paused`: the bureau has stopped the project; `revises`: the table that this one revises, nothing for no revision.
"""
ENOUGH = 1_000
Key = datetime | Decimal | str | None


@dataclass(frozen=True)
class Order:
    """By what a list is ordered; rows of one key by ID, rows without a key last."""

    column: str
    type: str
    down: bool = False
    may_lack: bool = False


ORDERS = {
    "changed": Order("t.changed_at", "timestamptz", down=True),
    "due": Order("t.due_at", "timestamptz", may_lack=True),
    "title": Order("t.title_key", "text"),
    "amount": Order("t.amount_wan", "numeric", down=True, may_lack=True),
}


@dataclass(frozen=True)
class Cut:
    """Where a list is cut: at a row, of which the key in the list's order and the ID are known."""

    key: Key
    table_id: UUID


def rows_from_start(
    tx: Transaction, actor: Actor, filters: Filters, order: str, *, limit: int, offset: int = 0
) -> Sequence[RowMapping]:  # fmt: skip
    """Return the first rows that the person may read and the filters leave; KeyError for an unknown order."""
    return _rows(tx, actor, filters, ORDERS[order], limit=limit, offset=offset)


def rows_after(
    tx: Transaction, actor: Actor, filters: Filters, order: str, cut: Cut, *, limit: int
) -> Sequence[RowMapping]:  # fmt: skip
    """Return the rows that follow a cut."""
    return _rows(tx, actor, filters, ORDERS[order], cut, limit=limit)


def rows_before(
    tx: Transaction, actor: Actor, filters: Filters, order: str, cut: Cut | None, *, limit: int
) -> Sequence[RowMapping]:  # fmt: skip
    """Return the rows that lie right before a cut, in the list's order; before the end without one."""
    return _rows(tx, actor, filters, ORDERS[order], cut, limit=limit, back=True)[::-1]


def count_up_to(tx: Transaction, actor: Actor, filters: Filters, most: int = ENOUGH) -> int:
    """Return how many rows the filters leave; where there are more than `most`, `most + 1`."""
    chosen = chosen_by(filters)
    sql = f"""
SELECT count(*) FROM (SELECT FROM desk.table_standing t WHERE {where(actor, chosen)} LIMIT :enough) AS found"""  # noqa: S608 - names of the store
    return int(tx.scalar(sql, **scope_values(actor), **chosen, enough=most + 1))


def _rows(
    tx: Transaction, actor: Actor, filters: Filters, order: Order, cut: Cut | None = None, *, limit: int,
    offset: int = 0, back: bool = False,
) -> Sequence[RowMapping]:  # fmt: skip
    chosen = chosen_by(filters)
    conditions = where(actor, chosen) + (f" AND {beyond(order, cut, back=back)}" if cut else "")
    sql = f"""
SELECT {LISTED} FROM desk.table_standing t WHERE {conditions} {sorting(order, back=back)}
LIMIT :limit OFFSET :offset"""  # noqa: S608 - names of the store
    at = {"cut_key": cut.key, "cut_id": cut.table_id} if cut else {}
    return tx.rows(sql, **scope_values(actor), **chosen, **at, limit=limit, offset=offset)


def sorting(order: Order, *, back: bool = False) -> str:
    """Return the ORDER BY of a list, read forwards or back."""
    nulls = (" NULLS FIRST" if back else " NULLS LAST") if order.may_lack else ""
    key = f"{order.column}{' DESC' if order.down != back else ''}{nulls}"
    return f"ORDER BY {key}, t.table_id{' DESC' if back else ''}"


def beyond(order: Order, cut: Cut, *, back: bool = False) -> str:
    """Return the condition on the rows beyond a cut, of which the first part alone is one range of an index."""
    by_id = f"t.table_id {'<' if back else '>'} CAST(:cut_id AS uuid)"
    if cut.key is None:
        without = f"({order.column} IS NULL AND {by_id})"
        return f"({order.column} IS NOT NULL OR {without})" if back else without
    key, sign = f"CAST(:cut_key AS {order.type})", "<" if order.down != back else ">"
    range_ = f"({order.column} {sign}= {key} AND ({order.column} {sign} {key} OR {by_id}))"
    return f"({range_} OR {order.column} IS NULL)" if order.may_lack and not back else range_
