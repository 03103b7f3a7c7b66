"""Personal access tokens: kept as hashes, alive until they end, are revoked, or the password changes."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.store.transaction import Transaction

KEEP = """
INSERT INTO desk.token (token_id, person, name, scopes, token_sha256, generation, made_at, ends_at)
SELECT :token_id, person, :name, :scopes, :hash, generation, clock_timestamp(), clock_timestamp() + :lasts
FROM desk.account WHERE person = :person AND NOT disabled
ON CONFLICT (token_id) DO NOTHING RETURNING ends_at"""
LIVES = "k.revoked_at IS NULL AND k.ends_at > clock_timestamp() AND k.generation = a.generation AND NOT a.disabled"
ALIVE = f"""
SELECT k.token_id, k.person, k.scopes, a.name, log.now() AS now,
  coalesce(k.used_at < clock_timestamp() - interval '1 minute', true) AS long_ago
FROM desk.token k JOIN desk.account a USING (person) WHERE k.token_sha256 = :hash AND {LIVES}"""  # noqa: S608 - names of this file
MINE = f"""
SELECT k.token_id, k.name, k.scopes, k.made_at, k.ends_at, k.used_at, k.revoked_at, {LIVES} AS alive
FROM desk.token k JOIN desk.account a USING (person) WHERE k.person = :person
ORDER BY k.made_at DESC, k.token_id LIMIT :limit"""  # noqa: S608 - names of this file
COUNT = f"""
SELECT count(*) FROM desk.token k JOIN desk.account a USING (person) WHERE k.person = :person AND {LIVES}"""  # noqa: S608 - names of this file
USED = "UPDATE desk.token SET used_at = clock_timestamp() WHERE token_id = :token_id"
REVOKE = """
UPDATE desk.token SET revoked_at = clock_timestamp()
WHERE token_id = :token_id AND person = :person AND revoked_at IS NULL"""
SHOWN = 100


def keep_token(
    tx: Transaction, token_id: UUID, *, person: str, name: str, scopes: Sequence[str], secret: str, lasts: timedelta
) -> str | None:
    """Keep a token under its secret's hash; return when it ends (ISO).

    None where the account is closed or unknown, or the token was made before.
    """
    ends = tx.scalar(
        KEEP, token_id=token_id, person=person, name=name, scopes=list(scopes), hash=_hash(secret), lasts=lasts
    )
    return None if ends is None else ends.isoformat()


def token_of(tx: Transaction, secret: str) -> RowMapping | None:
    """Return the living token of a secret with its person's name, None where there is none; notes the use."""
    row = tx.row(ALIVE, hash=_hash(secret))
    if row is not None:
        tx.see_time(row["now"])
        if row["long_ago"]:
            tx.run(USED, token_id=row["token_id"])
    return row


def tokens_of(tx: Transaction, person: str) -> Sequence[RowMapping]:
    """Return the person's last hundred tokens, newest first, dead ones too; `alive` says which still open."""
    return tx.rows(MINE, person=person, limit=SHOWN)


def count_living(tx: Transaction, person: str) -> int:
    """Return how many tokens of the person open now."""
    return int(tx.scalar(COUNT, person=person))


def end_token(tx: Transaction, person: str, token_id: UUID) -> bool:
    """Revoke a person's token; False where the person has no such token that was not revoked before."""
    return tx.run(REVOKE, token_id=token_id, person=person) == 1


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
