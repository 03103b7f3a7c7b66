"""Whether the ledger's guards stand as the owner's rights last left them: the schema's fingerprint and its triggers."""

from dataclasses import dataclass
from uuid import UUID

from workflows.store.transaction import Transaction

LAST = """
SELECT version, convert_from(body, 'UTF8')::jsonb -> 'data' AS data FROM log.event
WHERE stream_id = :stream AND kind = :kind ORDER BY version DESC LIMIT 1"""
ASLEEP = """
SELECT c.relname || '.' || t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'log'::regnamespace AND NOT t.tgisinternal AND t.tgenabled <> 'A'
UNION ALL
SELECT wanted.relation FROM unnest(ARRAY['event', 'leaf', 'seal', 'content', 'stream']) AS wanted (relation)
WHERE NOT EXISTS (SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                  WHERE c.relnamespace = 'log'::regnamespace AND c.relname = wanted.relation AND NOT t.tgisinternal)
ORDER BY 1"""
HAS_FINGERPRINT = "SELECT to_regprocedure('log.fingerprint()') IS NOT NULL"


@dataclass(frozen=True)
class Guards:
    """How the schema was left and how it is found: fingerprints in hex; `asleep` names triggers that do not fire.

    `expected` is None where no use of the owner's rights was ever recorded; `last_found` is the newest recorded
    finding, `held_against` the version of the event that the next finding is held against.
    """

    expected: str | None
    found: str
    asleep: tuple[str, ...]
    last_found: str | None
    held_against: int

    @property
    def intact(self) -> bool:
        """Whether nothing differs and every trigger fires always."""
        return not self.asleep and self.expected in (None, self.found)

    @property
    def news(self) -> bool:
        """Whether the schema is another than the last event said, which has to be recorded."""
        return self.expected is not None and self.found != (self.last_found or self.expected)


def guards_of(tx: Transaction, stream: UUID) -> Guards:
    """Return how the guards stand; `stream` is the installation's, where the uses of the owner's rights lie."""
    used, changed = (tx.row(LAST, stream=stream, kind=kind) for kind in ("owner.used", "catalog.changed"))
    later = changed if changed and (used is None or changed["version"] > used["version"]) else None
    return Guards(
        expected=used["data"]["fingerprint"] if used else None,
        found=tx.scalar("SELECT log.fingerprint()"),
        asleep=tuple(row["name"] for row in tx.rows(ASLEEP)),
        last_found=later["data"]["found"] if later else None,
        held_against=(later or used or {"version": 0})["version"],
    )


def has_fingerprint(tx: Transaction) -> bool:
    """Whether the schema is new enough to tell its fingerprint; an empty database is not."""
    return bool(tx.scalar(HAS_FINGERPRINT))
