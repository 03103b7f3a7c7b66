"""Signing in: argon2id, growing pauses after failures, a new server-side session each time."""

import secrets
from contextlib import suppress
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app, request, session
from flask_babel import gettext as _
from redis.exceptions import RedisError
from sqlalchemy import RowMapping

from service.security import DELAYS, SignInDelay
from workflows.errors import GoaltrailError
from workflows.store.accounts import account_of_login, end_session, note_entry, note_failure, start_session
from workflows.store.transaction import Transaction


class SignInRefused(GoaltrailError):
    """账号或密码不正确。"""


HASHER = PasswordHasher()


@cache
def _nobody() -> str:
    """Return a hash to compare with where there is no such account, so that both refusals take the same time."""
    return HASHER.hash(secrets.token_hex(16))


def sign_in(tx: Transaction, login: str, password: str) -> None:
    """Begin a new session for the right password; SignInRefused otherwise, or while the pause of failures runs.

    The caller answers a refusal with a page, so that the failures noted here are kept.
    """
    account = account_of_login(tx, login)
    if _must_wait(login, account):
        raise SignInRefused(_("连续多次输入错误，请稍候再试。"))
    right = _matches(account["password_hash"] if account else _nobody(), password)
    if account is None or not right or account["disabled"]:
        _failed(tx, login, account)
        raise SignInRefused
    _entered(tx, login, account)
    _begin(tx, account["person"])


def _delay(login: str) -> SignInDelay:
    return SignInDelay(current_app.extensions[DELAYS], login, request.remote_addr or "")


def _must_wait(login: str, account: RowMapping | None) -> bool:
    """Whether a pause runs: by account and address, or by the account's own counter while the broker is away."""
    try:
        return _delay(login).waiting()
    except RedisError:
        return account is not None and bool(account["must_wait"])


def _failed(tx: Transaction, login: str, account: RowMapping | None) -> None:
    try:
        _delay(login).failed()
    except RedisError:
        if account is not None:
            note_failure(tx, account["person"])


def _entered(tx: Transaction, login: str, account: RowMapping) -> None:
    note_entry(tx, account["person"])
    with suppress(RedisError):
        _delay(login).succeeded()


def _matches(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _begin(tx: Transaction, person: str) -> None:
    if "token" in session:
        end_session(tx, session["token"])
    session.clear()
    token = secrets.token_urlsafe(32)
    if not start_session(tx, token, person):
        raise SignInRefused
    session["token"] = token


def sign_out(tx: Transaction) -> None:
    """End the session on the server and forget it in the browser."""
    end_session(tx, session.get("token", ""))
    session.clear()
