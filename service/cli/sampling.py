"""`sample`: the performance section draws tables for its check from a seed, or lists what a seed would draw."""

import argparse
import os
from uuid import uuid4

from service.cli.importing import running_address
from service.cli.operating import known
from service.drawing_samples import Draw, bureau_of_the_section, draw_now, rules_now
from workflows.commands.sampling import MOST_CANDIDATES
from workflows.measures.sampling import draw
from workflows.state.rectifications import WHY_DRAWN
from workflows.store.journal import PostgresJournal
from workflows.store.sampling import tables_to_draw_from
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role


def main(arguments: list[str]) -> int:
    """Take `YEAR SEED --login NAME [--department ID] [--dry-run]`; print one line for each drawn table."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-sample")
    by = known(engine, options.login, Role.FINANCE_PERFORMANCE)
    wanted = Draw(options.year, options.department, options.seed)
    with begin(engine) as tx:
        lines = _tried(tx, wanted, by) if options.dry_run else _drawn(tx, wanted, by)
    print("\n".join(lines) or "没有可以抽取的表。")
    engine.dispose()
    return 0


def _tried(tx: Transaction, wanted: Draw, by: Actor) -> list[str]:
    """Return what the seed would draw; nothing is recorded."""
    bureau = bureau_of_the_section(by)
    candidates = tables_to_draw_from(tx, bureau, wanted.year, wanted.department, limit=MOST_CANDIDATES)
    return [f"{table}  预演：{WHY_DRAWN[why]}" for table, why in draw(candidates, wanted.seed, rules_now())]


def _drawn(tx: Transaction, wanted: Draw, by: Actor) -> list[str]:
    tables = draw_now(tx, PostgresJournal(tx), uuid4(), asked=wanted, by=by, command_id=uuid4())
    return [f"{table.id}  {WHY_DRAWN[table.drawn.why]}" for table in tables if table.drawn]


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service sample", description=__doc__)
    parser.add_argument("year", type=int, metavar="YEAR")
    parser.add_argument("seed", metavar="SEED", help="抽取种子，例如公开的开奖号码")
    parser.add_argument("--login", required=True, help="绩效科办理人的账号；密码在终端输入")
    parser.add_argument("--department", default="", help="只在一个主管部门中抽取")
    parser.add_argument("--dry-run", action="store_true", help="预演：列出会抽中哪些，不记录")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
