"""A decision on a thousand tables in one commit, beside the raw loop of as many and COPY of as many raw events."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from uuid import UUID, uuid4

import psycopg

from service.bench.contestants import BODY, WAITS_AT, RawLoop
from service.bench.figures import Figure, Goal
from service.bench.statements import statement
from service.bench.stock import Stock
from service.bench.town import House
from workflows.commands.bulk import for_all
from workflows.commands.recipe import Seen
from workflows.commands.reviewing import approve_table
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Action

BULK = Goal("批量审批 1,000 张表，一次提交", 10.0, 6.0, "× 原始循环（每张）")
TABLES = 1_000


def bulk(stock: Stock, rounds: int) -> Iterator[Figure]:
    """Measure; the raw loop runs before each decision."""
    raw = RawLoop(stock.ground)
    states = [row[0] for row in raw.connection.execute(statement("some states"), [20_000])]
    mine, loops, copies = [], [], []
    for number in range(rounds + 1):
        tables = stock.tables_waiting(TABLES, [number])
        began = time.monotonic()
        for state in states[number * 300 : number * 300 + 300]:
            raw.act(state)
        loops.append((time.monotonic() - began) / 300)
        mine.append(_decided(stock, [table for table, _ in tables], number) / TABLES)
        copies.append(_copied(raw.connection) / TABLES)
    ratios = [loop / own for loop, own in zip(loops[1:], mine[1:], strict=True)]
    copied = median(loop / copy for loop, copy in zip(loops[1:], copies[1:], strict=True))
    remark = f"每张 {median(mine[1:]) * 1000:.2f} 毫秒，COPY 原始事件 {copied:.0f} 倍"
    yield Figure(BULK, median(ratios), remark)


def _decided(stock: Stock, tables: list[UUID], house: int) -> float:
    def approve(journal: Journal, table_id: UUID, seen: Seen, command_id: UUID) -> Table:
        head = House(house).head
        return approve_table(journal, table_id, seen=seen, by=head, command_id=command_id, opinion="同意")

    items = [(table, Seen(WAITS_AT)) for table in tables]
    began = time.monotonic()
    results = for_all(
        partial(_journal, stock), items, approve, by=House(house).head, action=Action.APPROVE, command_id=uuid4()
    )
    seconds = time.monotonic() - began
    refused = [each.refusal for each in results if each.refusal]
    if refused:
        raise refused[0]
    return seconds


@contextmanager
def _journal(stock: Stock) -> Iterator[Journal]:
    with begin(stock.engine) as tx:
        yield PostgresJournal(tx)


def _copied(connection: psycopg.Connection[tuple[object, ...]]) -> float:
    connection.execute(statement("empty bulk"))
    began = time.monotonic()
    with connection.cursor().copy(statement("copy raw events")) as copy:
        for _ in range(TABLES):
            copy.write_row((uuid4(), 1, BODY))
    return time.monotonic() - began
