"""Which tables may hold a task that nobody may take: a net cast wide by two questions; the domain looks at each."""

from datetime import datetime
from uuid import UUID

from workflows.store.transaction import Transaction

HOLDER = """
FROM desk.post p WHERE p.role = k.role AND p.organ = k.organ AND p.to_at IS NULL
  AND (k.person IS NULL OR p.person = k.person)"""
EXCLUDED = """
(t.state -> 'authors' @> to_jsonb(p.person)
 OR t.state -> 'deciders' @> jsonb_build_array(jsonb_build_object('person', p.person))
 OR t.state -> 'deciders' @> jsonb_build_array(jsonb_build_object('behalf', p.person))
 OR t.state -> 'windows' @> jsonb_build_array(jsonb_build_object('filed_by', p.person))
 OR coalesce(t.state #>> '{evaluation,filed_by}' = p.person, false)
 OR (k.person IS NULL AND EXISTS (
       SELECT FROM desk.task n WHERE n.table_id = k.table_id AND n.node = k.node AND n.person = p.person)))"""
TOLD = """
t.state -> 'desks' @> jsonb_build_array(jsonb_build_object('task', k.task, 'unassignable', true))"""
VACANT = f"""
SELECT DISTINCT k.table_id FROM desk.task k JOIN desk.table_standing t USING (table_id)
WHERE NOT EXISTS (SELECT {HOLDER}) AND NOT {TOLD} ORDER BY k.table_id LIMIT :limit"""  # noqa: S608 - names of this file
CHANGED = f"""
SELECT DISTINCT k.table_id FROM desk.task k JOIN desk.table_standing t USING (table_id)
WHERE (t.changed_at >= :since OR EXISTS (
         SELECT FROM desk.post q
         WHERE q.role = k.role AND q.organ = k.organ AND coalesce(q.to_at, q.from_at) >= :since))
  AND k.level <> 'filing' AND NOT EXISTS (SELECT {HOLDER} AND NOT {EXCLUDED}) AND NOT {TOLD}
ORDER BY k.table_id LIMIT :limit"""  # noqa: S608 - names of this file
"""Segregation can only have excluded somebody anew where the table changed, or who holds its posts."""


def perhaps_stranded(tx: Transaction, *, since: datetime, limit: int = 200) -> tuple[UUID, ...]:
    """Return tables with a task whose post nobody holds, or, of those changed since, whose holders all took part."""
    rows = (*tx.rows(VACANT, limit=limit), *tx.rows(CHANGED, since=since, limit=limit))
    return tuple(dict.fromkeys(row["table_id"] for row in rows))
