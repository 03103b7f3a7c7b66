"""What a new table may begin on: the unit's earlier tables in force; and the table that stands beside this one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.folds.replay import Table
from workflows.last_year import Before, reached_by
from workflows.state.beginnings import COPIED
from workflows.store.queries import table_in
from workflows.store.streams import content_of
from workflows.store.surroundings import last_years_table
from workflows.store.transaction import Transaction

MOST_LISTED = 200
EARLIER = f"""
SELECT t.table_id, t.title, t.year, t.unit, t.scope, t.stage, t.amount_wan, t.grade, t.doc_no, (
    SELECT c.table_id FROM desk.table_standing c WHERE c.unit = ANY(:units) AND c.year > t.year
      AND c.state ->> 'source' = CAST(t.table_id AS text) AND c.state ->> 'origin' = '{COPIED}'
      AND c.stage NOT IN ('voided', 'refused', 'terminated') ORDER BY c.created_at DESC LIMIT 1
  ) AS copied_as
FROM desk.table_standing t
WHERE t.unit = ANY(ARRAY(SELECT unnest(desk.organ_line(own)) FROM unnest(CAST(:units AS text[])) AS own))
  AND t.in_force IS NOT NULL AND t.stage IN ('monitoring', 'self_evaluation', 'closed')
  AND coalesce(t.state ->> 'origin', '') <> 'revision'
ORDER BY t.year DESC, t.title_key, t.table_id LIMIT {MOST_LISTED}"""  # noqa: S608 - names of this file
ONE = "SELECT * FROM desk.table_standing WHERE table_id = :table"


def earlier_tables(tx: Transaction, units: Sequence[str]) -> Sequence[RowMapping]:
    """Return the tables whose goals were replied to of these units and of those that went into them, newest year first.

    `copied_as` names a later draft of these units.
    """
    return tx.rows(EARLIER, units=list(units))


def before_of(tx: Transaction, table: Table, content: Mapping[str, Any]) -> Before | None:
    """Return the earlier table that stands beside this one: the one it was begun on, else the same project's last year.

    None where there is none that was ever replied to.
    """
    row = tx.row(ONE, table=UUID(table.source)) if table.origin == COPIED else None
    earlier = table_in(tx, row) if row else last_years_table(tx, table, content)
    if earlier is None or not earlier.in_force:
        return None
    return Before(str(earlier.id), earlier.year, content_of(tx, earlier.in_force), reached_by(earlier))
