"""The clock of a department part's review as rows: on its document's row, its reminders, which documents need one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.calendars.deadlines import ladder
from workflows.clocks.timers import OVERDUE
from workflows.events import DocumentDueSet, DocumentOverdue, Recorded
from workflows.filings import PartState
from workflows.store.recording import Staged, write
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Post, Role
from workflows.workdays import Calendar, Due, beijing_date

PART = "part"
SET = """
UPDATE desk.document SET version = :version, part_due_at = :due, part_provisional = :provisional,
  part_calendar = :calendar, part_clock = :version, part_overdue = false WHERE document_id = :document"""
LATE = "UPDATE desk.document SET version = :version, part_overdue = true WHERE document_id = :document"
OWED = f"""
d.part_state IN ('{PartState.AT_DEPARTMENT}', '{PartState.AT_FINANCE}')
  AND EXISTS (SELECT FROM desk.table_standing t WHERE t.table_id = ANY(d.tables) AND t.round > 0)"""
"""Whether an office owes the part of a document its review: its turn, and a table of the document was submitted."""
WITHOUT = f"""
SELECT d.document_id FROM desk.document d
WHERE {OWED} AND (d.part_due_at IS NULL OR (d.part_calendar <> :calendar AND d.part_due_at > :now))
ORDER BY d.part_due_at NULLS FIRST, d.document_id LIMIT :limit"""  # noqa: S608 - words of this project
WAITING = f"""
SELECT d.document_id, d.name, d.unit, d.department, d.bureau, d.year, d.part_state, d.part_number, d.part_due_at,
  d.part_provisional, d.part_overdue, d.filed_by_name
FROM desk.document d
WHERE d.part_due_at IS NOT NULL AND EXISTS (
  SELECT FROM unnest(CAST(:roles AS text[]), CAST(:organs AS text[])) AS p (role, organ)
  WHERE (p.role = '{Role.DEPARTMENT_FINANCE}' AND d.part_state = '{PartState.AT_DEPARTMENT}' AND p.organ = d.department)
     OR (p.role = '{Role.FINANCE_PERFORMANCE}' AND d.part_state = '{PartState.AT_FINANCE}' AND p.organ = d.bureau))
ORDER BY d.part_due_at, d.document_id LIMIT :limit"""  # noqa: S608 - words of this project
RUNS = f"""
SELECT 1 FROM desk.document d WHERE d.document_id = :document AND :task = '{PART}:' || d.part_clock"""  # noqa: S608 - a word
OFFICES = {
    PartState.AT_DEPARTMENT.value: (Role.DEPARTMENT_FINANCE, "department"),
    PartState.AT_FINANCE.value: (Role.FINANCE_PERFORMANCE, "bureau"),
}


def project_review_clock(tx: Transaction, recorded: Recorded) -> None:
    """Write what a clock's event means for the row of its document."""
    fact, at = recorded.fact, {"document": recorded.stream, "version": recorded.version}
    if isinstance(fact, DocumentDueSet):
        tx.run(SET, **at, due=datetime.fromisoformat(fact.due_at), provisional=fact.provisional, calendar=fact.calendar)
    elif isinstance(fact, DocumentOverdue):
        tx.run(LATE, **at)


def set_review_timers(tx: Transaction, recorded: Recorded, calendar: Calendar) -> None:
    """Set the reminders of a clock, the rungs still ahead and its moment; what was set for the one before is cancelled.

    Whatever else happens to the part ends its clock. `calendar` is the one in force, by which it was counted.
    """
    fact = recorded.fact
    if recorded.subject != "document" or isinstance(fact, DocumentOverdue):
        return
    staged, task = Staged(), f"{PART}:{recorded.version}"
    ahead = _ahead(recorded, fact, calendar) if isinstance(fact, DocumentDueSet) else []
    keys = [f"{recorded.stream}:{task}:{each['kind']}" for each in ahead]
    staged.add("kept", {"stream": recorded.stream, "keys": keys, "at": recorded.at})
    if ahead:
        first = {"stream": recorded.stream, "task": task, "key": keys[0], "then": ahead[1:], **ahead[0]}
        staged.add("timers", first)
    write(tx, staged)


def _ahead(recorded: Recorded, fact: DocumentDueSet, calendar: Calendar) -> list[dict[str, object]]:
    due = datetime.fromisoformat(fact.due_at)
    rungs = ladder(Due(beijing_date(due), fact.provisional, fact.calendar), calendar)
    moments = [(rung.fires_at, rung.code, rung.provisional) for rung in rungs if rung.fires_at > recorded.at]
    return [
        {"kind": code, "due": moment, "provisional": provisional}
        for moment, code, provisional in sorted([*moments, (due, OVERDUE, fact.provisional)])
    ]


def is_of_clock(task: str | None) -> bool:
    """Whether a timer's or notice's task says that it is about a review of a document's part."""
    return task is not None and task.startswith(f"{PART}:")


def clock_runs(tx: Transaction, document: UUID, task: str) -> bool:
    """Whether the clock that a notice is about is still the document's: the review is owed as it was."""
    return tx.row(RUNS, document=document, task=task) is not None


def without_clock(tx: Transaction, calendar: Calendar, *, limit: int = 200) -> tuple[UUID, ...]:
    """Return the documents whose part waits for a review without a clock, or with one that another calendar counted."""
    rows = tx.rows(WITHOUT, calendar=calendar.version, now=tx.now(), limit=limit)
    return tuple(row["document_id"] for row in rows)


def parts_waiting_for(tx: Transaction, actor: Actor, *, limit: int = 100) -> Sequence[RowMapping]:
    """Return the documents whose part waits for a review of the person's office, or one whom he covers; urgent first.

    One may not review every one of them: who wrote a version, or passed it elsewhere, does not (S1, S2).
    """
    posts = {*actor.posts, *(post for cover in actor.covers for post in cover.posts)}
    wanted = [post for post in posts if post.role in (Role.DEPARTMENT_FINANCE, Role.FINANCE_PERFORMANCE)]
    if not wanted:
        return ()
    roles, organs = [str(post.role) for post in wanted], [post.organ for post in wanted]
    rows = tx.rows(WAITING, roles=roles, organs=organs, limit=limit)
    return [row for row in rows if actor.office(_office(row), row["unit"], limited=False)]


def _office(row: RowMapping) -> Post:
    role, organ = OFFICES[row["part_state"]]
    return Post(role, row[organ])
