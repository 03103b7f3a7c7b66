"""What of a year was replied to, passed on and disclosed, and what still waits: the questions about 批复时限."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import RowMapping

from workflows.calendars.deadlines import ladder
from workflows.events import AccountsApproved, AccountsCorrected, BudgetApproved, BudgetCorrected, Recorded
from workflows.state.disclosures import GOALS, SELF_EVALUATION
from workflows.store.recording import Staged, write
from workflows.store.transaction import Transaction
from workflows.workdays import Calendar, Due

BUDGET, ACCOUNTS = "budget", "accounts"
GONE = "('refused', 'voided', 'terminated')"
FIRST = "coalesce(t.state ->> 'origin', '') <> 'revision'"
"""A revision is no table of its own where tables are counted."""
UNREPLIED = f"""
SELECT count(*) FROM desk.table_standing t
WHERE t.bureau = :bureau AND t.year = :year AND t.in_force IS NULL AND t.stage NOT IN {GONE} AND {FIRST}"""  # noqa: S608 - names of this file
OF_YEAR = f"""
SELECT t.table_id, t.version, t.content_hash, t.title, t.unit, t.department, t.bureau, t.year, t.amount_wan, t.stage,
  t.in_force, t.doc_no, t.disclosure, t.state -> 'replied' AS replied,
  t.state #>> '{{secrecy,content_hash}}' AS reviewed
FROM desk.table_standing t
WHERE t.year = :year AND (t.bureau = ANY(:bureaus) OR t.department = ANY(:departments)) AND t.stage NOT IN {GONE}
  AND {FIRST} AND t.round > 0
ORDER BY t.department, t.title_key, t.table_id LIMIT :limit"""  # noqa: S608 - names of this file
OVERTAKEN = """
UPDATE desk.timer SET dedupe_key = dedupe_key || :mark, done_at = coalesce(done_at, :at), lease_until = NULL,
  id = CAST(encode(substr(sha256(convert_to(dedupe_key || :mark, 'UTF8')), 1, 16), 'hex') AS uuid),
  state = CASE WHEN state IN ('pending', 'leased') THEN 'cancelled' ELSE state END
WHERE stream_id = :stream AND task = :task"""
"""A corrected day sets its reminders anew, also those that came already for the other day."""
RELEASED = """
SELECT 1 FROM log.stream s JOIN log.event e USING (stream_id)
WHERE s.subject = 'campaign' AND e.kind = 'disclosure.released'
  AND convert_from(e.body, 'UTF8')::jsonb #>> '{data,department}' = :department
  AND (convert_from(e.body, 'UTF8')::jsonb #>> '{data,year}')::int = :year
  AND coalesce(convert_from(e.body, 'UTF8')::jsonb #>> '{data,what}', 'goals') = :what LIMIT 1"""
RELEASED_ON = """
SELECT convert_from(e.body, 'UTF8')::jsonb #>> '{data,department}' AS department, min(e.at) AS at
FROM log.stream s JOIN log.event e USING (stream_id)
WHERE s.subject = 'campaign' AND e.kind = 'disclosure.released'
  AND (convert_from(e.body, 'UTF8')::jsonb #>> '{data,year}')::int = :year
  AND coalesce(convert_from(e.body, 'UTF8')::jsonb #>> '{data,what}', 'goals') = 'goals' GROUP BY 1"""


def tables_of_year(
    tx: Transaction, year: int, *, bureaus: Sequence[str], departments: Sequence[str], limit: int
) -> Sequence[RowMapping]:
    """Return the submitted tables of a year, revisions left out, with `replied` as JSON: terms and passing on."""
    return tx.rows(OF_YEAR, year=year, bureaus=list(bureaus), departments=list(departments), limit=limit)


def unreplied(tx: Transaction, bureau: str, year: int) -> int:
    """Return how many tables of a year still have no reply."""
    return int(tx.scalar(UNREPLIED, bureau=bureau, year=year) or 0)


def was_released(tx: Transaction, department: str, year: int, what: str = GOALS) -> bool:
    """Whether the department released a pack of the year: of its goals, or of its self-evaluations."""
    return tx.row(RELEASED, department=department, year=year, what=what) is not None


def released_on(tx: Transaction, year: int) -> dict[str, datetime]:
    """Return when each department first released its goals of a year."""
    return {row["department"]: row["at"] for row in tx.rows(RELEASED_ON, year=year)}


def set_budget_timers(tx: Transaction, recorded: Recorded, calendar: Calendar) -> None:
    """Set the reminders of a term that runs on a year's stream, the rungs still ahead.

    Finance's own term when the congress approved a budget, a department's when its final accounts were approved.
    """
    fact = recorded.fact
    if isinstance(fact, BudgetCorrected | AccountsCorrected):
        task = BUDGET if isinstance(fact, BudgetCorrected) else ACCOUNTS
        tx.run(OVERTAKEN, stream=recorded.stream, task=task, at=recorded.at, mark=f":before {recorded.version}")
    if isinstance(fact, BudgetApproved):
        _set(tx, recorded, BUDGET, fact.due, calendar)
    elif isinstance(fact, AccountsApproved):
        _set(tx, recorded, ACCOUNTS, fact.disclose_due, calendar)


def _set(tx: Transaction, recorded: Recorded, task: str, due: str, calendar: Calendar) -> None:
    rungs = ladder(Due(date.fromisoformat(due), False, ""), calendar)  # noqa: FBT003 - fields of a value
    ahead = [
        {"kind": f"{task}.{rung.code}", "due": rung.fires_at, "provisional": rung.provisional}
        for rung in rungs if rung.fires_at > recorded.at
    ]  # fmt: skip
    if ahead:
        staged, key = Staged(), f"{recorded.stream}:{task}:{ahead[0]['kind']}"
        staged.add("timers", {"stream": recorded.stream, "task": task, "key": key, "then": ahead[1:], **ahead[0]})
        write(tx, staged)


def budget_behind(tx: Transaction, history: Sequence[Recorded]) -> tuple[BudgetApproved, int] | None:
    """Return the approval that a stream holds and how many tables wait for a reply; None where none does."""
    fact = next((each.fact for each in reversed(history) if isinstance(each.fact, BudgetApproved)), None)
    left = unreplied(tx, fact.bureau, fact.year) if fact else 0
    return (fact, left) if fact and left else None



def accounts_behind(tx: Transaction, history: Sequence[Recorded]) -> AccountsApproved | None:
    """Return the approval that a stream holds while its department has not disclosed its self-evaluations."""
    fact = next((each.fact for each in reversed(history) if isinstance(each.fact, AccountsApproved)), None)
    late = fact and not was_released(tx, fact.department, fact.year, SELF_EVALUATION)
    return fact if late else None
