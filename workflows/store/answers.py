"""What a command of the REST interface was answered, under the client's key: a repeat gets the same, once and for all.

The row is written in the command's own transaction, so that answer and record are kept or lost together; whoever
repeats the key meanwhile waits for that transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from workflows.store.transaction import Transaction

FORGET = """
DELETE FROM desk.answer WHERE (person, key_sha256) IN (
  SELECT person, key_sha256 FROM desk.answer WHERE at < clock_timestamp() - interval '30 days'
  ORDER BY at LIMIT 20 FOR UPDATE SKIP LOCKED)"""
TAKE = """
INSERT INTO desk.answer (person, key_sha256, request_sha256, at)
VALUES (:person, :key, :request, clock_timestamp()) ON CONFLICT DO NOTHING"""
FIRST = """
SELECT request_sha256, status, headers, body FROM desk.answer WHERE person = :person AND key_sha256 = :key"""
FILL = """
UPDATE desk.answer SET status = :status, headers = CAST(:headers AS jsonb), body = :body
WHERE person = :person AND key_sha256 = :key"""


@dataclass(frozen=True)
class Kept:
    """The first answer under a key: of which request (SHA-256), its status, headers and body."""

    request_sha256: bytes
    status: int
    headers: Mapping[str, str]
    body: str


def take_key(tx: Transaction, person: str, key: str, request_sha256: bytes) -> Kept | None:
    """Take a person's key for a new command and return None; or return what was answered under it before.

    Waits while another transaction answers under the same key (at most the lock timeout, then Busy).
    """
    tx.run(FORGET)
    hashed = sha256(key.encode()).digest()
    if tx.run(TAKE, person=person, key=hashed, request=request_sha256):
        return None
    row = tx.row(FIRST, person=person, key=hashed)
    return None if row is None else Kept(
        bytes(row["request_sha256"]), row["status"], row["headers"], row["body"]
    )  # fmt: skip


def kept_under(tx: Transaction, person: str, key: str) -> Kept | None:
    """Return what a person was answered under a key, None where nothing was."""
    row = tx.row(FIRST, person=person, key=sha256(key.encode()).digest())
    return Kept(bytes(row["request_sha256"]), row["status"], row["headers"], row["body"]) if row else None


def keep_answer(
    tx: Transaction, person: str, key: str, *, status: int, headers: Mapping[str, str], body: str
) -> None:
    """Write down what was answered under a key that was taken in this transaction."""
    tx.run(
        FILL, person=person, key=sha256(key.encode()).digest(), status=status, headers=json.dumps(dict(headers)),
        body=body,
    )  # fmt: skip
