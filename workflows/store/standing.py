"""The cached standing of a table and its open tasks: written with each append, rebuildable from the log."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from pypinyin import lazy_pinyin

from workflows.content.goal_table import amount_in_wan
from workflows.folds.replay import Desk, Table
from workflows.state.standing import spoken
from workflows.store.folding import code_version
from workflows.store.recording import Staged, write
from workflows.store.streams import content_of
from workflows.store.transaction import Transaction

COLUMNS = (
    "table_id", "version", "head", "document", "ordinal", "bureau", "department", "unit", "owner", "year", "title",
    "title_key", "family", "scope", "amount_wan", "stage", "round", "returned", "asked", "doc_no", "content_hash",
    "in_force", "disclosure", "colour", "total", "grade", "due_at", "provisional", "overdue", "created_at",
    "changed_at", "state", "code",
)  # fmt: skip
TASK_COLUMNS = (
    "table_id", "task", "node", "stage", "round", "role", "organ", "person", "level", "entered_at", "due_at",
    "provisional", "overdue", "claimed_by", "delegated_to", "waits_for",
)  # fmt: skip
LISTS = frozenset({
    "experts", "desks", "votes", "deciders", "windows", "attachments", "threads", "inquiries", "copies", "rescores",
    "rectifications", "reviews", "amended", "versions", "executions",
    "assessments", "recommendations", "components", "pauses",
})  # fmt: skip
PARTS = frozenset({
    "appraisal", "request", "evaluation", "returned", "answered", "suspended", "drawn", "amendment",
    "secrecy", "replied",
})  # fmt: skip
TITLE_KEY_LENGTH = 200


def project_table(tx: Transaction, table: Table, *, created_at: datetime) -> None:
    """Write the standing and the open tasks of a table. `created_at` counts only the first time."""
    staged = Staged()
    stage_newcomer(staged, table, content_of(tx, table.content_hash) if table.content_hash else {}, created_at)
    write(tx, staged)


def stage_newcomer(staged: Staged, table: Table, content: Mapping[str, Any], created_at: datetime) -> None:
    """Stage the whole standing and all open tasks of a table, whether or not it was listed before."""
    staged.add("newcomers", _as_staged(standing_row(table, content, created_at)))
    staged.add("entered", *task_rows(table.id, table.desks))


def stage_change(staged: Staged, before: Table, after: Table, content: Mapping[str, Any]) -> None:
    """Stage what changed of a table that is listed as `before`; `content` is only looked at where its hash is new."""
    row = _as_staged(standing_row(after, content, None))
    if after.title == before.title:
        row["title_key"] = None
    staged.add("standings", row)
    left = [desk for desk in before.desks if desk not in after.desks]
    staged.add("left", *({"table_id": after.id, "task": desk.task} for desk in left))
    staged.add("entered", *task_rows(after.id, [desk for desk in after.desks if desk not in before.desks]))


def _as_staged(row: dict[str, object]) -> dict[str, object]:
    return row | {"state": orjson.Fragment(row["state"])}  # type: ignore[arg-type]


def standing_row(table: Table, content: Mapping[str, Any], created_at: datetime | None) -> dict[str, object]:
    """Return the row of table_standing; a pure function of the table, its content, its birth and the folding code."""
    named = ("ordinal", "bureau", "department", "unit", "owner", "year", "title", "family", "scope", "round", "doc_no",
             "content_hash", "in_force", "disclosure", "version")  # fmt: skip
    filed = [window for window in table.windows if window.colour]
    result = table.result
    return {name: getattr(table, name) for name in named} | {
        "table_id": table.id, "head": bytes.fromhex(table.head), "document": table.document or None,
        "title_key": title_key(table.title), "amount_wan": amount_in_wan(content), "stage": str(table.stage),
        "returned": table.returned_reason is not None, "asked": table.request.action if table.request else None,
        "colour": filed[-1].colour if filed else None,
        "total": Decimal(result.total) if result else None, "grade": result.grade if result else None,
        "due_at": min((desk.due_at for desk in table.desks if desk.due_at), default=None, key=datetime.fromisoformat),
        "provisional": any(desk.provisional for desk in table.desks),
        "overdue": any(desk.overdue for desk in table.desks),
        "created_at": created_at, "changed_at": datetime.fromisoformat(table.last_at),
        "state": state_of(table), "code": code_version(),
    }  # fmt: skip


def state_of(table: Table) -> str:
    """Return the canonical bytes of the table's state as text: canonical(to_json(table)), in a tenth of its time."""
    state = spoken(vars(table))
    for name in LISTS & state.keys():
        state[name] = [spoken(vars(each)) for each in state[name]]
    for name in PARTS & state.keys():
        state[name] = spoken(vars(state[name])) if state[name] else None
    state["authors"] = sorted(table.authors)
    return orjson.dumps(state, option=orjson.OPT_SORT_KEYS).decode()


def task_rows(table_id: UUID, desks: Iterable[Desk]) -> list[dict[str, object]]:
    """Return the rows of open tasks."""
    shared = ("task", "node", "round", "role", "organ", "person", "level", "entered_at", "due_at", "provisional",
              "overdue", "claimed_by", "delegated_to")  # fmt: skip
    return [
        {name: getattr(desk, name) for name in shared}
        | {"table_id": table_id, "stage": str(desk.stage), "waits_for": list(desk.waits_for)}
        for desk in desks
    ]


@lru_cache(maxsize=4_096)
def title_key(title: str) -> str:
    """Return what Chinese titles are sorted by: their pinyin (the database has no Chinese collation)."""
    return " ".join(lazy_pinyin(title))[:TITLE_KEY_LENGTH].lower()


def read_state(state: object) -> dict[str, Any]:
    """Return a state column as JSON values."""
    found: dict[str, Any] = orjson.loads(state) if isinstance(state, str | bytes) else state  # type: ignore[assignment]
    return found
