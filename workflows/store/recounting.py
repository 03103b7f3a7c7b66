"""Which open tables' clocks were not yet looked at under the calendar in force: each once for every version."""

from uuid import UUID

from workflows.store.transaction import Transaction

OPEN = """
FROM (SELECT DISTINCT table_id FROM desk.task WHERE due_at IS NOT NULL) k
JOIN desk.table_standing t USING (table_id)
WHERE NOT EXISTS (
  SELECT FROM desk.recounted r WHERE r.table_id = k.table_id AND r.calendar = :calendar AND (r.version = t.version
    OR NOT EXISTS (SELECT FROM jsonb_array_elements(t.state -> 'desks') d
                   WHERE d ->> 'due_at' IS NOT NULL AND coalesce(d ->> 'calendar', '') <> :calendar)))"""
"""A table that went on since and has a clock by an older calendar is looked at again."""
WAITING = f"SELECT k.table_id {OPEN} ORDER BY k.table_id LIMIT :limit"
LOOKED_AT = """
INSERT INTO desk.recounted (table_id, calendar, version) VALUES (:table, :calendar, :version)
ON CONFLICT (table_id) DO UPDATE SET calendar = excluded.calendar, version = excluded.version"""


def tables_to_recount(tx: Transaction, calendar: str, *, limit: int) -> tuple[UUID, ...]:
    """Return tables with open tasks whose clocks nobody looked at under this version of the calendar."""
    return tuple(row["table_id"] for row in tx.rows(WAITING, calendar=calendar, limit=limit))


def mark_recounted(tx: Transaction, table: UUID, version: int, calendar: str) -> None:
    """Remember that a table's clocks were looked at; its stream is locked, whoever comes later counts by this one."""
    tx.run(LOOKED_AT, table=table, version=version, calendar=calendar)
