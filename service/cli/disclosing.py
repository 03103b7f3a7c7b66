"""`disclose`: the department's finance office releases its pack of a year, or sees what it would hold."""

import argparse
import os
from uuid import uuid4

from service.cli.importing import running_address
from service.cli.operating import operator, password_asked
from service.disclosing_packs import department_of, release_now, standing_now
from workflows.disclosures import in_words
from workflows.errors import NotAllowed
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Role


def main(arguments: list[str]) -> int:
    """Take `YEAR --login NAME [--dry-run]`; print how many tables are public, wait or stay inside, and the last day."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-disclose")
    password = password_asked()
    with begin(engine) as tx:
        by = operator(tx, options.login, password, Role.DEPARTMENT_FINANCE)
    if by is None:
        raise NotAllowed("账号或密码不正确，或因多次输错须稍候再试。")
    with begin(engine) as tx:
        journal = PostgresJournal(tx)
        if options.dry_run:
            now = standing_now(tx, journal, department_of(by), options.year)
            print(f"可以公开{len(now.pack.fit)}张，待审查{len(now.pack.waiting)}张；期限{now.pack.due or '—'}。")
            print(in_words(now.pack.internal, now.stubs))
        else:
            fact = release_now(tx, journal, uuid4(), year=options.year, by=by, command_id=uuid4())
            print(f"已公开{len(fact.tables)}张；期限{fact.due}。{in_words(fact.internal, fact.stubs)}")
    engine.dispose()
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service disclose", description=__doc__)
    parser.add_argument("year", type=int, metavar="YEAR")
    parser.add_argument("--login", required=True, help="主管部门规划财务处人员的账号；密码在终端输入")
    parser.add_argument("--dry-run", action="store_true", help="预演：列出会公开多少，不记录")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
