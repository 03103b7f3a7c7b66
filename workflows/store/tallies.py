"""Tallies beside the log: as kept where the table has not changed since, counted anew from its history where it has.

A kept tally is believed only at the head and by the code that made it; the worker keeps them, a page counts what few
are missing. For a moment of the past every table is replayed up to then.
"""

import inspect
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from itertools import groupby
from uuid import UUID

import orjson

from workflows.calendars import work_time
from workflows.content import quantities, targets
from workflows.errors import FieldsInvalid
from workflows.handling import efficiency, visits
from workflows.handling.efficiency import packed
from workflows.handling.visits import visits_in
from workflows.measures import row_points, tallies, tallying, target_moves
from workflows.measures.tallies import Tally
from workflows.measures.tallying import tally_of
from workflows.store.calendars_then import calendars_then
from workflows.store.event_rows import recorded_from
from workflows.store.folding import code_version
from workflows.store.queries import Filters, chosen_by, filtered
from workflows.store.scopes import counted_for, scope_values
from workflows.store.streams import content_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import SYSTEM, Actor

AT_ONCE = 300
"""Tables that a page counts anew at most; the rest is shown as it was when it was kept last, and said so."""
MOST_THEN = 3_000
"""Tables that a page replays up to a moment of the past."""
EVENTS = """
SELECT e.stream_id, e.body, e.leaf_hash FROM log.event e
WHERE e.stream_id = ANY(:tables) AND (CAST(:until AS timestamptz) IS NULL OR e.at <= :until)
ORDER BY e.stream_id, e.version"""
BEHIND = """
SELECT t.table_id FROM desk.table_standing t LEFT JOIN desk.tally k USING (table_id)
WHERE k.table_id IS NULL OR k.code <> :code OR k.head <> t.head ORDER BY t.table_id LIMIT :limit"""
PUT = """
INSERT INTO desk.tally AS k (table_id, version, head, code, body, visits)
SELECT t.table_id, t.version, t.head, :code, :body, :visits FROM desk.table_standing t
WHERE t.table_id = :table AND t.head = :head
ON CONFLICT (table_id) DO UPDATE SET version = excluded.version, head = excluded.head, code = excluded.code,
  body = excluded.body, visits = excluded.visits
WHERE k.code <> excluded.code OR k.version < excluded.version"""
NOT_BORN = "在这个时刻，您的查看范围内还没有绩效目标表。"


@dataclass(frozen=True)
class Counted:
    """The tallies of a scope; `late` of them, or left out, were not counted anew since their tables changed."""

    tallies: tuple[Tally, ...]
    late: int = 0


@cache
def tally_code() -> str:
    """Return which code makes tallies: a kept one of other code is not believed."""
    parts = (tallies, tallying, target_moves, quantities, row_points, targets, visits, efficiency,
             work_time)
    return sha256("".join([code_version(), *map(inspect.getsource, parts)]).encode()).hexdigest()[:16]


def tallies_for(tx: Transaction, actor: Actor, filters: Filters) -> Counted:
    """Return the tallies of the tables that count for the person, as they stand now."""
    chosen = chosen_by(filters)
    condition = " AND ".join([counted_for(actor), *filtered(chosen)])
    sql = f"""
WITH told AS (
  SELECT t.table_id, k.body, coalesce(k.head = t.head AND k.code = :code, false) AS fresh, k.code = :code AS readable
  FROM desk.table_standing t LEFT JOIN desk.tally k USING (table_id) WHERE {condition}),
stale AS (SELECT * FROM told WHERE NOT fresh),
late AS (SELECT body FROM stale WHERE readable ORDER BY table_id OFFSET {AT_ONCE})
SELECT (SELECT string_agg(body, ',') FROM told WHERE fresh) AS kept, (SELECT string_agg(body, ',') FROM late) AS late,
  (SELECT count(*) FROM stale) AS stale,
  ARRAY(SELECT table_id FROM stale ORDER BY table_id LIMIT {AT_ONCE}) AS anew"""  # noqa: S608 - names of this house
    (row,) = tx.rows(sql, **scope_values(actor), **chosen, code=tally_code())
    kept = _read(",".join(each for each in (row["kept"], row["late"]) if each))
    anew = tallies_at(tx, row["anew"])
    return Counted((*kept, *anew), max(0, row["stale"] - AT_ONCE))


@lru_cache(maxsize=2)
def _read(bodies: str) -> tuple[Tally, ...]:
    """Return kept tallies as values; who leafs from a number of the page to its tables has the same ones again."""
    return tuple(map(Tally.from_json, orjson.loads(f"[{bodies}]")))


def years_counted(tx: Transaction, actor: Actor) -> tuple[int, ...]:
    """Return the fiscal years of the tables that count for the person, newest first."""
    sql = f"SELECT DISTINCT t.year FROM desk.table_standing t WHERE {counted_for(actor)} ORDER BY 1 DESC"  # noqa: S608 - names of this house
    return tuple(row["year"] for row in tx.rows(sql, **scope_values(actor)))


def tallies_then(tx: Transaction, actor: Actor, filters: Filters, until: datetime) -> Counted:
    """Return the tallies as they stood at a moment; FieldsInvalid where that would replay too many tables."""
    chosen = chosen_by(filters)
    condition = " AND ".join([counted_for(actor), *filtered(chosen)])
    sql = f"SELECT t.table_id FROM desk.table_standing t WHERE {condition} LIMIT {MOST_THEN + 1}"  # noqa: S608 - names of this house
    found = [row["table_id"] for row in tx.rows(sql, **scope_values(actor), **chosen)]
    if len(found) > MOST_THEN:
        raise FieldsInvalid(f"查看过去某一时刻的统计，一次最多{MOST_THEN}张表，请选定主管部门。", field="as_of")
    return Counted(tuple(tallies_at(tx, found, until)))


def tallies_of_organ(tx: Transaction, organ: str, year: int, *, department: bool) -> Counted:
    """Return the tallies of a unit's or a department's year, for its own table on overall spending."""
    whose = Filters(year=year, department=organ) if department else Filters(year=year, unit=organ)
    return tallies_for(tx, SYSTEM, whose)


def tallies_at(tx: Transaction, tables: Sequence[UUID], until: datetime | None = None) -> Iterator[Tally]:
    """Yield the tallies of these tables from their histories up to a moment; those not born then are left out."""
    rows = tx.rows(EVENTS, tables=list(tables), until=until) if tables else ()
    for table, events in groupby(rows, key=lambda row: row["stream_id"]):
        history = [recorded_from(bytes(each["body"]), bytes(each["leaf_hash"])) for each in events]
        yield tally_of(table, history, lambda key: content_of(tx, key))


def tallies_behind(tx: Transaction, *, limit: int = 200) -> list[UUID]:
    """Return tables whose tally is missing, of other code, or older than the table."""
    return [row["table_id"] for row in tx.rows(BEHIND, code=tally_code(), limit=limit)]


def keep_tallies(tx: Transaction, tables: Sequence[UUID]) -> int:
    """Keep the tallies of these tables as they stand; one that has changed meanwhile is left for the next time."""
    heads, then = {}, calendars_then(tx)
    rows = tx.rows(EVENTS, tables=list(tables), until=None)
    for table, events in groupby(rows, key=lambda row: row["stream_id"]):
        history = [recorded_from(bytes(each["body"]), bytes(each["leaf_hash"])) for each in events]
        handled = packed(visits_in(table, history, then))
        heads[table] = (history[-1].leaf_hash, tally_of(table, history, lambda key: content_of(tx, key)), handled)
    for table, (head, tally, handled) in heads.items():
        body = json.dumps(tally.to_json(), ensure_ascii=False)
        tx.run(PUT, table=table, head=head, code=tally_code(), body=body, visits=json.dumps(handled))
    return len(heads)
