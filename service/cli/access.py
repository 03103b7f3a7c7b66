"""`access`: prints who held which post at a moment, from the log's grants."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import datetime

from service.access_list import COLUMNS, cells_of, csv_of, moment_meant
from service.cli.importing import running_address
from workflows.store.access import access_at
from workflows.store.organs import all_organs
from workflows.store.transaction import begin, make_engine
from workflows.workdays import BEIJING


def main(arguments: list[str]) -> int:
    """Print the list of a moment, by default of now (the log's clock)."""
    options = _options(arguments)
    asked = moment_meant(options.as_of) if options.as_of else None
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-access")
    with begin(engine) as tx:
        at = asked or tx.now()
        held = access_at(tx, at)
        organs = {organ["id"]: organ["name"] for organ in all_organs(tx)}
    engine.dispose()
    if options.json:
        rows = [asdict(each) | {"since": each.since.isoformat()} for each in held]
        print(json.dumps({"as_of": at.isoformat(), "posts": rows}, ensure_ascii=False, indent=1))
    elif options.csv:
        sys.stdout.buffer.write(csv_of(COLUMNS, [cells_of(each, organs) for each in held]))
    else:
        _print(at, [cells_of(each, organs) for each in held])
    return 0


def _print(at: datetime, rows: list[tuple[str, ...]]) -> None:
    print(f"截至 {at.astimezone(BEIJING).strftime('%Y-%m-%d %H:%M:%S')}（北京时间），共 {len(rows)} 个岗位：")
    for person, name, role, _, organ, _, since, by_name, by, state in rows:
        print(f"  {name}（{person}，{state}）  {organ}  {role}  自 {since}，由{by_name}（{by}）授予")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service access", description="某一时点的岗位清单，由台账重算。")
    parser.add_argument("--as-of", help="日期（指当日终了，北京时间）或时刻；默认此刻")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    form.add_argument("--csv", action="store_true", help="输出 CSV")
    parser.add_argument("--data-dir", help="正在运行的实例的数据目录")
    return parser.parse_args(arguments)
