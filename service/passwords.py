"""Passwords: which are refused, how one is hashed, made up and set; every new one ends the sessions and is recorded."""

import secrets
import string
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask_babel import lazy_gettext as _
from sqlalchemy import RowMapping

from workflows.commands.tracing import note_password_reset, trace_stream
from workflows.errors import FieldsInvalid
from workflows.store.accounts import put_password
from workflows.store.journal import PostgresJournal
from workflows.store.traces import last_of_kind
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

SHORTEST, LONGEST = 12, 200
COMMON = (
    "123456", "123456789", "12345678", "password", "qwerty123", "qwerty", "111111", "000000", "123123", "abc123",
    "1234567890", "1234567", "password1", "admin", "admin123", "welcome", "iloveyou", "a123456", "woaini", "1q2w3e4r",
)  # fmt: skip
"""The twenty most common; also refused doubled, in capitals, or with nothing but digits and signs around them."""
HASHER = PasswordHasher()


def matches(hashed: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        return HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def refuse_weak(password: str, login: str) -> None:
    """Raise FieldsInvalid for a password that is too short or long, common, or made around the login name."""
    lower = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        raise FieldsInvalid(str(_("密码须为12至200个字符。")))
    if login.casefold() in lower:
        raise FieldsInvalid(str(_("密码不能含有账号名。")))
    if _is_common(lower):
        raise FieldsInvalid(str(_("这个密码过于常见，请另选一个。")))


def _is_common(lower: str) -> bool:
    bare = lower.strip(string.digits + string.punctuation + " ")
    doubled = any(lower == (word * len(lower))[: len(lower)] for word in COMMON)
    return doubled or len(set(lower)) < 4 or bare in COMMON


def made_up_password() -> str:
    """Return a password for one use: 20 letters and digits that are not taken for one another, in groups of five."""
    signs = "".join(sign for sign in string.ascii_lowercase + string.digits if sign not in "0o1l")
    return "-".join("".join(secrets.choice(signs) for _place in range(5)) for _group in range(4))


def set_password(tx: Transaction, account: RowMapping, password: str, *, by: Actor, command_id: UUID) -> None:
    """Give an account a new password, end all its sessions, and record who did it; FieldsInvalid for a weak one."""
    refuse_weak(password, account["login"])
    put_password(tx, account["person"], HASHER.hash(password))
    note_password_reset(PostgresJournal(tx), person=account["person"], by=by, command_id=command_id)


def is_for_one_use(tx: Transaction, person: str) -> bool:
    """Whether the person's password was set by somebody else, so that he has to choose his own first."""
    last = last_of_kind(tx, trace_stream(person), "account.password_reset")
    return last is not None and not getattr(last.fact, "by_self", True)
