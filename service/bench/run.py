"""`bench`: measure the product against what is possible on this machine in the same minutes, and print the report."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from statistics import median

from service.bench.approvals import approvals
from service.bench.bulk import bulk
from service.bench.figures import Figure
from service.bench.ground import Ground, made_ground
from service.bench.notices import notices
from service.bench.racers import field_of
from service.bench.replaying import rebuild_everything, replay_one
from service.bench.sealing import RATE, lag_under_load, seal_everything
from service.bench.serving import both_webs
from service.bench.showing import as_json, show
from service.bench.stock import Stock, open_stock
from service.bench.verifying import verifying
from service.bench.web import LIST_ROWS, approvals_over_http, looked_at, pages

SMALL = 1_000
ROUNDS, QUICK_ROUNDS = 15, 5
PARTS = ("approvals", "web", "bulk", "sealing", "replaying", "notices", "verifying")


def main(arguments: list[str]) -> int:
    """Measure and print; 0 whatever the figures are."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began, figures = time.monotonic(), list[Figure]()
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    with made_ground() as ground:
        stock = open_stock(ground)
        largest = options.events or (100_000 if options.quick else 1_000_000)
        for figure in measured(ground, stock, largest, rounds, tuple(options.only or PARTS)):
            figures.append(figure)
            print(f"[{time.monotonic() - began:6.0f} s] {figure.goal.name}", file=sys.stderr, flush=True)
        events = stock.events
        stock.engine.dispose()
    seconds = time.monotonic() - began
    if options.json:
        print(as_json(figures, seconds, events))
    else:
        show(figures, seconds)
    return 0


def measured(
    ground: Ground, stock: Stock, largest: int, rounds: int, parts: tuple[str, ...]
) -> Iterator[Figure]:
    """Yield the figures one by one: a page while the log is small, everything at its largest."""
    stock.grow_to(SMALL)
    small = _first_page(ground, stock) if "web" in parts else None
    stock.grow_to(largest)
    sealed, seconds = seal_everything(ground)
    if "sealing" in parts:
        yield Figure(RATE, sealed / seconds, f"{sealed:,} 个事件用 {seconds:.1f} 秒")
    if "replaying" in parts:
        yield from rebuild_everything(stock)
        stock.settles()
        yield from replay_one(stock)
    else:
        stock.show_everything()
    if "web" in parts:
        with both_webs(ground) as webs:
            yield from pages(stock, webs, small)
            yield from approvals_over_http(stock, webs, rounds)
    with field_of(ground, 4) as field:
        if "approvals" in parts:
            yield from approvals(stock, field, rounds)
        if "sealing" in parts:
            yield from lag_under_load(stock, field)
    if "bulk" in parts:
        yield from bulk(stock, rounds)
    if "notices" in parts:
        yield from notices(stock)
    if "verifying" in parts:
        yield from verifying(stock)


def _first_page(ground: Ground, stock: Stock) -> float:
    """Return how the list's first page stands to the minimal one while the log is small."""
    stock.show_everything()
    with both_webs(ground) as webs:
        mine, least, _ = looked_at(webs, "/tables", LIST_ROWS)
    return median(mine) / median(least)


def _options(arguments: list[str]) -> argparse.Namespace:
    purpose = "在本机测量性能，以同时测得的原始循环为尺。"
    parser = argparse.ArgumentParser(prog="python3 -m service bench", description=purpose)
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.add_argument("--quick", action="store_true", help="略去一百万个事件的部分")
    parser.add_argument("--events", type=int, help="最多放入多少个事件（默认一百万，--quick 时十万）")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="只测这些部分")
    return parser.parse_args(arguments)
