"""`disclose`: a department's packs of a year, released or only looked at; the approval of its final accounts."""

import argparse
import os
from typing import Any
from uuid import uuid4

from service.cli.importing import running_address
from service.cli.operating import known
from service.department_accounts import bureau_of_accounts, bureau_of_correction, refuse_unknown
from service.disclosing_packs import department_of, release_now, standing_now
from workflows.commands.approving_accounts import approve_accounts
from workflows.commands.correcting_accounts import ask_accounts_correction, confirm_accounts_correction
from workflows.state.disclosures import GOALS, KINDS, in_words
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role


def main(arguments: list[str]) -> int:
    """Take `YEAR --login NAME [--what KIND] [--dry-run]`, or `--accounts-on DAY --department ID` of the bureau."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-disclose")
    role = Role.FINANCE_BUDGET if options.accounts_on or options.correct_to else Role.DEPARTMENT_FINANCE
    by = known(engine, options.login, None if options.confirm_correction else role)
    with begin(engine) as tx:
        print(done(tx, by, options))
    engine.dispose()
    return 0


def done(tx: Transaction, by: Actor, options: argparse.Namespace) -> str:
    """Do what was asked for and return what to print."""
    journal = PostgresJournal(tx)
    if options.accounts_on:
        bureau = bureau_of_accounts(by)
        refuse_unknown(tx, bureau, options.department)
        facts = approve_accounts(
            journal, bureau=bureau, departments=options.department, year=options.year,
            approved_on=options.accounts_on, doc_no=options.doc_no, congress_on=options.congress_on, by=by,
            command_id=uuid4(),
        )  # fmt: skip
        return "\n".join(f"{each.department}：已登记决算批复，自评结果公开期限{each.disclose_due}。" for each in facts)
    if options.correct_to or options.confirm_correction:
        return _corrected(tx, by, options)
    if options.dry_run:
        now = standing_now(tx, journal, department_of(by), options.year, options.what)
        said = f"可以公开{len(now.pack.fit)}张，待审查{len(now.pack.waiting)}张；期限{now.pack.due or '—'}。"
        return f"{said}\n{in_words(now.pack.internal, now.stubs, now.what, now.pack.unfinished)}"
    fact = release_now(tx, journal, uuid4(), year=options.year, by=by, command_id=uuid4(), what=options.what)
    left = in_words(fact.internal, fact.stubs, fact.what, fact.unfinished)
    return f"已公开{len(fact.tables)}张；期限{fact.due}。{left}"


def _corrected(tx: Transaction, by: Actor, options: argparse.Namespace) -> str:
    """Ask for a correction of one department's approval, or agree to the one that waits; return what to print."""
    journal, bureau = PostgresJournal(tx), bureau_of_correction(by)
    refuse_unknown(tx, bureau, options.department)
    who: dict[str, Any] = {"bureau": bureau, "year": options.year, "by": by}
    said = []
    for department in options.department:
        who |= {"department": department, "command_id": uuid4()}
        if options.confirm_correction:
            fact = confirm_accounts_correction(journal, approved_on=options.confirm_correction, **who)
            said.append(f"{department}：已更正决算批复，自评结果公开期限{fact.disclose_due}。")
            continue
        asked = ask_accounts_correction(
            journal, approved_on=options.correct_to, reason=options.reason, doc_no=options.doc_no,
            congress_on=options.congress_on, **who,
        )  # fmt: skip
        said.append(f"{department}：已申请更正（{asked.instead_of} → {asked.approved_on}），待另一人确认。")
    return "\n".join(said)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service disclose", description=__doc__)
    parser.add_argument("year", type=int, metavar="YEAR")
    parser.add_argument("--login", required=True, help="规划财务处（登记决算批复的为预算科）人员的账号")
    parser.add_argument("--what", choices=sorted(KINDS), default=GOALS, help="公开绩效目标（goals）或单位自评结果")
    parser.add_argument("--accounts-on", default="", metavar="DAY", help="预算科登记部门决算的批复日期，如 2027-08-10")
    parser.add_argument("--department", action="append", default=[], metavar="ID", help="决算已批复的部门，可重复")
    parser.add_argument("--congress-on", default="", metavar="DAY", help="人大批准决算的日期（选填）")
    parser.add_argument("--doc-no", default="", help="决算批复文号（选填）")
    parser.add_argument("--correct-to", default="", metavar="DAY", help="预算科申请把已登记的决算批复日期更正为这一天")
    parser.add_argument("--reason", default="", help="更正的理由")
    parser.add_argument("--confirm-correction", default="", metavar="DAY", help="第二人确认更正为这一天")
    parser.add_argument("--dry-run", action="store_true", help="预演：列出会公开多少，不记录")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
