"""Which events belong into a partial bundle: the streams of the tables, and of what their events name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from workflows.errors import NotFound
from workflows.ledger.bundle import Scope
from workflows.organs import ORGANS_STREAM
from workflows.store.transaction import Transaction

SEALED = "FROM log.event e JOIN log.leaf l USING (event_id) WHERE l.log_index < :size"
SAID = "convert_from(e.body, 'UTF8')::jsonb -> 'data'"
IS_TABLE = f"SELECT e.stream_id {SEALED} AND e.stream_id = :table AND e.version = 1 AND e.subject = 'table'"
OF_YEAR = f"""
SELECT e.stream_id {SEALED} AND e.version = 1 AND e.subject = 'table' AND ({SAID} ->> 'year')::bigint = :year
ORDER BY e.stream_id"""
NAMED = f"""
SELECT DISTINCT said ->> 'document' AS document, said ->> 'reply' AS reply, said ->> 'sampling' AS sampling,
  said ->> 'batch' AS batch,
  said ->> 'definition_hash' AS definition, said ->> 'pack_hash' AS pack
FROM (SELECT {SAID} AS said {SEALED} AND e.stream_id = ANY(:tables)
    AND e.kind IN ('table.imported', 'table.created', 'table.replied', 'table.passed_on', 'selfeval.drawn',
      'execution.recorded'))
  AS told"""  # noqa: S608 - names of this file
COUNTED_BY = f"""
SELECT DISTINCT {SAID} ->> 'calendar' AS calendar {SEALED} AND e.stream_id = ANY(:tables)
  AND e.kind IN ('node.entered', 'node.shared', 'task.signer_added', 'task.due_set', 'amendment.proposed',
    'document.due_set')"""
PUBLISHED = f"""
SELECT DISTINCT e.stream_id {SEALED} AND e.subject IN ('definition', 'rule_pack', 'calendar')
  AND {SAID} ->> 'content_hash' = ANY(:hashes)"""
GRANTED = f"""
SELECT DISTINCT p.stream_id FROM log.event p
WHERE p.subject = 'person' AND convert_from(p.body, 'UTF8')::jsonb -> 'data' ->> 'person' IN (
  SELECT e.actor_id {SEALED} AND e.stream_id = ANY(:streams)
  UNION SELECT convert_from(e.body, 'UTF8')::jsonb #>> '{{actor,on_behalf_of,id}}' {SEALED}
    AND e.stream_id = ANY(:streams) AND position('"on_behalf_of":{{' IN convert_from(e.body, 'UTF8')) > 0)"""  # noqa: S608 - names of this file
WAIVED = f"""
SELECT DISTINCT w.stream_id FROM log.event w
WHERE w.subject = 'waiver' AND convert_from(w.body, 'UTF8')::jsonb -> 'data' ->> 'unit' IN (
  SELECT {SAID} ->> 'unit' {SEALED} AND e.stream_id = ANY(:tables) AND e.version = 1)"""  # noqa: S608 - names of this file
ASKED = f"""
SELECT DISTINCT c.stream_id FROM log.event c JOIN log.leaf l USING (event_id)
JOIN (SELECT DISTINCT {SAID} ->> 'bureau' AS bureau, {SAID} ->> 'year' AS year
  {SEALED} AND e.stream_id = ANY(:tables) AND e.version = 1) AS t
  ON convert_from(c.body, 'UTF8')::jsonb #>> '{{data,bureau}}' = t.bureau
  AND convert_from(c.body, 'UTF8')::jsonb #>> '{{data,year}}' = t.year
WHERE l.log_index < :size AND c.subject = 'campaign' AND c.kind = 'campaign.opened'"""  # noqa: S608 - names of this file
"""The campaigns that asked for tables of these years."""
FAMILY = f"""
WITH first AS (SELECT DISTINCT CASE {SAID} ->> 'origin' WHEN 'revision' THEN ({SAID} ->> 'source')::uuid
    ELSE e.stream_id END AS stream_id
  {SEALED} AND e.stream_id = ANY(:tables) AND e.version = 1)
SELECT stream_id FROM first
UNION SELECT ({SAID} ->> 'revision')::uuid {SEALED} AND e.stream_id IN (SELECT stream_id FROM first)
  AND e.kind = 'revision.opened' ORDER BY stream_id"""  # noqa: S608 - names of this file
"""A table, the one that it revises, and all revisions of that: only together do they show what was in force."""
INDEXES = f"SELECT l.log_index {SEALED} AND e.stream_id = ANY(:streams) ORDER BY l.log_index"
INDEX = f"SELECT l.log_index {SEALED} AND e.stream_id = :stream AND e.version = :version"


@dataclass(frozen=True)
class Selection:
    """The events of a bundle by their log indexes, and its tables; None means all of them."""

    indexes: Sequence[int]
    tables: Sequence[UUID] | None


def selection_of(tx: Transaction, scope: Scope, size: int) -> Selection:
    """Return what a bundle of this scope holds of the first `size` sealed events; NotFound where that is nothing."""
    if scope.whole:
        return Selection(range(size), None)
    if scope.kind == "event":
        index = tx.scalar(INDEX, size=size, stream=scope.stream, version=scope.version)
        if index is None:
            raise NotFound(stream=str(scope.stream), version=scope.version)
        return Selection((index,), ())
    tables = [row["stream_id"] for row in tx.rows(FAMILY, size=size, tables=_tables_of(tx, scope, size))]
    streams = _streams_of(tx, tables, size)
    return Selection([row["log_index"] for row in tx.rows(INDEXES, size=size, streams=streams)], tables)


def _tables_of(tx: Transaction, scope: Scope, size: int) -> list[UUID]:
    year = scope.kind == "year"
    rows = tx.rows(OF_YEAR, size=size, year=scope.year) if year else tx.rows(IS_TABLE, size=size, table=scope.table)
    if not rows:
        raise NotFound(f"台账中没有{scope.year}年度的绩效目标表。" if year else "台账中没有这张绩效目标表。")
    return [row["stream_id"] for row in rows]


def _streams_of(tx: Transaction, tables: Sequence[UUID], size: int) -> list[UUID]:
    """Tables; documents, replies, draws, files, definitions, packs, calendars they name; campaigns; waivers; who acted.

    Reorganisations go along: they say whose post counts at whose desks.

    Of the people the grants and covers go along, and of those who gave them, and so on up.
    """
    named = tx.rows(NAMED, size=size, tables=list(tables))
    others = {UUID(row[name]) for row in named for name in ("document", "reply", "sampling", "batch") if row[name]}
    pinned = {row[name] for row in named for name in ("definition", "pack") if row[name]}
    pinned |= {row["calendar"] for row in tx.rows(COUNTED_BY, size=size, tables=[*tables, *others]) if row["calendar"]}
    published = tx.rows(PUBLISHED, size=size, hashes=sorted(pinned))
    waived = tx.rows(WAIVED, size=size, tables=list(tables))
    asked = tx.rows(ASKED, size=size, tables=list(tables))
    chosen, newest = set[UUID](), {
        *tables, *others, ORGANS_STREAM, *(row["stream_id"] for row in (*published, *asked, *waived)),
    }  # fmt: skip
    while newest:
        chosen |= newest
        newest = {row["stream_id"] for row in tx.rows(GRANTED, size=size, streams=sorted(newest))} - chosen
    return sorted(chosen)
