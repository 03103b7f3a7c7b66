"""One approval by the product's verb, in one process and in four, beside the raw loop and the one-statement form."""

from collections.abc import Iterator
from statistics import median
from uuid import UUID

import psycopg

from service.bench.figures import Figure, Goal, ratio
from service.bench.racers import Field, Slice
from service.bench.statements import statement
from service.bench.stock import Stock

SECONDS = 0.3
RACERS = (1, 4)
NAMES = {1: "一次审批，1 个进程", 4: "一次审批，4 个进程"}
SPEED = {1: Goal(NAMES[1], 1.2, 0.7, "× 原始循环"), 4: Goal(NAMES[4], 1.3, 0.7, "× 原始循环")}
COST = Goal("一次审批的 CPU", 0.9, 1.4, "× 原始循环", at_most=True)
PER_SLICE = 110
"""More approvals than one process makes in a slice, so that none runs out of tables."""


def approvals(stock: Stock, field: Field, rounds: int) -> Iterator[Figure]:
    """Measure; the three contestants take turns, slice by slice."""
    with psycopg.connect(stock.ground.raw, autocommit=True) as connection:
        states = [row[0] for row in connection.execute(statement("some states"), [20_000])]
    for racers in RACERS:
        slices = _race(stock, field, racers, rounds, states)
        rates = {name: [each.rate for each in found] for name, found in slices.items()}
        one = ratio(rates["one"], rates["raw"])
        costs = {name: [each.cost for each in found] for name, found in slices.items()}
        remark = f"原始循环 {median(rates['raw']):.0f}/秒，审批 {median(rates['approval']):.0f}/秒，单语句 {one:.2f} 倍"
        yield Figure(SPEED[racers], ratio(rates["approval"], rates["raw"]), remark)
        if racers == 1:
            mine, raw = median(costs["approval"]) * 1000, median(costs["raw"]) * 1000
            remark = f"审批 {mine:.2f} 毫秒，原始循环 {raw:.2f} 毫秒（客户端与数据库进程合计）"
            yield Figure(COST, ratio(costs["approval"], costs["raw"]), remark)


def _race(stock: Stock, field: Field, racers: int, rounds: int, states: list[UUID]) -> dict[str, list[Slice]]:
    slices: dict[str, list[Slice]] = {"raw": [], "one": [], "approval": []}
    enough = PER_SLICE * racers
    for number in range(rounds + 1):
        waiting = stock.tables_waiting(enough)
        for name, found in slices.items():
            work = waiting if name == "approval" else states[number::7] * 4
            done = field.race(name, SECONDS, work, racers)
            if number:
                found.append(done)
    return slices
