"""The cleaning: ended sessions, read messages and delivery logs go when the security log's period is over."""

import structlog
from sqlalchemy import Engine

from workflows.retention import Retention
from workflows.store.cleaning import clean
from workflows.store.transaction import begin

log = structlog.get_logger()


def clean_up(engine: Engine, retention: Retention) -> int:
    """Clean what is older than the retention's days and return how many rows went; events are never among them."""
    with begin(engine) as tx:
        gone = clean(tx, retention.days)
    log.info("cleaning.done", **gone)
    return sum(gone.values())
