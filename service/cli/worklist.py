"""`worklist`: what waits for a person, as a list to read or as CSV to act on with `bulk ACTION --file`."""

import argparse
import csv
import os
import sys
from collections.abc import Sequence

from sqlalchemy import RowMapping

from service.cli.importing import running_address
from service.cli.operating import known
from service.what_is_asked import Asked, asked_of
from workflows.store.queries import tables_waiting_for
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Stage

COLUMNS = ("table", "version", "content_hash", "stage", "node", "due", "title")
MOST = 1_000


def main(arguments: list[str]) -> int:
    """Print the open tasks of the person who signs in, most urgent first; as a text also what he is asked besides."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-worklist")
    actor = known(engine, options.login)
    with begin(engine) as tx:
        rows, asked = tables_waiting_for(tx, actor, limit=MOST), asked_of(tx, actor)
    engine.dispose()
    if options.csv:
        _as_csv(rows)
    else:
        _as_text(rows, asked)
    return 0


def cells_of(row: RowMapping) -> tuple[str, ...]:
    """Return a row in the order of COLUMNS; the due day in the log's time."""
    due = row["task_due_at"].date().isoformat() if row["task_due_at"] else ""
    same = (str(row["table_id"]), str(row["version"]), row["content_hash"])
    return (*same, Stage(row["stage"]).chinese, row["node"], due, row["title"])


def _as_csv(rows: Sequence[RowMapping]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(cells_of, rows))


def _as_text(rows: Sequence[RowMapping], asked: Sequence[Asked]) -> None:
    for row in rows:
        table, version, _hash, stage, _node, due, title = cells_of(row)
        print(f"{table}  {version:>3}  {stage}  {due or '无期限'}  {title}")
    print(f"共 {len(rows)} 项待办。")
    for each in asked:
        until = f"（至{each.until}）" if each.until else ""
        print(f"{each.table.id}  {each.asked.chinese}  {each.table.title}{until}  {each.words}")
    if asked:
        print(f"共 {len(asked)} 项等您确认或答复。")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service worklist", description=__doc__)
    parser.add_argument("--as", "--login", dest="login", required=True, help="账号；密码在终端输入，不写在命令里")
    parser.add_argument("--csv", action="store_true", help="输出 CSV，可改后交给 bulk ACTION --file")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
