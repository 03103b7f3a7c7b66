"""The cached standing of a table and its open tasks: written with each append, rebuildable from the log."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pypinyin import lazy_pinyin

from workflows.goal_table import amount_of
from workflows.ledger.canonical import canonical
from workflows.replay import Table, to_json
from workflows.store.streams import content_of
from workflows.store.transaction import Transaction

COLUMNS = (
    "table_id", "version", "head", "document", "ordinal", "bureau", "department", "unit", "owner", "year", "title",
    "title_key", "family", "scope", "amount_wan", "stage", "round", "returned", "asked", "doc_no", "content_hash",
    "in_force", "disclosure", "colour", "total", "grade", "due_at", "provisional", "overdue", "created_at",
    "changed_at", "state",
)  # fmt: skip
KEPT = ("table_id", "created_at")
UPSERT = f"""
INSERT INTO desk.table_standing ({", ".join(COLUMNS)}) VALUES ({", ".join(f":{name}" for name in COLUMNS)})
ON CONFLICT (table_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in KEPT)}"""  # noqa: S608 - names of this file
TASK_COLUMNS = (
    "table_id", "task", "node", "stage", "round", "role", "organ", "person", "level", "entered_at", "due_at",
    "provisional", "overdue",
)  # fmt: skip
PUT_TASK = f"""
INSERT INTO desk.task ({", ".join(TASK_COLUMNS)}) VALUES ({", ".join(f":{name}" for name in TASK_COLUMNS)})"""  # noqa: S608 - names of this file
YUAN_PER_WAN = Decimal(10_000)
TITLE_KEY_LENGTH = 200


def project_table(tx: Transaction, table: Table, *, created_at: datetime) -> None:
    """Write the standing and the open tasks of a table. `created_at` counts only the first time."""
    content = content_of(tx, table.content_hash) if table.content_hash else {}
    tx.run(UPSERT, **standing_row(table, content, created_at))
    tx.run("DELETE FROM desk.task WHERE table_id = :table", table=table.id)
    tx.run_each(PUT_TASK, task_rows(table))


def standing_row(table: Table, content: Mapping[str, Any], created_at: datetime) -> dict[str, object]:
    """Return the row of table_standing; a pure function of the table, its content and its birth."""
    named = ("ordinal", "bureau", "department", "unit", "owner", "year", "title", "family", "scope", "round", "doc_no",
             "content_hash", "in_force", "disclosure", "version")  # fmt: skip
    filed = [window for window in table.windows if window.colour]
    evaluation = table.evaluation
    return {name: getattr(table, name) for name in named} | {
        "table_id": table.id, "head": bytes.fromhex(table.head), "document": table.document or None,
        "title_key": title_key(table.title), "amount_wan": amount_wan(content), "stage": str(table.stage),
        "returned": table.returned_reason is not None, "asked": table.request.action if table.request else None,
        "colour": filed[-1].colour if filed else None,
        "total": Decimal(evaluation.total) if evaluation else None, "grade": evaluation.grade if evaluation else None,
        "due_at": min((desk.due_at for desk in table.desks if desk.due_at), default=None, key=datetime.fromisoformat),
        "provisional": any(desk.provisional for desk in table.desks),
        "overdue": any(desk.overdue for desk in table.desks),
        "created_at": created_at, "changed_at": datetime.fromisoformat(table.last_at),
        "state": canonical(to_json(table)).decode(),
    }  # fmt: skip


def task_rows(table: Table) -> list[dict[str, object]]:
    """Return the rows of the table's open tasks."""
    shared = ("task", "node", "round", "role", "organ", "person", "level", "entered_at", "due_at", "provisional",
              "overdue")  # fmt: skip
    return [
        {name: getattr(desk, name) for name in shared} | {"table_id": table.id, "stage": str(desk.stage)}
        for desk in table.desks
    ]


def amount_wan(content: Mapping[str, Any]) -> Decimal | None:
    """Return the budget's total in 万元 for lists and filters, None where it is unknown."""
    amount = amount_of((content.get("budget") or {}).get("total"))
    if amount is None or not amount.is_finite():
        return None
    return amount / YUAN_PER_WAN if content.get("amount_unit") == "元" else amount


def title_key(title: str) -> str:
    """Return what Chinese titles are sorted by: their pinyin (the database has no Chinese collation)."""
    return " ".join(lazy_pinyin(title))[:TITLE_KEY_LENGTH].lower()


def read_state(state: object) -> dict[str, Any]:
    """Return a state column as JSON values."""
    found: dict[str, Any] = json.loads(state) if isinstance(state, str) else state  # type: ignore[assignment]
    return found
