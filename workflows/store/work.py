"""What work waits for the workers now, whether its reason still holds, and how a piece is given back untried."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.store.campaign_coverage import is_missing, reminds_of_campaign
from workflows.store.review_clocks import clock_runs, is_of_clock
from workflows.store.transaction import Transaction

ENOUGH = 200
AWAKE = "NOT EXISTS (SELECT FROM desk.channel_rest r WHERE r.channel = o.channel AND r.rests_until > :now)"
WAITING = f"""
SELECT (SELECT count(*) FROM (SELECT FROM desk.outbox o
                              WHERE state IN ('pending', 'uncertain', 'held') AND next_at <= :now AND {AWAKE}
                              LIMIT :enough) AS due) AS notices,
       (SELECT count(*) FROM (SELECT FROM desk.timer WHERE state = 'pending' AND next_at <= :now
                              LIMIT :enough) AS due) AS timers"""  # noqa: S608 - words of this file
FIRST = f"""
SELECT (SELECT id FROM desk.outbox o WHERE state IN ('pending', 'uncertain', 'held') AND next_at <= :now AND {AWAKE}
        ORDER BY next_at, id LIMIT 1) AS notices,
       (SELECT id FROM desk.timer WHERE state = 'pending' AND next_at <= :now ORDER BY next_at, id LIMIT 1) AS timers"""  # noqa: S608 - as above
TASK_OPEN = "SELECT EXISTS (SELECT FROM desk.task WHERE table_id = :stream AND task = :task)"
LEAF = "SELECT leaf_hash FROM log.event WHERE stream_id = :stream AND version = :version"
GIVE_BACK = """
UPDATE desk.outbox SET state = 'pending', attempts = attempts - 1, lease_until = NULL
WHERE id = ANY(:ids) AND state = 'leased'"""
POSTPONE = """
UPDATE desk.timer SET state = 'pending', attempts = attempts - 1, lease_until = NULL,
  next_at = log.now() + make_interval(secs => :wait), last_error = :why
WHERE id = :id AND state = 'leased'"""


def waiting_work(tx: Transaction) -> Mapping[str, int]:
    """Return how many notices and timers are due by the log's clock; counting stops at 200."""
    row = tx.row(WAITING, now=tx.now(), enough=ENOUGH)
    return {name: int(count) for name, count in row.items()} if row else {}


def first_waiting(tx: Transaction) -> Mapping[str, UUID | None]:
    """Return which notice and which timer is first in its queue; another than before means that work goes on."""
    row = tx.row(FIRST, now=tx.now())
    return dict(row) if row else {}


def reason_holds(tx: Transaction, notice: RowMapping) -> bool:
    """Whether what a notice speaks of is still so: its task is open, its unit has not filed (features H10)."""
    if is_of_clock(notice["task"]):
        return clock_runs(tx, notice["log_stream"], notice["task"])
    if reminds_of_campaign(notice["task"]):
        return is_missing(tx, notice["log_stream"], notice["task"].partition(":")[2])
    return notice["task"] is None or bool(tx.scalar(TASK_OPEN, stream=notice["log_stream"], task=notice["task"]))


def proof_number(tx: Transaction, stream: UUID, version: int) -> str | None:
    """Return the first 16 hex digits of an event's leaf hash: printed in mails, every receiver keeps a small anchor."""
    leaf = tx.scalar(LEAF, stream=stream, version=version)
    return None if leaf is None else bytes(leaf).hex()[:16]


def give_back(tx: Transaction, notices: Sequence[UUID]) -> int:
    """Put leased notices back that nobody tried; the attempt does not count."""
    return tx.run(GIVE_BACK, ids=list(notices))


def postpone_timer(tx: Transaction, timer: UUID, why: str, *, wait: float) -> int:
    """Put a timer back whose moment has come but which the table cannot take yet; the attempt does not count."""
    return tx.run(POSTPONE, id=timer, why=why, wait=wait)
