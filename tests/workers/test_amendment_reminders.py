"""T8: the unit is reminded of a completion that waits for its answer, by the ladder of working days, until it answers."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.support import roster
from tests.support.forms import all_graded
from tests.support.life import Life
from tests.workers.desk import Bureau
from tests.workers.test_notifications import Door, deliver
from workers.reminders import fire_due
from workflows.commands import amending, grading
from workflows.folds.replay import Table
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Grade

INBOX = "SELECT recipient, kind FROM desk.inbox WHERE stream_id = :table AND kind LIKE 'amendment.T%' ORDER BY kind COLLATE \"C\""
PLANNER = roster.DEPARTMENT_FINANCE


def proposed(bureau: Bureau) -> Table:
    with begin(bureau.engine) as tx:
        life = Life(PostgresJournal(tx)).in_unit_review().approved(roster.UNIT_HEAD)
        life.table = grading.score_review(
            life.journal, life.table.id, seen=life.seen(), by=PLANNER, command_id=uuid4(), mode="qualitative",
            items=all_graded(Grade.GOOD), grade="good",
        )  # fmt: skip
        change = {"pointer": "/indicators/r1/target", "new": "≥13公里", "reason": "与目标文字一致"}
        return amending.propose_amendment(
            life.journal, life.table.id, seen=life.seen(), by=PLANNER, command_id=uuid4(), changes=(change,)
        )


def test_the_clerk_is_reminded_on_every_rung_and_nothing_else_happens(bureau: Bureau) -> None:
    table = proposed(bureau)
    bureau.move_clock(datetime(2026, 1, 30, tzinfo=UTC))
    while fire_due(bureau.engine, lease_seconds=30):
        pass
    deliver(bureau, Door())
    told = [(row["recipient"], row["kind"]) for row in bureau.rows(INBOX, table=table.id)]
    assert told == [("clerk", "amendment.T"), ("clerk", "amendment.T+1"), ("clerk", "amendment.T-1")]
    with begin(bureau.engine) as tx:
        after = PostgresJournal(tx).lock_table(table.id)
    assert (after.amendment, after.content_hash) == (table.amendment, table.content_hash)


def test_an_answer_ends_the_reminders(bureau: Bureau) -> None:
    table = proposed(bureau)
    with begin(bureau.engine) as tx:
        life = Life(PostgresJournal(tx))
        life.table = table
        amending.confirm_amendment(
            life.journal, table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(),
            amendment=table.amendment.amendment,
        )  # fmt: skip
    bureau.move_clock(datetime(2026, 1, 30, tzinfo=UTC))
    while fire_due(bureau.engine, lease_seconds=30):
        pass
    deliver(bureau, Door())
    assert bureau.rows(INBOX, table=table.id) == []
