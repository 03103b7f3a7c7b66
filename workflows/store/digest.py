"""The outbox rows of the daily digest: whether today's is due, what it counts, and one mail for each receiver."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from workflows.anchors.digest import FROM_HOUR, KIND, RECEIVERS
from workflows.store.transaction import Transaction
from workflows.workdays import BEIJING

DIGEST = UUID("5d1b1c5e-7a86-5f5c-9b58-2f0c2d6a4c11")
"""Namespace of the digests' outbox ids: the same day and person give the same mail."""
ROLES = [str(role) for role in RECEIVERS]
DUE = """
SELECT EXISTS (SELECT FROM log.installation WHERE mode <> 'simulation')
   AND EXISTS (SELECT FROM desk.post WHERE to_at IS NULL AND role = ANY(:roles))
   AND NOT EXISTS (SELECT FROM desk.outbox o, log.installation i WHERE o.log_stream = i.log_id AND o.version = :day)"""
COUNTED = """
SELECT count(*) FILTER (WHERE at < :today) AS before, count(*) FILTER (WHERE at >= :today) AS today
FROM log.event WHERE at >= :yesterday"""
RECEIVING = "SELECT DISTINCT person FROM desk.post WHERE to_at IS NULL AND role = ANY(:roles) ORDER BY person"
PUT = """
INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, facts, rendered, next_at,
  created_at)
SELECT :id, log_id, :day, :kind, :person, 'mail', :key, '{}', CAST(:rendered AS jsonb), :at, :at FROM log.installation
ON CONFLICT DO NOTHING"""


@dataclass(frozen=True)
class EventsOfDays:
    """How many events the log took the day before, and how many this day so far."""

    before: int
    today: int


def digest_is_due(tx: Transaction) -> bool:
    """Whether today's digest (Beijing's day by the log's clock, from eight o'clock on) has not been written yet.

    Never in a simulation, whose days pass faster than notes are signed.
    """
    now = tx.now().astimezone(BEIJING)
    return now.hour >= FROM_HOUR and bool(tx.scalar(DUE, roles=ROLES, day=now.date().toordinal()))


def events_of_days(tx: Transaction, yesterday: datetime, today: datetime) -> EventsOfDays:
    """Count the events between two midnights, and since the second."""
    row = tx.row(COUNTED, yesterday=yesterday, today=today)
    return EventsOfDays(row["before"], row["today"]) if row else EventsOfDays(0, 0)


def put_digest(tx: Transaction, day: date, subject: str, text: str) -> Sequence[str]:
    """Write one mail for every receiver, once a day however often it is called; return whom it is for."""
    people = [row["person"] for row in tx.rows(RECEIVING, roles=ROLES)]
    rendered = json.dumps({"subject": subject, "text": text}, ensure_ascii=False)
    keys = {person: f"{KIND}:{day.isoformat()}:{person}" for person in people}
    tx.run_each(PUT, [
        {"id": uuid5(DIGEST, key), "day": day.toordinal(), "kind": KIND, "person": person, "key": key,
         "rendered": rendered, "at": tx.now()}
        for person, key in keys.items()
    ])  # fmt: skip
    return people
