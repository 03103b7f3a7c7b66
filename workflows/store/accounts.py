"""Accounts and sessions: who may sign in, how often it failed, and which session tokens are alive (kept as hashes)."""

import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import RowMapping

from workflows.store.covers import covers_at, waivers_at
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Post, Role

MAKE = """
INSERT INTO desk.account (person, login, name, email, password_hash)
VALUES (:person, :login, :name, :email, :password_hash)
ON CONFLICT (person) DO UPDATE SET login = excluded.login, name = excluded.name, email = excluded.email,
  password_hash = excluded.password_hash, generation = desk.account.generation + 1"""
FAILED = """
UPDATE desk.account SET failed_attempts = failed_attempts + 1,
  wait_until = clock_timestamp() + make_interval(secs => CASE WHEN failed_attempts < 4 THEN 0
                                                              ELSE least(900, 10 * power(2, failed_attempts - 4)) END)
WHERE person = :person RETURNING CASE WHEN failed_attempts > 4 THEN failed_attempts ELSE 0 END"""
PUT_HASH = """
UPDATE desk.account SET password_hash = :password_hash, generation = generation + 1, failed_attempts = 0,
  wait_until = NULL
WHERE person = :person"""
ENTERED = """
UPDATE desk.account SET failed_attempts = 0, wait_until = NULL, last_login_at = clock_timestamp()
WHERE person = :person"""
START = """
INSERT INTO desk.session (token_sha256, person, generation, started_at, seen_at, ends_at)
SELECT :token, person, generation, clock_timestamp(), clock_timestamp(), clock_timestamp() + :lasts
FROM desk.account WHERE person = :person AND NOT disabled"""
ALIVE = """
SELECT a.person, a.login, a.name, a.email, a.language, s.data, s.started_at, log.now() AS now,
  s.seen_at < clock_timestamp() - interval '1 minute' AS long_ago,
  ARRAY(SELECT ARRAY[p.role, p.organ, p.via] FROM desk.post p WHERE p.person = a.person AND p.to_at IS NULL
        ORDER BY via <> '', role, organ) AS posts,
  EXISTS (SELECT FROM desk.cover c WHERE c.deputy = a.person AND c.to_at > log.now()) AS covers,
  EXISTS (SELECT FROM desk.waiver w WHERE w.person = a.person AND w.until > log.now()) AS waives
FROM desk.session s JOIN desk.account a USING (person)
WHERE s.token_sha256 = :token AND s.generation = a.generation AND NOT a.disabled
  AND s.ends_at > clock_timestamp() AND s.seen_at > clock_timestamp() - CAST(:idle AS interval)"""
SEEN = """
UPDATE desk.session SET seen_at = clock_timestamp()
WHERE token_sha256 = :token AND seen_at < clock_timestamp() - interval '1 minute'"""


def make_account(
    tx: Transaction, *, person: str, login: str, name: str, password_hash: str, email: str | None = None
) -> None:
    """Make an account, or give it a new password, which ends its sessions."""
    tx.run(MAKE, person=person, login=login, name=name, email=email, password_hash=password_hash)


def account_of_login(tx: Transaction, login: str) -> RowMapping | None:
    """Return the account of a login name; `must_wait` says whether its throttle holds now."""
    return tx.row(
        "SELECT *, coalesce(wait_until > clock_timestamp(), false) AS must_wait FROM desk.account WHERE login = :login",
        login=login,
    )


def account_of_person(tx: Transaction, person: str) -> RowMapping | None:
    """Return the account of a person."""
    return tx.row("SELECT * FROM desk.account WHERE person = :person", person=person)


def all_accounts(tx: Transaction) -> list[RowMapping]:
    """Return every account, by person."""
    return list(tx.rows("SELECT * FROM desk.account ORDER BY person"))


def note_failure(tx: Transaction, person: str) -> int:
    """Count a wrong password; from the fifth on the next try waits, twice as long each time, at most 15 minutes.

    Return how many there were where a pause begins, else 0.
    """
    return int(tx.scalar(FAILED, person=person) or 0)


def put_password(tx: Transaction, person: str, password_hash: str) -> None:
    """Give an account a new password and cut off every session; failures are forgotten."""
    tx.run(PUT_HASH, person=person, password_hash=password_hash)


def note_entry(tx: Transaction, person: str) -> None:
    """Forget the failures after a right password."""
    tx.run(ENTERED, person=person)


def start_session(tx: Transaction, token: str, person: str, *, lasts: timedelta = timedelta(hours=12)) -> bool:
    """Keep a session under the token's hash; False for a disabled or unknown account."""
    return tx.run(START, token=_hash(token), person=person, lasts=lasts) == 1


def session_of(tx: Transaction, token: str, *, idle: timedelta = timedelta(hours=2)) -> RowMapping | None:
    """Return who is signed in under a token, None where the session ended, idled or was cut off.

    The one question of every request: it brings the posts held now (`posts`: role, organ, via) and the log's time
    along, and whether covers (`covers`) or waivers (`waives`) have to be asked for.
    """
    row = tx.row(ALIVE, token=_hash(token), idle=idle)
    if row is not None:
        tx.see_time(row["now"])
        if row["long_ago"]:
            tx.run(SEEN, token=_hash(token))
    return row


def actor_in(tx: Transaction, session: RowMapping) -> Actor:
    """Return the person of a living session with the posts held now, and the covers and waivers in force now."""
    person = session["person"]
    return Actor(
        person, session["name"], tuple(Post(Role(role), organ, via) for role, organ, via in session["posts"]),
        covers_at(tx, person, tx.now()) if session["covers"] else (),
        waivers_at(tx, person, tx.now()) if session["waives"] else (),
    )  # fmt: skip


def keep_in_session(tx: Transaction, token: str, data: Mapping[str, object]) -> None:
    """Replace what the session remembers."""
    tx.run(
        "UPDATE desk.session SET data = CAST(:data AS jsonb) WHERE token_sha256 = :token",
        token=_hash(token), data=json.dumps(dict(data)),
    )  # fmt: skip


def end_session(tx: Transaction, token: str) -> None:
    """Forget a session."""
    tx.run("DELETE FROM desk.session WHERE token_sha256 = :token", token=_hash(token))


def end_all_sessions(tx: Transaction, person: str) -> None:
    """Cut off every session of a person."""
    tx.run("UPDATE desk.account SET generation = generation + 1 WHERE person = :person", person=person)


def set_disabled(tx: Transaction, person: str, *, disabled: bool) -> None:
    """Let a person in or not; a disabled account has no session."""
    tx.run(
        "UPDATE desk.account SET disabled = :disabled, generation = generation + 1 WHERE person = :person",
        person=person, disabled=disabled,
    )  # fmt: skip


def set_language(tx: Transaction, person: str, language: str) -> None:
    """Remember in which language a person reads: zh or en."""
    tx.run("UPDATE desk.account SET language = :language WHERE person = :person", person=person, language=language)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
