"""The sealer: every tenth of a second it gives the events that became visible their place in the one dense order."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Event

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from workflows.errors import GoaltrailError
from workflows.store.sealing import seal_batch
from workflows.store.transaction import begin, make_engine

PAUSE = 0.1
LONGEST_PAUSE = 2.0
log = structlog.get_logger()


def seal_until(stop: Event, engine: Engine, ready: Path | None = None) -> None:
    """Seal again and again until told to stop; a database that is away is waited for, with growing pauses."""
    pause = PAUSE
    while not stop.is_set():
        pause = PAUSE if seal_once(engine, ready) else min(pause * 2, LONGEST_PAUSE)
        stop.wait(pause)


def seal_once(engine: Engine, ready: Path | None) -> bool:
    """Seal one batch and show life by touching the ready file; False where the database was away."""
    try:
        with begin(engine) as tx:
            seal_batch(tx)
    except (GoaltrailError, DBAPIError) as failure:
        log.warning("sealer.database_away", reason=str(failure))
        return False
    if ready:
        ready.touch()
    return True


def main(environment: Mapping[str, str]) -> int:
    """Run until SIGTERM or SIGINT; 0 after an orderly end, 2 where no database is named."""
    url = environment.get("GOALTRAIL_DATABASE_URL")
    if not url:
        sys.stderr.write("请设置 GOALTRAIL_DATABASE_URL。\n")
        return 2
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    ready = environment.get("GOALTRAIL_READY_FILE")
    seal_until(stop, make_engine(url, connections=1, name="goaltrail-sealer"), Path(ready) if ready else None)
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
