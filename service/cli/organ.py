"""`organ`: the security administrator founds, renames, moves, merges and closes organs; the host lists them."""

import argparse
import os
from uuid import uuid4

from service.access_list import moment_meant
from service.cli.importing import running_address
from service.cli.operating import add_operator, known
from service.organ_changes import ACTS, FOUND, MERGE, MOVE, RENAME, Change, Foreseen, carried_out, foreseen
from workflows.organs import SORTS, OrganTree
from workflows.store.organs import organs_now, organs_then, reorganisations
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role
from workflows.words.sentences import sentence
from workflows.workdays import BEIJING


def main(arguments: list[str]) -> int:
    """Carry one verb out, or only say what it would touch (`--dry-run`)."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-organ")
    try:
        by = None if options.verb in ("list", "history") else known(engine, options.login, Role.SECURITY_ADMIN)
        with begin(engine) as tx:
            lines = _read(tx, options) if by is None else _changed(tx, options, by)
        print("\n".join(lines))
    finally:
        engine.dispose()
    return 0


def _read(tx: Transaction, options: argparse.Namespace) -> list[str]:
    if options.verb == "history":
        told = [f"{each.at.astimezone(BEIJING):%Y-%m-%d %H:%M}  {sentence(each)}" for each in reorganisations(tx)]
        return told or ["没有机构变动。"]
    tree = organs_then(tx, moment_meant(options.as_of)) if options.as_of else organs_now(tx)
    tops = [each.id for each in tree.living if not tree.lives(each.parent)]
    ended = [
        f"{each.id}  {tree.spoken(each.id)}" for each in sorted(tree.organs.values(), key=lambda each: each.id)
        if each.ended_at
    ]  # fmt: skip
    return [*_under(tree, tops, ""), *(["已撤并、撤销：", *(f"  {line}" for line in ended)] if ended else [])]


def _under(tree: OrganTree, organs: list[str], indent: str) -> list[str]:
    lines = []
    for organ in organs:
        each = tree.organs[organ]
        code = f"  代码{each.code}" if each.code else ""
        lines.append(f"{indent}{each.id}  {each.name}（{SORTS[each.sort]}）{code}")
        lines += _under(tree, [child.id for child in tree.children(organ)], f"{indent}  ")
    return lines


def _changed(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    change = Change(
        options.verb, tuple(options.organ), options.doc_no, options.day, options.to, options.name, options.sort,
        options.code,
    )  # fmt: skip
    if options.dry_run:
        return _foreseen(foreseen(tx, change, by=by))
    return [sentence(each) for each in carried_out(tx, change, by=by, command_id=uuid4())]


def _foreseen(found: Foreseen) -> list[str]:
    touched = found.touched
    return [
        "预演，没有任何改动：", *found.sentences,
        f"涉及未办结的表{touched.how_many}张、待办{touched.tasks}项、岗位{len(touched.posts)}个、进行中的任务{len(found.campaigns)}个。",
        *(f"承接机构无人担任{role.chinese}，相关待办将无人可办。" for role in found.alone),
    ]  # fmt: skip


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m service organ", description="机构：列出、设立、更名、划转、撤并、撤销（安全管理员）。"
    )
    parser.add_argument("verb", choices=("list", "history", *ACTS), help="列出、变动记录、设立、更名、划转、撤并、撤销")
    parser.add_argument("organ", nargs="*", help="机构编号（撤并可以有几个）")
    parser.add_argument("--to", default="", help=f"{ACTS[FOUND]}、{ACTS[MOVE]}：上级机构；{ACTS[MERGE]}：承接机构")
    parser.add_argument("--name", default="", help=f"{ACTS[FOUND]}、{ACTS[RENAME]}：名称")
    parser.add_argument("--code", help="统一社会信用代码或部门代码")
    parser.add_argument("--sort", choices=[*SORTS], default="unit", help=f"{ACTS[FOUND]}：类别")
    parser.add_argument("--doc-no", default="", help="机构改革文件的文号")
    parser.add_argument("--day", default="", help="生效日期（YYYY-MM-DD，不晚于今天）")
    parser.add_argument("--as-of", help="list：某日终了或某一时刻的机构")
    parser.add_argument("--dry-run", action="store_true", help="只列出影响，不办理（撤并、撤销之前请先预演）")
    add_operator(parser)
    return parser.parse_args(arguments)
