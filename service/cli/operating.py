"""Who gives an operator's command: the person signed in with `--login`, or whoever works at the host."""

import argparse
import getpass
import os

from sqlalchemy import RowMapping

from service.cli.acting import signed_in
from service.host_operator import host_operator
from workflows.errors import NotAllowed, NotFound
from workflows.store.accounts import account_of_login
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role


def add_operator(parser: argparse.ArgumentParser) -> None:
    """Let a command say who gives it and to which installation."""
    parser.add_argument("--login", help="办理人的账号，密码取自环境变量 GOALTRAIL_PASSWORD 或提示输入")
    parser.add_argument("--data-dir", help="正在运行的实例的数据目录")


def password_asked() -> str:
    """Return the operator's own password, from the environment or the terminal."""
    return os.environ.get("GOALTRAIL_PASSWORD") or getpass.getpass("办理人密码：")


def operator(tx: Transaction, login: str | None, password: str, role: Role) -> Actor | None:
    """Return who gives the command: the host's own operator without a login; None for a wrong password.

    Raises NotAllowed where the person does not hold the role.
    """
    if not login:
        return host_operator()
    by = signed_in(tx, login, password)
    if by is not None and not by.holds(role):
        raise NotAllowed(f"此命令须由{role.chinese}办理。", rule="R-ROLE")
    return by


def account_named(tx: Transaction, login: str) -> RowMapping:
    """Return the account of a login name; NotFound where there is none."""
    account = account_of_login(tx, login)
    if account is None:
        raise NotFound(f"没有账号“{login}”。")
    return account
