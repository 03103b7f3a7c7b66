"""N9: after the approval of final accounts a department is reminded of its self-evaluations, and no more once they are public."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.support import roster
from tests.workers.desk import Bureau
from workers.reminders import fire_due
from workflows import events as e
from workflows.commands.approving_accounts import accounts_stream, approve_accounts
from workflows.journal import Command
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Post, Role

TOLD = "SELECT kind, rendered ->> 'subject' AS subject FROM desk.outbox WHERE log_stream = :stream AND recipient = 'planner'"


def approved(bureau: Bureau) -> None:
    """The accounts of two departments are approved on the tenth of August."""
    bureau.move_clock(datetime(2027, 8, 10, 2, 0, tzinfo=UTC))
    with begin(bureau.engine) as tx:
        approve_accounts(
            PostgresJournal(tx), bureau=roster.BUREAU, departments=[roster.DEPARTMENT, "dept-2"], year=2026,
            approved_on="2027-08-10", by=roster.FINANCE_BUDGET, command_id=uuid4(),
        )  # fmt: skip


def fired(bureau: Bureau, *days: int) -> set[str]:
    """The reminders of the department that the clock has brought by these days of August."""
    for day in days:
        bureau.move_clock(datetime(2027, 8, day, 4, 0, tzinfo=UTC))
        fire_due(bureau.engine, lease_seconds=30)
    rows = bureau.rows(TOLD, stream=accounts_stream(roster.DEPARTMENT, 2026))
    return {row["kind"] for row in rows if row["kind"].startswith("reminder.")}


def test_each_rung_reminds_until_the_evaluations_are_public(bureau: Bureau) -> None:
    approved(bureau)
    assert fired(bureau, 20) == set()
    assert fired(bureau, 26, 27) == {"reminder.accounts.T-3", "reminder.accounts.T-1"}
    released(bureau, "goals")
    assert fired(bureau, 30) >= {"reminder.accounts.T"}
    before = fired(bureau)
    released(bureau, "self_evaluation")
    assert fired(bureau, 31) == before
    told = {row["kind"]: row["subject"] for row in bureau.rows(TOLD, stream=accounts_stream(roster.DEPARTMENT, 2026))}
    assert told["accounts.approved"] == "决算批复：2026年度"


def released(bureau: Bureau, what: str) -> None:
    """A pack of this kind is public, whatever is in it."""
    fact = e.DisclosureReleased(roster.BUREAU, roster.DEPARTMENT, 2026, (), 0, 0, 0, "2027-08-30", what, 0)
    with begin(bureau.engine) as tx:
        by = Command(roster.DEPARTMENT_FINANCE, Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT), uuid4())
        PostgresJournal(tx).append(uuid4(), "campaign", (fact,), by)
