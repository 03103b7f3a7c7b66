"""Snapshots: each table's state kept beside the log, and once a day a dated sheet of all tables for the bureau."""

from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import Engine

from workers.failures import attempted
from workers.written_whole import write_whole
from workflows.register import cells_of, csv_of, xlsx_of
from workflows.store.dated_snapshots import dated_snapshot_bytes, has_dated_snapshot, keep_dated_snapshot
from workflows.store.sealed_tables import tables_at
from workflows.store.sealing import log_size
from workflows.store.snapshots import tables_behind, take_snapshot
from workflows.store.tallies import keep_tallies, tallies_behind
from workflows.store.transaction import begin
from workflows.workdays import beijing_date

FORMATS = {"csv": csv_of, "xlsx": xlsx_of}
EVENTS_BEHIND = 10
log = structlog.get_logger()


def keep_states(engine: Engine) -> int:
    """Keep the state of the tables whose snapshot is missing or old, and return how many those were."""
    with begin(engine) as tx:
        behind = tables_behind(tx, every=EVENTS_BEHIND)
    for table in behind:
        attempted(partial(_keep_state, engine, table), log.info)
    return len(behind)


def _keep_state(engine: Engine, table: UUID) -> None:
    with begin(engine) as tx:
        take_snapshot(tx, table)


def keep_counts(engine: Engine) -> int:
    """Keep the tallies of the tables that changed since theirs was kept, and return how many those were."""
    with begin(engine) as tx:
        behind = tallies_behind(tx)
        return keep_tallies(tx, behind) if behind else 0


def keep_day(engine: Engine, folder: Path) -> date | None:
    """Keep today's sheets (Beijing's day by the log's clock) and return the day; None if kept before or nothing sealed.

    They show the tables as a replay of the log's first `log_size` sealed events gives them.
    """
    with begin(engine) as tx:
        day, size = beijing_date(tx.now()), log_size(tx)
        if has_dated_snapshot(tx, day):
            return None
        rows = [cells_of(entry) for entry in tables_at(tx, size)]
        if not rows:
            return None
        for name, write in FORMATS.items():
            keep_dated_snapshot(tx, day, name, rows=len(rows), body=write(rows), size=size)
    _write_files(engine, folder, day)
    return day


def _write_files(engine: Engine, folder: Path, day: date) -> None:
    """Write the files as the database keeps them: of two that were made at once, the one that was kept."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FORMATS:
        with begin(engine) as tx:
            body = dated_snapshot_bytes(tx, day, name)
        write_whole(folder / f"{day.isoformat()}.{name}", body)
