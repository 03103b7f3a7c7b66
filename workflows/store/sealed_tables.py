"""What every table was when the log had so many sealed events: the cached state where it fits, else a replay."""

from collections.abc import Iterator

from sqlalchemy import RowMapping

from workflows.folds.replay import Table, from_json, replay
from workflows.register import Entry
from workflows.store.folding import code_version
from workflows.store.standing import read_state
from workflows.store.streams import content_of, history_of
from workflows.store.transaction import Transaction

AT_SIZE = """
SELECT s.stream_id, s.version, s.log_index, t.state FROM (
  SELECT e.stream_id, max(e.version) AS version, max(l.log_index) AS log_index, min(l.log_index) AS first_index
  FROM log.leaf l JOIN log.event e USING (event_id)
  WHERE e.subject = 'table' AND l.log_index < :size GROUP BY e.stream_id
) AS s LEFT JOIN desk.table_standing t ON t.table_id = s.stream_id AND t.version = s.version AND t.code = :code
ORDER BY s.first_index"""


def tables_at(tx: Transaction, size: int) -> Iterator[Entry]:
    """Yield every table as it stood after the first `size` events of the sealed order, in the order of their birth."""
    for row in tx.rows(AT_SIZE, size=size, code=code_version()):
        table = from_json(read_state(row["state"])) if row["state"] else _replayed(tx, row)
        yield Entry(table, content_of(tx, table.content_hash), row["log_index"])


def _replayed(tx: Transaction, row: RowMapping) -> Table:
    history = history_of(tx, row["stream_id"])
    return replay(row["stream_id"], (each for each in history if each.version <= row["version"]))
