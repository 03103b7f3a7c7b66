"""After a release: standings that other code folded are made anew from the log, for every list that shows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from workflows.errors import GoaltrailError
from workflows.store.folding import code_version
from workflows.store.rebuilding import rebuild_tables
from workflows.store.streams import lock_stream
from workflows.store.transaction import begin

OF_OTHER_CODE = """
SELECT table_id FROM desk.table_standing WHERE code <> :code AND table_id > :after ORDER BY table_id LIMIT :limit"""
STILL = "SELECT table_id FROM desk.table_standing WHERE code <> :code AND table_id = ANY(:tables)"
BATCH = 200
FIRST = UUID(int=0)
UNFOLDABLE = (LookupError, ValueError, TypeError, AttributeError, RuntimeError, StopIteration, GoaltrailError)
"""What a fold may raise over events that only a stranger's hand could have written."""


@dataclass(frozen=True)
class Refreshed:
    """How many standings were made anew, and which tables could not be folded and were left as they are."""

    tables: int
    left: tuple[UUID, ...]


def refresh_standings(
    engine: Engine, *, batch: int = BATCH, tell: Callable[[int], None] = lambda _made: None
) -> Refreshed:
    """Replay the tables whose standing was made by other code, batch by batch; each batch is kept by itself.

    As the application or the owner. Writers may go on: each table is locked while it is read and written. `tell` hears
    after each batch how many were made so far. A table that cannot be folded stops nobody: the audit page names it.
    """
    made, left, after = 0, list[UUID](), FIRST
    while behind := _behind(engine, after, batch):
        done, broken = _refreshed(engine, behind)
        made, after = made + done, behind[-1]
        left += broken
        tell(made)
    return Refreshed(made, tuple(left))


def _behind(engine: Engine, after: UUID, limit: int) -> Sequence[UUID]:
    with begin(engine) as tx:
        return [row["table_id"] for row in tx.rows(OF_OTHER_CODE, code=code_version(), after=after, limit=limit)]


def _refreshed(engine: Engine, tables: Sequence[UUID]) -> tuple[int, Sequence[UUID]]:
    """Refresh tables together; where one of them cannot be folded, each by itself."""
    try:
        return _rebuilt(engine, tables), ()
    except UNFOLDABLE:
        if len(tables) == 1:
            return 0, tables
    parts = [_refreshed(engine, [table]) for table in tables]
    return sum(done for done, _ in parts), [table for _, broken in parts for table in broken]


def _rebuilt(engine: Engine, tables: Sequence[UUID]) -> int:
    with begin(engine) as tx:
        for table in tables:
            lock_stream(tx, table)
        still = [row["table_id"] for row in tx.rows(STILL, code=code_version(), tables=list(tables))]
        return rebuild_tables(tx, still) if still else 0
