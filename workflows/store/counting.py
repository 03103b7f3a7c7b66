"""How much of everything there is on the desk: the counts that a year's summary shows, one query each."""

from collections.abc import Mapping
from uuid import UUID

from workflows.ledger.canonical import canonical
from workflows.store.standing import read_state
from workflows.store.transaction import Transaction

COUNTS = {
    "notices": "SELECT count(*) FROM desk.outbox WHERE kind NOT LIKE 'reminder.%' AND channel = 'inbox'",
    "reminders": "SELECT count(*) FROM desk.outbox WHERE kind LIKE 'reminder.%' AND channel = 'inbox'",
    "unit_reminders":
        "SELECT count(*) FROM desk.outbox WHERE kind LIKE 'reminder.campaign.%' AND channel = 'inbox'",
    "overdue": "SELECT count(*) FROM desk.timer WHERE kind = 'overdue' AND state = 'fired'",
    "inbox": "SELECT count(*) FROM desk.inbox",
    "mails": "SELECT count(*) FROM desk.outbox WHERE channel = 'mail' AND state = 'sent' AND kind <> 'ledger.digest'",
    "snapshots": "SELECT count(*) FROM desk.snapshot",
    "events": "SELECT size FROM log.seal ORDER BY seal_no DESC LIMIT 1",
}
OPENED = """
SELECT stream_id, convert_from(body, 'UTF8')::jsonb #>> '{data,content_hash}' AS units
FROM log.event WHERE kind = 'campaign.opened' ORDER BY at, stream_id"""
BY_STAGE = "SELECT stage AS word, count(*) AS n FROM desk.table_standing GROUP BY stage"
BY_GRADE = "SELECT grade AS word, count(*) AS n FROM desk.table_standing WHERE grade IS NOT NULL GROUP BY grade"


def desk_counts(tx: Transaction) -> dict[str, int]:
    """Return how many notices, reminders, mails, snapshots and events there are."""
    return {name: int(tx.scalar(sql) or 0) for name, sql in COUNTS.items()}


def tables_by_stage(tx: Transaction) -> Mapping[str, int]:
    """Return how many tables stand in each stage, by the cache."""
    return {row["word"]: int(row["n"]) for row in tx.rows(BY_STAGE)}


def tables_by_grade(tx: Transaction) -> Mapping[str, int]:
    """Return how many tables have each grade, by the cache."""
    return {row["word"]: int(row["n"]) for row in tx.rows(BY_GRADE)}


def campaigns_opened(tx: Transaction) -> dict[UUID, str]:
    """Return every campaign with the hash of its list of units, in the order in which they were opened."""
    return {row["stream_id"]: row["units"] for row in tx.rows(OPENED)}


def states_of_tables(tx: Transaction) -> dict[str, str]:
    """Return the cached state of every table as canonical JSON text, by table id."""
    rows = tx.rows("SELECT table_id, state FROM desk.table_standing ORDER BY table_id")
    return {str(row["table_id"]): canonical(read_state(row["state"])).decode() for row in rows}
