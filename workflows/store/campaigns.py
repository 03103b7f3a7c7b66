"""Campaigns as the verbs and pages read them: found by derived IDs, held still by a lock on their year."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from workflows.campaigns import MOST_CAMPAIGNS, Campaign, Purpose, campaign_from, campaign_stream
from workflows.errors import NotFound
from workflows.store.event_rows import recorded_row
from workflows.store.streams import EVENTS, content_of, history_of
from workflows.store.transaction import Transaction

FEW = 3
SHARED = "SELECT pg_advisory_xact_lock_shared(hashtextextended(:year, 0))"
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(:year, 0))"
"""Whoever files under a year's campaigns holds it with all others who file; whoever changes one holds it alone."""
OF_STREAMS = f"{EVENTS} WHERE e.stream_id = ANY(:streams) ORDER BY e.stream_id, e.version"
UNITS = """
SELECT u.id AS unit, u.parent AS department, u.name, u.code FROM desk.organ u JOIN desk.organ d ON d.id = u.parent
WHERE u.kind = 'unit' AND d.kind = 'department' AND u.ended_at IS NULL ORDER BY d.name_key, d.id, u.name_key, u.id"""
MONTHS = """
SELECT left(w ->> 'date', 7) AS month, count(*) AS tables
FROM desk.table_standing t CROSS JOIN LATERAL jsonb_array_elements(t.state -> 'windows') AS w
WHERE t.year = :year AND t.stage NOT IN ('voided', 'refused', 'terminated') GROUP BY 1 ORDER BY 1"""


def hold_year(tx: Transaction, bureau: str, year: int, *, alone: bool) -> None:
    """Keep a year's campaigns as they are until the transaction ends; alone: nobody files under them till then."""
    tx.rows(ALONE if alone else SHARED, year=f"campaigns:{bureau}:{year}")


def campaigns_on(
    tx: Transaction, streams: Sequence[UUID], content: Callable[[str], dict[str, Any]] | None = None
) -> tuple[Campaign, ...]:
    """Return the campaigns on these streams, in the order in which they were named."""
    rows = map(recorded_row, tx.rows(OF_STREAMS, streams=list(streams)))
    read = content or (lambda content_hash: content_of(tx, content_hash))
    histories = {stream: tuple(events) for stream, events in groupby(rows, key=lambda each: each.stream)}
    found = (campaign_from(histories.get(stream, ()), read) for stream in streams)
    return tuple(each for each in found if each)


def campaigns_of_year(
    tx: Transaction, bureau: str, year: int, purposes: Sequence[Purpose] = tuple(Purpose),
    content: Callable[[str], dict[str, Any]] | None = None,
) -> tuple[Campaign, ...]:  # fmt: skip
    """Return a bureau's campaigns of a year by purpose and number; holds nothing still.

    Numbers follow one another, so that most years are known from the first few.
    """

    def read(among: Sequence[Purpose], numbers: range) -> tuple[Campaign, ...]:
        streams = [campaign_stream(bureau, year, purpose, number) for purpose in among for number in numbers]
        return campaigns_on(tx, streams, content)

    found = read(purposes, range(1, FEW + 1))
    long = [each.purpose for each in found if each.number == FEW]
    more = read(long, range(FEW + 1, MOST_CAMPAIGNS + 1)) if long else ()
    return tuple(sorted((*found, *more), key=lambda each: (purposes.index(each.purpose), each.number)))


def campaign_at(tx: Transaction, campaign_id: UUID) -> Campaign:
    """Return a campaign by its stream; NotFound where none stands there."""
    found = campaign_from(history_of(tx, campaign_id), lambda content_hash: content_of(tx, content_hash))
    if found is None:
        raise NotFound(campaign=str(campaign_id))
    return found


def units_by_department(tx: Transaction) -> dict[str, tuple[str, ...]]:
    """Return every department with its units, in the order of their names."""
    found: dict[str, tuple[str, ...]] = {}
    for row in tx.rows(UNITS):
        found[row["department"]] = (*found.get(row["department"], ()), row["unit"])
    return found


def monitored_months(tx: Transaction, year: int) -> dict[str, int]:
    """Return the months (YYYY-MM) in which tables of a year have a checkpoint, each with the number of checkpoints."""
    return {row["month"]: int(row["tables"]) for row in tx.rows(MONTHS, year=year)}


def years_with_tables(tx: Transaction) -> tuple[int, ...]:
    """Return the budget years of which there are tables."""
    return tuple(row["year"] for row in tx.rows("SELECT DISTINCT year FROM desk.table_standing ORDER BY year"))
