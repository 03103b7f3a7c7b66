"""The questions that pages and workers ask of tables, each a function named by its question."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.errors import NotFound
from workflows.events import Recorded
from workflows.folds.replay import Table, from_json
from workflows.store.documents import document_row
from workflows.store.folding import code_version
from workflows.store.scopes import VISIBLE, scope_values, visible_to
from workflows.store.snapshots import table_now
from workflows.store.standing import read_state
from workflows.store.streams import history_of
from workflows.store.transaction import Transaction
from workflows.store.waiting import posts_asked, waiting, waiting_count
from workflows.vocabulary import Actor

ORDERS = {
    "changed": "t.changed_at DESC, t.table_id",
    "due": "t.due_at NULLS LAST, t.table_id",
    "title": "t.title_key, t.table_id",
    "amount": "t.amount_wan DESC NULLS LAST, t.table_id",
}


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; None leaves a field open.

    Amounts in 万元; `words` is sought in the title; `node` is an active desk;
    `asking`: a request waits for its second person; `revision`: the table carries a revision of another.
    A department or unit stands also for those that went into it.
    """

    year: int | None = None
    stage: str | None = None
    bureau: str | None = None
    department: str | None = None
    unit: str | None = None
    owner: str | None = None
    family: str | None = None
    scope: str | None = None
    colour: str | None = None
    grade: str | None = None
    document: UUID | None = None
    returned: bool | None = None
    overdue: bool | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    words: str | None = None
    node: str | None = None
    asking: bool | None = None
    revision: bool | None = None


REVISES = "CASE WHEN t.state ->> 'origin' = 'revision' THEN t.state ->> 'source' END AS revises"
"""Which table a row of a list revises; nothing for every other."""
REVISIONS = "SELECT r.table_id FROM desk.table_standing r WHERE r.state ->> 'origin' = 'revision'"
CONDITIONS = {
    "department": "t.department = ANY(desk.organ_line(:department))",
    "unit": "t.unit = ANY(desk.organ_line(:unit))",
    "revision": f"(t.table_id IN ({REVISIONS})) = :revision",
    "asking": "(t.asked IS NOT NULL) = :asking",
    "node": "EXISTS (SELECT FROM desk.task k WHERE k.table_id = t.table_id AND split_part(k.node, ':', 1) = :node)",
    "least": "t.amount_wan >= :least",
    "most": "t.amount_wan <= :most",
    "words": "(position(lower(:words) in lower(t.title)) > 0 OR position(lower(:words) in t.title_key) > 0)",
}


def chosen_by(filters: Filters) -> dict[str, object]:
    """Return the fields that a list is narrowed to."""
    values = {field.name: getattr(filters, field.name) for field in fields(filters)}
    return {name: value for name, value in values.items() if value is not None}


def where(actor: Actor, chosen: dict[str, object]) -> str:
    """Return the condition on `desk.table_standing t`: what the person may read and the filters leave."""
    return " AND ".join([visible_to(actor), *filtered(chosen)])


def filtered(chosen: dict[str, object]) -> list[str]:
    """Return the conditions on `desk.table_standing t` that the filters make."""
    return [CONDITIONS.get(name, f"t.{name} = :{name}") for name in sorted(chosen)]


def tables_waiting_for(tx: Transaction, actor: Actor, *, limit: int = 50, offset: int = 0) -> Sequence[RowMapping]:
    """Return the open tasks that wait for the person, most urgent first, with the standing of their tables.

    They wait at posts held or covered now; `behalf` names whom one would act for, `not_yet` that others sign first.
    """
    return tx.rows(waiting(actor), **posts_asked(actor), limit=limit, offset=offset)


def count_waiting_for(tx: Transaction, actor: Actor) -> tuple[int, int]:
    """Return how many tasks wait for the person, and how many of them are overdue."""
    (row,) = tx.rows(waiting_count(actor), **posts_asked(actor))
    return row["waiting"], row["overdue"]


def tables_visible_to(
    tx: Transaction, actor: Actor, filters: Filters | None = None, *, order: str = "changed", limit: int = 50,
    offset: int = 0,
) -> Sequence[RowMapping]:  # fmt: skip
    """Return the standings that the person may read and the filters leave; KeyError for an unknown order."""
    chosen = chosen_by(filters or Filters())
    sql = f"""
SELECT t.*, {REVISES} FROM desk.table_standing t WHERE {where(actor, chosen)} ORDER BY {ORDERS[order]}
LIMIT :limit OFFSET :offset"""  # noqa: S608 - names of this file
    return tx.rows(sql, **scope_values(actor), **chosen, limit=limit, offset=offset)


def count_visible_to(tx: Transaction, actor: Actor, filters: Filters | None = None) -> int:
    """Return how many standings the filters leave."""
    chosen = chosen_by(filters or Filters())
    sql = f"SELECT count(*) FROM desk.table_standing t WHERE {where(actor, chosen)}"  # noqa: S608 - names of this file
    return int(tx.scalar(sql, **scope_values(actor), **chosen))


def standing_seen_by(tx: Transaction, actor: Actor, table_id: UUID) -> RowMapping:
    """Return the standing of a table; NotFound where it does not exist or the person may not read it."""
    sql = f"SELECT t.* FROM desk.table_standing t WHERE t.table_id = :table AND {VISIBLE}"  # noqa: S608 - names of this file
    row = tx.row(sql, table=table_id, **scope_values(actor))
    if row is None:
        raise NotFound(table=str(table_id))
    return row


def refuse_unseen(tx: Transaction, actor: Actor, table_id: UUID) -> None:
    """Raise NotFound where a table does not exist or the person may not read it."""
    sql = f"SELECT 1 FROM desk.table_standing t WHERE t.table_id = :table AND {VISIBLE}"  # noqa: S608 - names of this file
    if tx.row(sql, table=table_id, **scope_values(actor)) is None:
        raise NotFound(table=str(table_id))


def table_seen_by(tx: Transaction, actor: Actor, table_id: UUID) -> Table:
    """Return the table as it stands; NotFound where the person may not read it."""
    return table_in(tx, standing_seen_by(tx, actor, table_id))


def table_in(tx: Transaction, row: RowMapping) -> Table:
    """Return the table that a whole row of table_standing is about: from the row, or from the log.

    A row that other code than today's made may lack fields or mean something else by them; it is not believed.
    """
    return from_json(read_state(row["state"])) if row["code"] == code_version() else table_now(tx, row["table_id"])


def history_of_table(tx: Transaction, actor: Actor, table_id: UUID) -> tuple[Recorded, ...]:
    """Return a table's events, oldest first; NotFound where the person may not read it."""
    refuse_unseen(tx, actor, table_id)
    return history_of(tx, table_id)


def documents_visible_to(tx: Transaction, actor: Actor, *, limit: int = 50, offset: int = 0) -> Sequence[RowMapping]:
    """Return the filing documents of which the person may read a table, newest first."""
    sql = f"""
SELECT d.*, count(t.table_id) AS visible FROM desk.document d JOIN desk.table_standing t ON t.document = d.document_id
WHERE {visible_to(actor)} GROUP BY d.document_id ORDER BY d.filed_at DESC, d.document_id LIMIT :limit OFFSET :offset"""  # noqa: S608 - names of this file
    return tx.rows(sql, **scope_values(actor), limit=limit, offset=offset)


def document_seen_by(tx: Transaction, actor: Actor, document_id: UUID) -> RowMapping:
    """Return a document; NotFound unless the person may read one of its tables."""
    if not tables_visible_to(tx, actor, Filters(document=document_id), limit=1):
        raise NotFound(document=str(document_id))
    return document_row(tx, document_id)


def all_standings(tx: Transaction) -> Sequence[RowMapping]:
    """Return every table's standing, for the dated snapshot and the system's own counts."""
    return tx.rows("SELECT * FROM desk.table_standing ORDER BY year, department, unit, document, ordinal, table_id")
