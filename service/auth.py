"""Signing in: argon2id, growing pauses after failures, a new server-side session each time; the log keeps who came."""

import secrets
from contextlib import suppress
from functools import cache
from hashlib import sha256
from uuid import uuid4

from flask import current_app, request, session
from flask_babel import gettext as _
from redis.exceptions import RedisError
from sqlalchemy import RowMapping

from service.passwords import HASHER, is_for_one_use, matches
from service.security import DELAYS, SignInDelay
from workflows.commands.tracing import note_sign_in_failed, note_signed_in
from workflows.errors import GoaltrailError
from workflows.store.accounts import (
    account_of_login,
    end_session,
    keep_in_session,
    note_entry,
    note_failure,
    start_session,
)
from workflows.store.journal import PostgresJournal
from workflows.store.posts import actor_of
from workflows.store.transaction import Transaction


class SignInRefused(GoaltrailError):
    """账号或密码不正确。"""


MUST_CHANGE = "must_change"
"""What a session remembers whose person came in with a password that somebody else had set."""


@cache
def _nobody() -> str:
    """Return a hash to compare with where there is no such account, so that both refusals take the same time."""
    return HASHER.hash(secrets.token_hex(16))


def sign_in(tx: Transaction, login: str, password: str) -> None:
    """Begin a new session for the right password; SignInRefused otherwise, or while the pause of failures runs.

    The caller answers a refusal with a page, so that the failures noted here are kept.
    """
    account = account_of_login(tx, login)
    if must_wait(login, account):
        raise SignInRefused(_("连续多次输入错误，请稍候再试。"))
    right = matches(account["password_hash"] if account else _nobody(), password)
    if account is None or not right or account["disabled"]:
        count_failure(tx, login, account)
        raise SignInRefused
    _entered(tx, login, account)
    token = begin_session(tx, account["person"])
    by = actor_of(tx, account["person"], account["name"])
    session_sha256 = sha256(token.encode()).hexdigest()
    note_signed_in(PostgresJournal(tx), by=by, session_sha256=session_sha256, address=request.remote_addr or "")
    if is_for_one_use(tx, account["person"]):
        keep_in_session(tx, token, {MUST_CHANGE: True})


def _delay(login: str) -> SignInDelay:
    return SignInDelay(current_app.extensions[DELAYS], login, request.remote_addr or "")


def must_wait(login: str, account: RowMapping | None) -> bool:
    """Whether a pause runs: by account and address, or by the account's own counter while the broker is away."""
    try:
        return _delay(login).waiting()
    except RedisError:
        return account is not None and bool(account["must_wait"])


def count_failure(tx: Transaction, login: str, account: RowMapping | None) -> None:
    """Count a wrong password; where a pause begins for an account that exists, the log says so once.

    What was typed as the name of an account that does not exist is not recorded: it may be somebody's password.
    """
    failures = 0
    try:
        failures = _delay(login).failed()
    except RedisError:
        if account is not None:
            failures = note_failure(tx, account["person"])
    if account is not None and failures:
        note_sign_in_failed(
            PostgresJournal(tx), person=account["person"], failures=failures, address=request.remote_addr or "",
            command_id=uuid4(),
        )  # fmt: skip


def _entered(tx: Transaction, login: str, account: RowMapping) -> None:
    note_entry(tx, account["person"])
    with suppress(RedisError):
        _delay(login).succeeded()


def begin_session(tx: Transaction, person: str) -> str:
    """Begin a new session in place of this browser's old one and return its token."""
    if "token" in session:
        end_session(tx, session["token"])
    session.clear()
    token = secrets.token_urlsafe(32)
    if not start_session(tx, token, person):
        raise SignInRefused
    session["token"] = token
    return token


def sign_out(tx: Transaction) -> None:
    """End the session on the server and forget it in the browser."""
    end_session(tx, session.get("token", ""))
    session.clear()
