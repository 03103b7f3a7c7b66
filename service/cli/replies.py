"""`replies`: a year's terms; the budget section says when the congress approved, a department passes replies on."""

import argparse
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from service.cli.acts import items_in
from service.cli.importing import running_address
from service.cli.operating import known
from service.reply_standing import Standing, bureau_of_budget, bureau_of_correction, standing_of
from workflows.commands.approving_budget import approve_budget
from workflows.commands.correcting_budget import ask_budget_correction, confirm_budget_correction
from workflows.commands.passing_on import pass_on_reply, refused_in_passing
from workflows.errors import FieldsInvalid
from workflows.state.reply_terms import Tally
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor


def main(arguments: list[str]) -> int:
    """Take `YEAR --login NAME [--approved-on DAY] [--pass-on LIST.csv --doc-no NUMBER] [--dry-run]`."""
    options = options_of(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-replies")
    by = known(engine, options.login)
    with begin(engine) as tx:
        print(done(tx, by, options))
    engine.dispose()
    return 0


def done(tx: Transaction, by: Actor, options: argparse.Namespace) -> str:
    """Do what was asked for and return what to print."""
    if options.approved_on:
        return _approved(tx, by, options)
    if options.correct_to or options.confirm_correction:
        return _corrected(tx, by, options)
    if options.pass_on:
        return _passed_on(tx, by, options)
    return shown(standing_of(tx, PostgresJournal(tx), by, options.year))


def shown(found: Standing) -> str:
    """Return a year's terms in words: one line for each kind of term, then the tables that are overdue."""
    budgets = found.budgets.values()
    lines = [f"{each.year}年度预算于{each.approved_on}经人大批准，批复期限{each.due}。" for each in budgets]
    kinds = (("财政批复", found.finance), ("部门下达", found.passing), ("公开", found.disclosing))
    lines += [f"{name}：{_counted(counted)}" for name, counted in kinds]
    late = [line for line in found.lines if "overdue" in (line.finance, line.passing, line.disclosing)]
    return "\n".join([*lines, *(f"{line.table_id}  已超期  {line.title}" for line in late)])


def _counted(found: Tally) -> str:
    rest = f"逾期办理{found.late}，办理中{found.running}，已超期{found.overdue}"
    return f"按期{found.in_time}张/共{found.total}张，{rest}"


def _corrected(tx: Transaction, by: Actor, options: argparse.Namespace) -> str:
    if options.dry_run:
        raise FieldsInvalid("更正人大批准日期不支持预演。")
    who: dict[str, Any] = {"bureau": bureau_of_correction(by), "year": options.year, "by": by, "command_id": uuid4()}
    journal = PostgresJournal(tx)
    if options.confirm_correction:
        fact = confirm_budget_correction(journal, approved_on=options.confirm_correction, **who)
        return f"已更正{fact.year}年度预算的人大批准日期：{fact.approved_on}，批复期限{fact.due}。"
    asked = ask_budget_correction(
        journal, approved_on=options.correct_to, reason=options.reason, doc_no=options.doc_no, **who
    )
    return f"已提出更正：{asked.instead_of} → {asked.approved_on}，待另一人确认。"


def _approved(tx: Transaction, by: Actor, options: argparse.Namespace) -> str:
    if options.dry_run:
        raise FieldsInvalid("登记人大批准日期不支持预演。")
    fact = approve_budget(
        PostgresJournal(tx), bureau=bureau_of_budget(by), year=options.year, approved_on=options.approved_on,
        doc_no=options.doc_no, by=by, command_id=uuid4(),
    )  # fmt: skip
    return f"已登记{fact.year}年度预算经人大批准：{fact.approved_on}，批复期限{fact.due}。"


def _passed_on(tx: Transaction, by: Actor, options: argparse.Namespace) -> str:
    journal, tables = PostgresJournal(tx), dict(items_in(options.pass_on, tx, by))
    if options.dry_run:
        refused = refused_in_passing(journal, tables=tables, by=by, command_id=uuid4())
        said = [f"{table}  {refusal.sentence}" for table, refusal in refused.items()]
        head = f"预演，未作记录：可以下达{len(tables) - len(refused)}张，不能下达{len(refused)}张。"
        return "\n".join([head, *said])
    passed = pass_on_reply(journal, uuid4(), tables=tables, doc_no=options.doc_no, by=by, command_id=uuid4())
    return f"已以{options.doc_no}下达批复{len(passed)}张。"


def options_of(arguments: list[str]) -> argparse.Namespace:
    """Return the typed options."""
    parser = argparse.ArgumentParser(prog="python3 -m service replies", description=__doc__)
    parser.add_argument("year", type=int, metavar="YEAR")
    parser.add_argument("--login", required=True, help="办理人的账号；密码在终端输入")
    parser.add_argument("--approved-on", default="", metavar="DAY", help="预算科登记人大批准日期，如 2026-01-20")
    parser.add_argument("--correct-to", default="", metavar="DAY", help="预算科申请把已登记的人大批准日期更正为这一天")
    parser.add_argument("--reason", default="", help="更正的理由（不少于5个字）")
    parser.add_argument("--confirm-correction", default="", metavar="DAY", help="第二人确认更正为这一天")
    parser.add_argument("--pass-on", type=Path, metavar="LIST", help="规财处下达批复：CSV 清单，须有 table 一列")
    parser.add_argument("--doc-no", default="", help="下达文号，或人大决议文号")
    parser.add_argument("--dry-run", action="store_true", help="预演：列出哪些不能下达，不记录")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
