"""`preview`: the way before a table as its pages show it: each node with names, rule and due day, or why not."""

import argparse
import os
from uuid import UUID

from service.cli.importing import running_address
from service.cli.operating import known
from workflows.commands.foreseeing import way_ahead
from workflows.rights.preview import Candidate, Planned
from workflows.state.signoff import words_of
from workflows.store.journal import PostgresJournal
from workflows.store.queries import table_seen_by
from workflows.store.transaction import begin, make_engine
from workflows.store.way_ahead import people_around


def main(arguments: list[str]) -> int:
    """Take `TABLE --as NAME`; print a line for every node to come; 0 even where somebody is missing."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-preview")
    actor = known(engine, options.login)
    with begin(engine) as tx:
        table = table_seen_by(tx, actor, options.table)
        people = people_around(tx, table, tx.now())
        planned = way_ahead(PostgresJournal(tx), table, holders=people.holders, deputies=people.deputies)
    engine.dispose()
    print(f"《{table.title}》现处于{table.stage.chinese}。")
    for each in planned:
        print(line_of(each))
    return 0


def line_of(each: Planned) -> str:
    """Return one node in one line: 2026-12-02  规划财务处审核  徐慧敏."""
    if each.skipped:
        return f"{'—':<10}  {each.title}  不经过：{each.reason}"
    people = dict.fromkeys(_named(candidate) for task in each.tasks for candidate in task.people)
    rule = f"（{words_of(each.rule, len(each.tasks))}）" if len(each.tasks) > 1 else ""
    missing = "".join(f"  ！{task.role.chinese}暂无人可以签署" for task in each.unmanned)
    provisional = "（暂定）" if each.provisional else ""
    return f"{each.due}{provisional}  {each.title}{rule}  {'、'.join(people)}{missing}"


def _named(candidate: Candidate) -> str:
    deputies = "、".join(dict.fromkeys(each.by.name for each in candidate.deputies))
    return f"{candidate.name}（可由{deputies}代办）" if deputies else candidate.name


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service preview", description=__doc__)
    parser.add_argument("table", type=UUID)
    parser.add_argument("--as", "--login", dest="login", required=True, help="账号；密码在终端输入，不写在命令里")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
