"""Channels that rest: after three failures in a row nothing is tried for a while, longer each time; others go on."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from workflows.store.transaction import Transaction

ENOUGH, FIRST_REST, LONGEST_REST = 3, 60.0, 1_800.0
FAILED = """
INSERT INTO desk.channel_rest AS r (channel, failures, rests_until, last_error, since)
VALUES (:channel, 1, :now, :error, :now)
ON CONFLICT (channel) DO UPDATE SET failures = r.failures + 1, last_error = excluded.last_error,
  rests_until = CASE WHEN r.failures + 1 < :enough THEN excluded.rests_until
    ELSE excluded.rests_until + make_interval(secs => least(:first * 2 ^ (r.failures + 1 - :enough), :longest)) END
RETURNING rests_until > :now AS rests"""
WORKS = "DELETE FROM desk.channel_rest WHERE channel = :channel"
TROUBLED = "SELECT *, rests_until > :now AS rests FROM desk.channel_rest ORDER BY channel"


def note_failure(tx: Transaction, channel: str, error: str) -> bool:
    """Count that a channel could not be reached; True where it rests now (1 min, then twice that, up to 30)."""
    counted = tx.row(FAILED, channel=channel, error=error, now=tx.now(), enough=ENOUGH, first=FIRST_REST,
                     longest=LONGEST_REST)  # fmt: skip
    return bool(counted and counted["rests"])


def note_success(tx: Transaction, channel: str) -> None:
    """Forget the failures of a channel that answered."""
    tx.run(WORKS, channel=channel)


def troubled_channels(tx: Transaction) -> Sequence[RowMapping]:
    """Return the channels that failed last, with `rests` for those that are left alone now."""
    return tx.rows(TROUBLED, now=tx.now())
