"""Who gives a command: the person signed in with `--login`, or whoever works at the host."""

import argparse
import getpass
import os
import secrets
from uuid import uuid4

from sqlalchemy import Engine, RowMapping

from service.api.refusals import PasswordToChange
from service.host_operator import host_operator
from service.passwords import is_for_one_use, matches
from workflows.commands.tracing import note_sign_in_failed, note_signed_in
from workflows.errors import NotAllowed, NotFound
from workflows.store.accounts import account_of_login, note_failure
from workflows.store.journal import PostgresJournal
from workflows.store.posts import actor_of
from workflows.store.transaction import Transaction, begin
from workflows.vocabulary import Actor, Role

COMMAND_LINE = "命令行"
"""What stands for an address in the trace of a sign-in."""


class WrongPassword(NotAllowed):
    """账号或密码不正确，或因多次输错须稍候再试。"""


def add_operator(parser: argparse.ArgumentParser) -> None:
    """Let a command say who gives it and to which installation."""
    parser.add_argument("--login", help="办理人的账号，密码取自环境变量 GOALTRAIL_PASSWORD 或提示输入")
    parser.add_argument("--data-dir", help="正在运行的实例的数据目录")


def known(engine: Engine, login: str | None, role: Role | None = None) -> Actor:
    """Return who gives the command, the host's own operator where a command for a role names nobody.

    The password comes from the environment or the terminal. The sign-in has a transaction of its own, so that a wrong
    password is counted whatever comes of the command. WrongPassword; PasswordToChange; NotAllowed for another role.
    """
    if role and not login:
        return host_operator()
    password = os.environ.get("GOALTRAIL_PASSWORD") or getpass.getpass("办理人密码：")
    with begin(engine) as tx:
        by = _signed_in(tx, login or "", password)
        unfit = by is not None and is_for_one_use(tx, by.id)
    if by is None:
        raise WrongPassword
    if unfit:
        raise PasswordToChange(rule="A-PASSWORD")
    if role and not by.holds(role):
        raise NotAllowed(f"此命令须由{role.chinese}办理。", rule="R-ROLE")
    return by


def _signed_in(tx: Transaction, login: str, password: str) -> Actor | None:
    """Return the person of a login and password, who leaves a trace; None, with the failure counted, otherwise."""
    account, journal = account_of_login(tx, login), PostgresJournal(tx)
    if account is None or account["disabled"] or account["must_wait"]:
        return None
    if not matches(account["password_hash"], password):
        failures = note_failure(tx, account["person"])
        if failures:
            note_sign_in_failed(
                journal, person=account["person"], failures=failures, address=COMMAND_LINE, command_id=uuid4()
            )
        return None
    by = actor_of(tx, account["person"], account["name"])
    note_signed_in(journal, by=by, session_sha256=secrets.token_hex(32), address=COMMAND_LINE)
    return by


def account_named(tx: Transaction, login: str) -> RowMapping:
    """Return the account of a login name; NotFound where there is none."""
    account = account_of_login(tx, login)
    if account is None:
        raise NotFound(f"没有账号“{login}”。")
    return account
