"""`executions`: takes a file of executed amounts in as a signed-in person, or shows what it would do."""

import argparse
import os
from pathlib import Path
from uuid import uuid4

from service.cli.importing import running_address
from service.cli.operating import known
from service.cli.parse import bytes_of
from service.executions import held_against, post_for
from workflows.commands.executing import import_executions
from workflows.measures.execution_matching import Matching
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin, make_engine


def main(arguments: list[str]) -> int:
    """Print every row that found no table and the sums; 0 also where rows are left."""
    options = _options(arguments)
    path = Path(options.file)
    data = bytes_of(path)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-executions")
    actor = known(engine, options.login)
    with begin(engine) as tx:
        post = post_for(actor)
        found = held_against(tx, post, data, amount_unit=options.unit, day=options.date, year=options.year)
        if not options.dry_run:
            import_executions(
                PostgresJournal(tx), name=path.name, data=data, found=found, post=post, by=actor, command_id=uuid4()
            )
    engine.dispose()
    print(told(found, path.name, tried=options.dry_run))
    return 0


def told(found: Matching, name: str, *, tried: bool) -> str:
    """Return what became of a file: its sums, and every row that found no table."""
    file, totals = found.file, found.totals
    head = (
        f"{name}：{file.year}年度，截至{file.date}，{'核对' if tried else '已导入'}{len(found.matched)}行，"
        f"合计{totals.all:f}{file.amount_unit} = 对应{totals.matched:f} + 其余{totals.rest:f}。"
    )
    unseen = (f"  第{row.line.row}行 {row.line.title}：{row.line.note}" for row in found.rows if row.line.note)
    return "\n".join([head, *(f"  第{row.line.row}行 {row.line.title}：{row.why}" for row in found.rest), *unseen])


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service executions", description="按文件导入执行数。")
    parser.add_argument("file", help="CSV 或 XLSX 文件，表头须有执行数，以及项目编码或单位和项目名称")
    parser.add_argument("--as", dest="login", required=True, metavar="NAME", help="登录名")
    parser.add_argument("--unit", default="", choices=("", "元", "万元"), help="金额单位（文件没有写明时必填）")
    parser.add_argument("--date", default="", help="截止日期，如 2026-07-31（文件没有写明时必填）")
    parser.add_argument("--year", type=int, help="预算年度（默认取文件或截止日期的年度）")
    parser.add_argument("--dry-run", action="store_true", help="只核对，不导入")
    parser.add_argument("--data-dir", help="正在运行的实例的数据目录")
    return parser.parse_args(arguments)
