"""The one place that catches everything: a worker records its failure and goes on with the next piece of work."""

from collections.abc import Callable

import structlog

LONGEST_RECORD = 500
log = structlog.get_logger()


def attempted(work: Callable[[], object], record: Callable[[str], object]) -> bool:
    """Do a piece of work; if it fails, record the failure (its class and words) and return False."""
    try:
        work()
    except Exception as failure:  # noqa: BLE001 - a worker outlives every single piece of work
        said = f"{type(failure).__name__}: {failure}"[:LONGEST_RECORD]
        log.warning("worker.failed", reason=said)
        record(said)
        return False
    return True
