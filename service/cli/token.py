"""`token`: a person's own access tokens from the command line: listed, made (shown once), ended."""

import argparse
import os
import secrets
from uuid import UUID, uuid4

from service.cli.importing import running_address
from service.cli.operating import known
from service.config import tokens_may_decide
from service.tokens import LIFETIMES, PREFIX, TokenScope, issue_token, revoke_token
from workflows.errors import FieldsInvalid
from workflows.store.tokens import tokens_of
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor


def main(arguments: list[str]) -> int:
    """Carry out one command for the person who signs in."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-token")
    by = known(engine, options.login)
    with begin(engine) as tx:
        lines = _carry_out(tx, options, by)
    print("\n".join(lines))
    engine.dispose()
    return 0


def _carry_out(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    if options.verb == "create":
        return _create(tx, options, by)
    if options.verb == "revoke":
        if options.token is None:
            raise FieldsInvalid("请用 --token 写明令牌的编号。")
        revoke_token(tx, options.token, by=by, command_id=uuid4())
        return ["令牌已吊销，即刻失效。"]
    return [
        f"{row['token_id']}  {'有效' if row['alive'] else '已失效'}  {','.join(row['scopes'])}  "
        f"至{row['ends_at'].date().isoformat()}  {row['name']}"
        for row in tokens_of(tx, by.id)
    ] or ["没有令牌。"]


def _create(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    secret = PREFIX + secrets.token_urlsafe(32)
    ends = issue_token(
        tx, uuid4(), secret, by=by, name=options.name or "", scopes=options.scope or [TokenScope.READ.value],
        days=options.days, command_id=uuid4(), may_decide=tokens_may_decide(os.environ),
    )  # fmt: skip
    return [f"令牌（只显示这一次）：{secret}", f"有效至 {ends[:10]}。"]


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service token", description="本人的访问令牌。")
    parser.add_argument("verb", choices=("list", "create", "revoke"), help="列出、建立、吊销")
    parser.add_argument("--login", required=True, help="本人账号，密码取自环境变量 GOALTRAIL_PASSWORD 或提示输入")
    parser.add_argument("--name", help="用途")
    parser.add_argument("--scope", action="append", choices=[scope.value for scope in TokenScope], help="可以写多次")
    parser.add_argument("--days", type=int, default=90, choices=tuple(LIFETIMES), help="有效的天数")
    parser.add_argument("--token", type=UUID, help="要吊销的令牌的编号")
    parser.add_argument("--data-dir", help="正在运行的实例的数据目录")
    return parser.parse_args(arguments)
