"""Which tables in force a file of executed amounts may be about, and which files came in before."""

from typing import Any

from workflows.measures.execution_matching import Known
from workflows.store.scopes import scope_values, visible_to
from workflows.store.streams import contents_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

OF = {"unit_finance": "unit", "department_finance": "department"}
"""Whose tables a post's files are about; the bureau's for all others."""
KNOWN = """
SELECT t.table_id, t.title, t.unit, t.in_force, o.code, o.name
FROM desk.table_standing t LEFT JOIN desk.organ o ON o.id = t.unit
WHERE t.year = :year AND t.stage IN ('monitoring', 'self_evaluation') AND t.in_force IS NOT NULL"""
BATCHES = """
SELECT x ->> 'batch' AS batch, x ->> 'date' AS date, min(x ->> 'at') AS at, min(x ->> 'by') AS by, count(*) AS tables
FROM desk.table_standing t, jsonb_array_elements(t.state -> 'executions') AS x WHERE t.year = :year AND """


def known_tables(tx: Transaction, role: str, organ: str, year: int) -> list[Known]:
    """Return the tables of a year in force that a post's file may be about."""
    sql = f"{KNOWN} AND t.{OF.get(role, 'bureau')} = :organ ORDER BY t.table_id"
    rows = tx.rows(sql, year=year, organ=organ)
    contents = contents_of(tx, {row["in_force"] for row in rows})
    return [_known(row, contents.get(row["in_force"], {})) for row in rows]


def _known(row: Any, content: Any) -> Known:
    units = tuple({each for each in (row["unit"], row["code"], row["name"], content.get("unit_code")) if each})
    return Known(
        row["table_id"], row["title"], str(content.get("project_code") or ""), units, row["unit"],
        str(content.get("amount_unit") or "万元"),
    )  # fmt: skip


def batches_seen_by(tx: Transaction, actor: Actor, year: int) -> list[dict[str, Any]]:
    """Return the files that came in for tables that the person may read: batch, date, when, by whom, how many."""
    sql = f"{BATCHES} {visible_to(actor)} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 100"
    return [dict(row) for row in tx.rows(sql, year=year, **scope_values(actor))]
