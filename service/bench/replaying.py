"""Replay: all read tables of the log, byte for byte, and one table beside the raw reading of its events."""

import time
from collections.abc import Iterator
from hashlib import sha256
from statistics import median

import psycopg
from sqlalchemy import Engine

from service.bench.contestants import BODY
from service.bench.figures import Figure, Goal
from service.bench.statements import statement
from service.bench.stock import Stock
from workflows.folds.replay import replay
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.streams import history_of
from workflows.store.transaction import begin

REBUILD = Goal("重建全部读表", 60.0, 120.0, "秒 / 百万事件", at_most=True)
REPLAY = Goal("重放一张表", 2.0, 4.0, "× 读出同样多的原始行", at_most=True)
TABLES = 200


def rebuild_everything(stock: Stock) -> Iterator[Figure]:
    """Rebuild twice: the second time over what the first left, which must come out the same."""
    first = rebuilt(stock.engine)
    began = time.monotonic()
    with begin(stock.engine) as tx:
        tables = rebuild(tx)
    seconds = time.monotonic() - began
    same = first == hash_of(stock.engine)
    verdict = "逐字节相同" if same else "结果不同！"
    remark = f"{tables:,} 张表、{stock.events:,} 个事件用 {seconds:.1f} 秒，{verdict}"
    yield Figure(REBUILD, seconds / stock.events * 1e6 if same else None, remark)


def rebuilt(engine: Engine) -> str:
    """Rebuild and return the hash of every row."""
    with begin(engine) as tx:
        rebuild(tx)
    return hash_of(engine)


def hash_of(engine: Engine) -> str:
    """Return one hash over every row of the caches."""
    digest = sha256()
    with begin(engine) as tx:
        for name, lines in caches_as_text(tx).items():
            digest.update(f"{name} {len(lines)}\n".encode())
            for line in lines:
                digest.update(line.encode())
    return digest.hexdigest()


def replay_one(stock: Stock) -> Iterator[Figure]:
    """Replay tables one by one, in turn with reading as many raw rows of the same length."""
    tables = [table for table, _ in stock.tables_waiting(TABLES)]
    mine, raw = [], []
    with psycopg.connect(stock.ground.raw, autocommit=True) as connection, begin(stock.engine) as tx:
        insert, read = statement("raw event"), statement("raw history")
        for table in tables:
            for version in range(1, 7):
                connection.execute(insert, (table, version, BODY))
        for table in tables:
            began = time.perf_counter()
            replay(table, history_of(tx, table))
            middle = time.perf_counter()
            connection.execute(read, (table,)).fetchall()
            mine.append(middle - began)
            raw.append(time.perf_counter() - middle)
    remark = f"{median(mine) * 1000:.2f} 毫秒，原始行 {median(raw) * 1000:.2f} 毫秒"
    yield Figure(REPLAY, median(mine) / median(raw), remark)
