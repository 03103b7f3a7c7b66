"""`refer`: list the referrals one may read, refer a violation, record what became of it."""

import argparse
import os
from pathlib import Path
from uuid import UUID, uuid4

from service.cli.importing import running_address
from service.cli.operating import known
from workflows.commands.referring import answer_referral, make_referral
from workflows.errors import FieldsInvalid
from workflows.referrals.referral import OUTCOMES, REFERRED_TO, Referral
from workflows.store.journal import PostgresJournal
from workflows.store.referrals import referral_read_by, referrals_read_by
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor


def main(arguments: list[str]) -> int:
    """Take `--login NAME [--table ID --to WHOM | --answer ID --outcome WHAT] [--words FILE] [--doc-no NUMBER]`."""
    options = options_of(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-refer")
    by = known(engine, options.login)
    with begin(engine) as tx:
        print(done(tx, by, options))
    engine.dispose()
    return 0


def done(tx: Transaction, by: Actor, options: argparse.Namespace) -> str:
    """Do what was asked for and return what to print; NotFound as for what there is not."""
    journal, told = PostgresJournal(tx), {"doc_no": options.doc_no, "by": by, "command_id": uuid4()}
    if options.table:
        made = make_referral(
            journal, uuid4(), table_id=options.table, to=options.to, receiver=options.receiver, words=_words(options),
            **told,
        )  # fmt: skip
        return f"已移送：{made.id}"
    if options.answer:
        seen = referral_read_by(tx, by, options.answer).referral.version
        answered = answer_referral(
            journal, options.answer, seen=seen, outcome=options.outcome, words=_words(options), **told
        )
        return f"已登记：{answered.state}"
    lines = [_line(each.referral, each.table.title) for each in referrals_read_by(tx, by)]
    return "\n".join(lines) or "没有可以查看的移送。"


def _line(found: Referral, title: str) -> str:
    return f"{found.id}  {found.at:%Y-%m-%d}  {REFERRED_TO[found.to]}  {found.state}  {title}"


def _words(options: argparse.Namespace) -> str:
    if options.words is None:
        raise FieldsInvalid("请用 --words 指明写有事实和理由的文本文件。", field="words")
    try:
        found: str = options.words.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FieldsInvalid(f"读不了文件：{options.words}", field="words") from error
    return found


def options_of(arguments: list[str]) -> argparse.Namespace:
    """Return the typed options."""
    parser = argparse.ArgumentParser(prog="python3 -m service refer", description=__doc__)
    parser.add_argument("--login", required=True, help="办理人的账号；密码在终端输入")
    parser.add_argument("--table", type=UUID, help="移送这张绩效目标表的问题")
    parser.add_argument("--to", choices=sorted(REFERRED_TO), default="discipline", help="移送给谁")
    parser.add_argument("--receiver", default="", help="接收人的账号（选填）")
    parser.add_argument("--answer", type=UUID, help="登记这项移送的结果")
    parser.add_argument("--outcome", choices=sorted(OUTCOMES), default="accepted", help="结果")
    parser.add_argument("--words", type=Path, metavar="FILE", help="写有事实、依据和理由（或结果说明）的文本文件")
    parser.add_argument("--doc-no", default="", help="移送函或来文的文号")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
