"""`rebuild`: fold every read table anew out of the log and say what differed from what stood there (D1, J8)."""

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence

from service.cli.importing import running_address
from workflows.store.rebuilding import caches_as_text, rebuild, stand_still
from workflows.store.transaction import Transaction, begin, make_engine

Rows = Mapping[str, Sequence[str]]


def main(arguments: list[str]) -> int:
    """Rebuild in one transaction while writers wait; with --dry-run compare alone, 1 where something differs."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-rebuild")
    with begin(engine) as tx:
        differing, tables = rebuilt(tx, keep=not options.dry_run)
    engine.dispose()
    for name, rows in differing.items():
        print(f"{name}：{rows} 行与台账不符{'' if options.dry_run else '，已改正'}")
    kept = "与台账逐行核对" if options.dry_run else "由台账重新生成"
    print(f"{tables} 张表的读表已{kept}，{'有不符之处' if differing else '全部一致'}。")
    return 1 if differing and options.dry_run else 0


def rebuilt(tx: Transaction, *, keep: bool) -> tuple[dict[str, int], int]:
    """Rebuild, take it back unless it is to be kept; return rows that differed by read table, and how many tables."""
    stand_still(tx)
    before, part = caches_as_text(tx), tx.savepoint()
    tables, after = rebuild(tx), caches_as_text(tx)
    if keep:
        tx.keep(part)
    else:
        part.rollback()
    return _differing(before, after), tables


def _differing(before: Rows, after: Rows) -> dict[str, int]:
    found = {name: max(len(was - now), len(now - was)) for name, was, now in _side_by_side(before, after)}
    return {name: rows for name, rows in found.items() if rows}


def _side_by_side(before: Rows, after: Rows) -> Iterator[tuple[str, set[str], set[str]]]:
    yield from ((name, set(before[name]), set(after[name])) for name in before)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service rebuild", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="只核对，不改动；有不符之处时退出码为 1")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
