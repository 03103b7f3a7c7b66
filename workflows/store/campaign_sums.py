"""How a campaign's units stand, from sums that the database makes of the log: a board of ten thousand tables."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from workflows.campaigns import Campaign, Purpose
from workflows.campaigns.coverage import Stubs, Sums, UnitStands, coverage_by_sums, registered
from workflows.state.disclosures import STUBS_NAME
from workflows.store.transaction import Transaction

OF_YEAR = """
t.bureau = :bureau AND t.year = :year AND t.unit = ANY(:units) AND t.stage <> 'voided'
  AND t.table_id NOT IN (SELECT r.table_id FROM desk.table_standing r WHERE r.state ->> 'origin' = 'revision')"""
"""Revisions are found by their index, so that no table's state is read."""
GOALS = f"""
SELECT t.unit, t.stage IN ('refused', 'terminated') AS over, f.filed_at
FROM desk.table_standing t LEFT JOIN LATERAL (
  SELECT min(e.at) AS filed_at FROM log.event e
  WHERE e.stream_id = t.table_id AND t.round > 0 AND e.kind = 'table.submitted' AND e.version > coalesce((
    SELECT max(o.version) FROM log.event o WHERE o.stream_id = t.table_id AND o.kind = 'table.withdrawn'), 0)
) AS f ON true WHERE {OF_YEAR}"""  # noqa: S608 - words of this file
"""Since when each table of a year has been filed, or nothing; what the unit took back counts from its next filing."""
RESULTS = f"""
SELECT t.unit, t.in_force IS NULL OR t.stage IN ('refused', 'terminated') AS over, f.filed_at
FROM desk.table_standing t LEFT JOIN LATERAL (
  SELECT min(e.at) AS filed_at FROM log.event e
  WHERE e.stream_id = t.table_id AND t.in_force IS NOT NULL AND e.kind = 'selfeval.filed'
) AS f ON true WHERE {OF_YEAR}"""  # noqa: S608 - words of this file
WINDOWS = f"""
SELECT t.unit, f.filed_at, t.stage IN ('refused', 'terminated', 'closed')
  OR (t.state #> '{{pauses,-1}}' IS NOT NULL AND coalesce(t.state #>> '{{pauses,-1,until}}', '') = '') AS over
FROM desk.table_standing t CROSS JOIN LATERAL jsonb_array_elements(t.state -> 'windows') AS w LEFT JOIN LATERAL (
  SELECT min(e.at) AS filed_at FROM log.event e WHERE e.stream_id = t.table_id AND t.in_force IS NOT NULL
    AND e.kind = 'monitoring.filed' AND convert_from(e.body, 'UTF8')::jsonb #>> '{{data,window}}' = w ->> 'window'
) AS f ON true
WHERE {OF_YEAR} AND left(w ->> 'date', 7) = :window"""  # noqa: S608 - words of this file
SUMS = """
SELECT unit, count(*) FILTER (WHERE filed_at < :closes) AS filed, count(*) FILTER (WHERE filed_at >= :closes) AS late,
  count(*) FILTER (WHERE filed_at IS NULL AND NOT over) AS missing, max(filed_at) AS last
FROM ({each}) AS each GROUP BY unit"""
SUMS_OF = {
    Purpose.GOAL_FILING: SUMS.format(each=GOALS), Purpose.MONITORING: SUMS.format(each=WINDOWS),
    Purpose.SELF_EVALUATION: SUMS.format(each=RESULTS),
}  # fmt: skip
STUBS = f"""
SELECT unit, CASE WHEN name = '{STUBS_NAME}' THEN unit ELSE bytes_sha256 END AS source, undisclosed, filed_at
FROM desk.document WHERE year = :year AND unit = ANY(:units) AND (undisclosed > 0 OR name = '{STUBS_NAME}')
ORDER BY unit, filed_at, document_id"""  # noqa: S608 - names of this file


def standings_of(tx: Transaction, campaign: Campaign, units: Iterable[str] | None = None) -> tuple[UnitStands, ...]:
    """Return how the campaign's units stand now, or those named among them, without their tables: the sums alone."""
    wanted = sorted(campaign.scope if units is None else campaign.scope.keys() & set(units))
    if not wanted:
        return ()
    rows = tx.rows(
        SUMS_OF[campaign.purpose], bureau=campaign.bureau, year=campaign.year, units=wanted, closes=campaign.closes,
        **({"window": campaign.window} if campaign.purpose == Purpose.MONITORING else {}),
    )  # fmt: skip
    sums = {row["unit"]: Sums(row["filed"], row["late"], row["missing"], _utc(row["last"])) for row in rows}
    found = coverage_by_sums(campaign, sums, stubs_of(tx, campaign, wanted))
    return tuple(each for each in found if each.unit in set(wanted))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def stubs_of(tx: Transaction, campaign: Campaign, units: list[str]) -> Mapping[str, Stubs]:
    """Return the classified projects that units registered by number alone."""
    if campaign.purpose != Purpose.GOAL_FILING:
        return {}
    marks: dict[str, list[tuple[str, int, datetime]]] = {}
    for row in tx.rows(STUBS, year=campaign.year, units=units):
        marks.setdefault(row["unit"], []).append((row["source"], int(row["undisclosed"]), row["filed_at"]))
    found = {unit: registered(mine) for unit, mine in marks.items()}
    return {unit: stubs for unit, stubs in found.items() if stubs}
