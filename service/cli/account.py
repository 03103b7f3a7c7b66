"""`account`: lists accounts, makes one, gives a new password, closes and opens; each change goes on the record."""

import argparse
import getpass
import os
from collections.abc import Callable, Mapping
from uuid import uuid4

from sqlalchemy import RowMapping

from service.cli.importing import running_address
from service.cli.operating import account_named, add_operator, known
from service.passwords import HASHER, made_up_password, set_password
from workflows.commands.tracing import note_disabled, note_enabled
from workflows.errors import FieldsInvalid, NotAllowed, ReasonMissing
from workflows.store.accounts import account_of_login, all_accounts, make_account, set_disabled
from workflows.store.journal import PostgresJournal
from workflows.store.leavers import in_hand_of
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role

SHORTEST_REASON = 5


def main(arguments: list[str]) -> int:
    """Carry out one command; every change ends the account's sessions and names who gave it."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-account")
    by = known(engine, options.login, Role.SYSTEM_ADMIN)
    with begin(engine) as tx:
        lines = VERBS[options.verb](tx, options, by)
    print("\n".join(lines))
    engine.dispose()
    return 0


def show(tx: Transaction, _options: argparse.Namespace, _by: Actor) -> list[str]:
    """Name every account, whether it is closed, and when it last came in."""
    return [
        f"{row['login']:<16}{row['name']}  {'已停用' if row['disabled'] else '可用'}  "
        f"最近登录 {row['last_login_at'].isoformat(timespec='minutes') if row['last_login_at'] else '无'}"
        for row in all_accounts(tx)
    ]


def create(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    """Make an account without any post, with a password for one use."""
    if account_of_login(tx, options.account) is not None:
        raise FieldsInvalid(f"账号“{options.account}”已存在。")
    if not options.name:
        raise FieldsInvalid("请用 --name 写明姓名。")
    make_account(
        tx, person=options.account, login=options.account, name=options.name, email=options.email,
        password_hash=HASHER.hash(made_up_password()),
    )  # fmt: skip
    return reset(tx, options, by)


def reset(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    """Give an account a password for one use: a made-up one that is printed, or one that is typed twice."""
    account = account_named(tx, options.account)
    if account["person"] == by.id:
        raise NotAllowed("自己的密码请登录后在“本人账号”页修改。", rule="R-ROLE")
    password = _typed() if options.prompt else made_up_password()
    set_password(tx, account, password, by=by, command_id=uuid4())
    said = "" if options.prompt else f"一次性密码：{password}\n"
    return [f"{said}{account['name']}（{account['login']}）的登录已全部退出；凭新密码登录后须先自行改密。"]


def disable(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    """Close an account: its sessions end, its posts stay on the record until the security administrator takes them."""
    account = account_named(tx, options.account)
    if account["disabled"]:
        raise FieldsInvalid(f"账号“{account['login']}”已是停用状态。")
    set_disabled(tx, account["person"], disabled=True)
    note_disabled(
        PostgresJournal(tx), person=account["person"], reason=_reason(options), by=by, command_id=uuid4()
    )
    return [f"已停用{account['name']}（{account['login']}），其登录已全部退出。", *_left_in_hand(tx, account)]


def _left_in_hand(tx: Transaction, account: RowMapping) -> list[str]:
    """Return what a closed account leaves open, and how it is handed over (features C7)."""
    held = in_hand_of(tx, account["person"])
    if held.nothing:
        return []
    counts = f"经办的表{len(held.tables)}张、指定或认领的任务{len(held.tasks)}项、代理授权{len(held.covers)}项"
    return [f"尚有{counts}，请安全管理员移交：python3 -m service cover leave --for {account['login']} --login 账号"]


def enable(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    """Open a closed account again."""
    account = account_named(tx, options.account)
    if not account["disabled"]:
        raise FieldsInvalid(f"账号“{account['login']}”没有停用。")
    set_disabled(tx, account["person"], disabled=False)
    note_enabled(PostgresJournal(tx), person=account["person"], reason=_reason(options), by=by, command_id=uuid4())
    return [f"已恢复{account['name']}（{account['login']}）。"]


VERBS: Mapping[str, Callable[[Transaction, argparse.Namespace, Actor], list[str]]] = {
    "list": show, "create": create, "reset": reset, "disable": disable, "enable": enable,
}  # fmt: skip


def _typed() -> str:
    password = getpass.getpass("新密码：")
    if getpass.getpass("再输一次：") != password:
        raise FieldsInvalid("两次输入的密码不一致。")
    return password


def _reason(options: argparse.Namespace) -> str:
    reason: str = (options.reason or "").strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing("请用 --reason 写明理由（不少于5个字）。")
    return reason


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service account", description="管理账号，每次变动都记入台账。")
    parser.add_argument("verb", choices=tuple(VERBS), help="列出、新建、重置密码、停用、恢复")
    parser.add_argument("account", nargs="?", help="账号（list 之外必填）")
    parser.add_argument("--name", help="新建账号的姓名")
    parser.add_argument("--email", help="新建账号的邮箱")
    parser.add_argument("--reason", help="停用、恢复的理由")
    parser.add_argument("--prompt", action="store_true", help="重置时提示输入密码，而不是生成一个")
    add_operator(parser)
    options = parser.parse_args(arguments)
    if options.verb != "list" and not options.account:
        parser.error("请写明账号。")
    return options
