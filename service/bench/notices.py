"""Notices: how many a second the product's dispatcher puts into inboxes while it does the work itself."""

import time
from collections.abc import Iterator

import psycopg

from service.bench.figures import Figure, Goal
from service.bench.serving import running, surroundings
from service.bench.statements import statement
from service.bench.stock import Stock

RATE = Goal("站内通知", 5_000, 1_000, "条/秒")
NOTICES = 10_000
LONGEST = 120.0


def notices(stock: Stock) -> Iterator[Figure]:
    """Lay notices into the outbox and count them away; the clock runs from the first that is gone."""
    environment = {**surroundings(stock.ground), "GOALTRAIL_BROKER_URL": f"redis+socket://{stock.ground.folder}/none"}
    with psycopg.connect(stock.ground.raw, autocommit=True) as connection:
        connection.execute(statement("put other notices aside"))
        connection.execute(statement("put notices"), [NOTICES])
        with running("python -m workers.dispatch", environment, stock.ground.folder):
            seconds, done = _drained(connection)
    remark = f"{done:,} 条用 {seconds:.1f} 秒（调度进程自己投递）"
    yield Figure(RATE, done / seconds if seconds else None, remark)


def _drained(connection: psycopg.Connection[tuple[int]]) -> tuple[float, int]:
    began, first, left = time.monotonic(), 0.0, NOTICES
    at_first = NOTICES
    while left and time.monotonic() - began < LONGEST:
        time.sleep(0.05)
        (left,) = connection.execute(statement("notices waiting")).fetchone() or (0,)
        if not first and left < NOTICES:
            first, at_first = time.monotonic(), left
    return time.monotonic() - first if first else 0.0, at_first - left
