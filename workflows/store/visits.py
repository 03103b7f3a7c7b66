"""How long the tasks of tables took, as kept beside their tallies; what few changed since are counted at once."""

from dataclasses import dataclass
from itertools import groupby

import orjson

from workflows.handling.efficiency import Packed, packed
from workflows.handling.visits import visits_in
from workflows.store.calendars_then import calendars_then
from workflows.store.event_rows import recorded_from
from workflows.store.queries import Filters, chosen_by, filtered
from workflows.store.scopes import scope_values, visible_to
from workflows.store.tallies import AT_ONCE, EVENTS, tally_code
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

KEPT = """
WITH told AS (
  SELECT t.table_id, t.department, t.unit, k.visits, coalesce(k.head = t.head AND k.code = :code, false) AS fresh
  FROM desk.table_standing t LEFT JOIN desk.tally k USING (table_id) WHERE {condition})
SELECT (SELECT string_agg(format('["%s",%s,%s,%s]', table_id, to_json(department), to_json(unit), visits), ',')
        FROM told WHERE fresh) AS kept,
  (SELECT json_agg(json_build_array(table_id, department, unit))::text FROM (
     SELECT * FROM told WHERE NOT fresh ORDER BY table_id LIMIT :at_once) AS s) AS anew,
  (SELECT count(*) FROM told WHERE NOT fresh) AS stale"""


@dataclass(frozen=True)
class Handled:
    """The visits of a scope's tables, each with ID, department, unit and its packed visits; how many are left.

    `late` tables changed since they were counted last and were too many to be counted at once.
    """

    tables: list[tuple[str, str, str, Packed]]
    late: int


def visits_of(tx: Transaction, actor: Actor, filters: Filters) -> Handled:
    """Return the visits of the tables that the person may read."""
    chosen = chosen_by(filters)
    condition = " AND ".join([visible_to(actor), *filtered(chosen)])
    (row,) = tx.rows(
        KEPT.format(condition=condition), **scope_values(actor), **chosen, code=tally_code(), at_once=AT_ONCE
    )
    kept = orjson.loads(f"[{row['kept'] or ''}]")
    stale = {table: (department, unit) for table, department, unit in orjson.loads(row["anew"] or "[]")}
    anew = visits_anew(tx, list(stale))
    return Handled(
        [*kept, *((table, *stale[table], visits) for table, visits in anew.items())], row["stale"] - len(stale)
    )


def visits_anew(tx: Transaction, tables: list[str]) -> dict[str, Packed]:
    """Return the visits of these tables, counted from their histories."""
    then, rows = calendars_then(tx), tx.rows(EVENTS, tables=tables, until=None) if tables else ()
    found: dict[str, Packed] = {}
    for table, events in groupby(rows, key=lambda row: row["stream_id"]):
        history = [recorded_from(bytes(each["body"]), bytes(each["leaf_hash"])) for each in events]
        found[str(table)] = packed(visits_in(table, history, then))
    return found
