"""A task that nobody may take raises an alarm within a minute, once, and reaches those who can help."""

from uuid import uuid4

from tests.support import roster
from workers.alarms import raise_alarms
from workers.dispatch import ALARMS_EVERY
from workflows.commands.administering import revoke_grant
from workflows.store.journal import PostgresJournal
from workflows.store.stranded import perhaps_stranded
from workflows.store.transaction import begin
from workflows.vocabulary import Post, Role

TOLD = "SELECT DISTINCT recipient FROM desk.outbox WHERE kind = 'task.unassignable' ORDER BY recipient"
KINDS = "SELECT count(*) AS n FROM log.event WHERE convert_from(body, 'UTF8') LIKE '%\"task.unassignable\"%'"


def revoke(bureau, *people):
    with begin(bureau.engine) as tx:
        for person in people:
            revoke_grant(
                PostgresJournal(tx), person=person, post=Post(Role.UNIT_HEAD, roster.UNIT), reason="调离本单位",
                by=roster.SECURITY_ADMIN, command_id=uuid4(),
            )  # fmt: skip


def test_a_post_that_nobody_holds_any_more_raises_one_alarm(bureau):
    bureau.table("in_unit_review")
    assert raise_alarms(bureau.engine) == 0
    revoke(bureau, "unit_head", "every_hat")
    assert (raise_alarms(bureau.engine), raise_alarms(bureau.engine)) == (1, 0)
    assert bureau.rows(KINDS) == [{"n": 1}]
    assert [row["recipient"] for row in bureau.rows(TOLD)] == ["every_hat", "performance"]
    assert ALARMS_EVERY < 60


def test_a_table_whose_only_holders_took_part_is_looked_at_closely(bureau):
    table = bureau.table("in_unit_review")
    revoke(bureau, "every_hat")
    with begin(bureau.engine) as tx:
        assert perhaps_stranded(tx, since=tx.now()) == ()
        tx.run(
            "UPDATE desk.table_standing SET state = jsonb_set(state, '{authors}', '[\"clerk\", \"unit_head\"]') "
            "WHERE table_id = :table", table=table.id,
        )  # fmt: skip
        assert perhaps_stranded(tx, since=table_moment(tx, table)) == (table.id,)


def test_an_open_seat_beside_tasks_by_name_is_looked_at_closely(bureau):
    """Where fewer hold a post than have to sign, the seat that stays open waits for somebody still to come."""
    table = bureau.table("in_unit_review")
    revoke(bureau, "every_hat")
    with begin(bureau.engine) as tx:
        tx.run(
            "INSERT INTO desk.task (table_id, task, node, stage, round, role, organ, person, level, entered_at, "
            "provisional, overdue) SELECT table_id, gen_random_uuid()::text, node, stage, round, role, organ, "
            "'unit_head', level, entered_at, false, false FROM desk.task WHERE table_id = :table", table=table.id,
        )  # fmt: skip
        assert perhaps_stranded(tx, since=table_moment(tx, table)) == (table.id,)


def table_moment(tx, table):
    return tx.scalar("SELECT changed_at FROM desk.table_standing WHERE table_id = :table", table=table.id)
