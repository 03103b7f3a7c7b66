"""Who filed what under a campaign, table by table, read from the log; where the sums do, `campaign_sums` is faster."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.campaigns import Campaign, Purpose
from workflows.campaigns.coverage import FILED_BY, TAKEN_BACK_BY, Owed, Standing, UnitStands, coverage, filed_since
from workflows.campaigns.reminding import TASK
from workflows.store.campaign_sums import standings_of, stubs_of
from workflows.store.campaigns import campaign_at
from workflows.store.transaction import Transaction

MARKS = """
SELECT t.table_id, t.title, t.unit, t.stage, t.round, t.in_force, {state} AS state, f.marks
FROM desk.table_standing t LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(e.kind, e.at, {window}) ORDER BY e.version) AS marks
  FROM log.event e WHERE e.stream_id = t.table_id AND e.kind = ANY(:kinds) AND {worth}) AS f ON true
WHERE t.bureau = :bureau AND t.year = :year AND t.unit = ANY(:units) AND t.stage <> 'voided'
  AND coalesce(t.state ->> 'origin', '') <> 'revision'"""
"""Only tables that can have filed are looked up in the log (`worth`)."""
GOALS = MARKS.format(state="NULL", window="NULL", worth="t.round > 0")
WINDOWS = MARKS.format(
    state="jsonb_build_array(t.state -> 'windows', t.state -> 'pauses')",
    window="convert_from(e.body, 'UTF8')::jsonb #>> '{data,window}'", worth="t.in_force IS NOT NULL",
)
RESULTS = MARKS.format(state="NULL", window="NULL", worth="t.in_force IS NOT NULL")
STATEMENTS = {Purpose.GOAL_FILING: GOALS, Purpose.MONITORING: WINDOWS, Purpose.SELF_EVALUATION: RESULTS}
ABOUT_UNITS = f"SELECT id, log_stream, task FROM desk.outbox WHERE id = ANY(:ids) AND task LIKE '{TASK}:%'"  # noqa: S608 - a word
ENDED = frozenset({"refused", "terminated"})
"""What ended so owes nothing any more; what was filed before is counted."""


def coverage_of(tx: Transaction, campaign: Campaign, units: Iterable[str] | None = None) -> tuple[UnitStands, ...]:
    """Return how the campaign's units stand now, or those named among them, each with its tables."""
    wanted = sorted(campaign.scope if units is None else campaign.scope.keys() & set(units))
    if not wanted:
        return ()
    found = coverage(campaign, owed_in(tx, campaign, wanted), stubs_of(tx, campaign, wanted))
    return tuple(each for each in found if each.unit in set(wanted))


def owed_in(tx: Transaction, campaign: Campaign, units: list[str]) -> Iterator[Owed]:
    """Yield every table (at a window: every checkpoint) that the campaign asks these units for."""
    purpose = campaign.purpose
    kinds = [kind for kind in (FILED_BY[purpose], TAKEN_BACK_BY.get(purpose)) if kind]
    rows = tx.rows(
        STATEMENTS[purpose], kinds=kinds, bureau=campaign.bureau, year=campaign.year, units=units
    )  # fmt: skip
    for row in rows:
        if purpose == Purpose.MONITORING:
            yield from _windows(row, campaign)
        elif (one := _table(row, purpose)) is not None:
            yield one


def _table(row: RowMapping, purpose: Purpose) -> Owed | None:
    since = filed_since(_marks(row, None), purpose)
    evaluated = purpose == Purpose.SELF_EVALUATION
    if since is None and (row["stage"] in ENDED or (evaluated and row["in_force"] is None)):
        return None
    return Owed(row["table_id"], row["title"], row["unit"], since)


def _windows(row: RowMapping, campaign: Campaign) -> Iterator[Owed]:
    windows, pauses = row["state"]
    paused = bool(pauses) and not pauses[-1].get("until")
    for window in windows or ():
        if window["date"][:7] != campaign.window:
            continue
        since = filed_since(_marks(row, window["window"]), campaign.purpose)
        if since is None and (paused or row["stage"] in ENDED or row["stage"] == "closed"):
            continue
        yield Owed(row["table_id"], row["title"], row["unit"], since)


def _marks(row: RowMapping, window: str | None) -> Iterator[tuple[str, datetime]]:
    for kind, at, of in row["marks"] or ():
        if window is None or of == window:
            yield kind, datetime.fromisoformat(at)


def is_missing(tx: Transaction, campaign_id: UUID, unit: str) -> bool:
    """Whether a unit has still not filed all that its campaign asks for, whatever its time."""
    campaign = campaign_at(tx, campaign_id)
    return any(each.standing == Standing.MISSING for each in standings_of(tx, campaign, (unit,)))


def reminds_of_campaign(task: str | None) -> bool:
    """Whether a notice's task says that it is for a unit that has not filed."""
    return task is not None and task.startswith(f"{TASK}:")


def lapsed_among(tx: Transaction, notices: Sequence[UUID]) -> list[UUID]:
    """Return those notices to units that are about what was filed meanwhile: they are not delivered (features H10)."""
    units: dict[UUID, dict[str, list[UUID]]] = {}
    for row in tx.rows(ABOUT_UNITS, ids=list(notices)):
        units.setdefault(row["log_stream"], {}).setdefault(row["task"].partition(":")[2], []).append(row["id"])
    lapsed: list[UUID] = []
    for campaign_id, told in units.items():
        stands = standings_of(tx, campaign_at(tx, campaign_id), told)
        lapsed += [one for each in stands if each.standing != Standing.MISSING for one in told[each.unit]]
    return lapsed
