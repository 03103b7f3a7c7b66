"""`create`: a clerk begins a goal table, on a blank form or on an earlier year's table of the unit."""

import argparse
import os
from uuid import UUID, uuid4

from service.beginning_tables import begin_blank, begin_on
from service.cli.importing import running_address
from service.cli.operating import known
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.packs.shipped import FAMILY_NAMES
from workflows.store.queries import table_seen_by
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role


def main(arguments: list[str]) -> int:
    """Take `--year YEAR --login NAME` and either `--on TABLE` or unit, family and title; print where the draft is."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-create")
    by = known(engine, options.login, Role.CLERK)
    with begin(engine) as tx:
        table = _begun(tx, options, by)
    engine.dispose()
    print(f"已新建{table.year}年度绩效目标表《{table.title}》（{table.unit}，草稿） /tables/{table.id}")
    return 0


def _begun(tx: Transaction, options: argparse.Namespace, by: Actor) -> Table:
    said = {"year": options.year, "chain": options.chain, "by": by, "command_id": uuid4()}
    if options.on:
        return begin_on(tx, table_seen_by(tx, by, options.on), **said)
    if not (options.unit and options.family and options.title):
        raise FieldsInvalid("请用 --unit、--family、--title 指明单位、表式和名称，或用 --on 指明底稿。")
    return begin_blank(
        tx, unit=options.unit, family=options.family, scope=options.scope, title=options.title, **said
    )


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service create", description=__doc__)
    parser.add_argument("--year", type=int, required=True, help="预算年度")
    parser.add_argument("--login", required=True, help="项目经办人的账号；密码在终端输入")
    parser.add_argument("--on", type=UUID, metavar="TABLE", help="以这张已批复的表为底稿")
    parser.add_argument("--unit", help="填报单位的编码")
    parser.add_argument("--family", choices=FAMILY_NAMES, help="表式")
    parser.add_argument("--scope", choices=("project", "unit", "department"), default="project", help="范围")
    parser.add_argument("--title", help="项目（单位）名称")
    parser.add_argument("--chain", default=os.environ.get("GOALTRAIL_CHAIN") or "standard", help="审批链名称")
    parser.add_argument("--data-dir", help="正在运行的实例的数据目录")
    return parser.parse_args(arguments)
