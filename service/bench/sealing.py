"""Sealing: how many events a second get their place in the order, and how long they wait for it under load."""

import time
from collections.abc import Iterator

import psycopg

from service.bench.figures import Figure, Goal, percentile
from service.bench.ground import Ground
from service.bench.racers import Field
from service.bench.serving import running, surroundings
from service.bench.statements import statement
from service.bench.stock import Stock
from workflows.store.sealing import seal_batch
from workflows.store.transaction import begin, make_engine

RATE = Goal("封存速度", 50_000, None, "事件/秒")
MIDDLE = Goal("封存延迟 p50（负载下）", 0.1, None, "秒", at_most=True)
SLOW = Goal("封存延迟 p99（负载下）", 1.0, None, "秒", at_most=True)
SECONDS = 5.0


def seal_everything(ground: Ground) -> tuple[int, float]:
    """Seal what waits; return how many events that were and in how many seconds."""
    engine, began, sealed = make_engine(ground.sealer, connections=1), time.monotonic(), 0
    with begin(engine) as tx:
        sealed = seal_batch(tx)
    engine.dispose()
    return sealed, time.monotonic() - began


def lag_under_load(stock: Stock, field: Field) -> Iterator[Figure]:
    """Let the product's sealer work while four processes approve, and read the lag of every event from the seals."""
    environment = {**surroundings(stock.ground), "GOALTRAIL_DATABASE_URL": stock.ground.sealer}
    waiting = stock.tables_waiting(6_000)
    with psycopg.connect(stock.ground.raw, autocommit=True) as connection:
        seal_everything(stock.ground)
        with running("python -m workers.sealer", environment, stock.ground.folder):
            time.sleep(2)
            (last,) = connection.execute(statement("last seal")).fetchone() or (0,)
            done = field.race("approval", SECONDS, waiting, 4)
            time.sleep(1)
        lags = [float(row[0]) for row in connection.execute(statement("lag"), [last])]
    remark = f"{len(lags):,} 个事件，审批 {done.rate:.0f}/秒"
    for goal, share in ((MIDDLE, 0.5), (SLOW, 0.99)):
        yield Figure(goal, percentile(lags, share) if lags else None, remark)
