"""`pack replay`: judge every table of a year by two rule packs and print what would differ; nothing is recorded."""

from collections.abc import Iterator
from typing import Any

from service.pack_replays import refuse_none, replayed, rules_of
from workflows.journal import Content, Journal
from workflows.pack_replay import Compared, summed
from workflows.store.queries import all_standings, table_in
from workflows.store.transaction import Transaction


def lines(tx: Transaction, journal: Journal, year: int, old: Content, new: Content) -> Iterator[str]:
    """Yield the sums of both packs, then every table with what differs; FieldsInvalid where no table is pinned."""
    tables = [table_in(tx, row) for row in all_standings(tx) if row["year"] == year]
    found = replayed(journal, tables, rules_of(old), rules_of(new))
    refuse_none(found, str(old["name"]), year)
    differing = [each for each in found if each.differences]
    packs = f"{_named(old)} → {_named(new)}"
    yield f"{year}年度 {len(found)}张表，{len(differing)}张有差异：{packs}（只比较，不改动任何表）"
    sums = (each for each in summed(found) if (each.old, each.new) != ("0", "0"))
    yield from (f"  {each.what}：{each.old} → {each.new}" for each in sums)
    for each in differing:
        yield from _table(each)


def _table(found: Compared) -> Iterator[str]:
    yield f"{found.table.title}（{found.table.unit}，{found.table.id}）"
    yield from (f"  {each.what}：{each.old} → {each.new}" for each in found.differences)


def _named(pack: dict[str, Any]) -> str:
    return f"{pack['name']}第{pack['version']}版"
