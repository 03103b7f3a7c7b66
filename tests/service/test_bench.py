"""The yardstick itself: cast tables are real ones to every check, and a figure is judged by its goal and floor."""

from sqlalchemy import text

from service.bench.figures import Figure, Goal, percentile, ratio
from service.bench.ground import Ground
from service.bench.stock import open_stock
from service.bench.town import House
from workflows.commands.recipe import Seen
from workflows.commands.reviewing import approve_table
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.transaction import begin
from workflows.vocabulary import Stage

MORE = Goal("更多更好", 2.0, 1.0, "×")
LESS = Goal("更少更好", 1.0, 2.0, "×", at_most=True)


def test_cast_tables_are_chained_listed_and_decided_like_any_other(database, tmp_path) -> None:
    upgrade(database.owner_url, "demo")
    stock = open_stock(Ground(tmp_path, database.superuser_url, database.app_url, database.sealer_url))
    own = stock.events
    ((table_id, house),) = stock.tables_waiting(1, [7])
    assert stock.events == own + 6
    with begin(stock.engine) as tx:
        journal = PostgresJournal(tx)
        table = journal.lock_table(table_id)
        assert (table.stage, table.unit, table.owner, table.version) == (Stage.UNIT_REVIEW, "unit-0007", "clerk-0007", 5)
        after = approve_table(
            journal, table_id, seen=Seen(5, table.content_hash), by=House(house).head, command_id=table_id, opinion="同意"
        )
        assert after.stage == Stage.DEPARTMENT_REVIEW
        told = tx.rows("SELECT DISTINCT recipient FROM desk.outbox WHERE log_stream = :table", table=table_id)
        assert [row["recipient"] for row in told] == ["planner-0007"]
    with begin(stock.engine) as tx:
        before = caches_as_text(tx)
        rebuild(tx)
        after_rebuild = caches_as_text(tx)
    assert set(before["table_standing"]) <= set(after_rebuild["table_standing"])
    with stock.engine.connect() as connection:
        broken = connection.scalar(text(
            "SELECT count(*) FROM log.event e JOIN log.event p ON p.stream_id = e.stream_id AND p.version = e.version - 1 "
            "WHERE e.prev_hash <> p.leaf_hash"))  # fmt: skip
    stock.engine.dispose()
    assert broken == 0


def test_a_figure_is_judged_by_its_goal_and_its_floor() -> None:
    judged = [Figure(MORE, value).verdict for value in (2.0, 1.0, 0.9, None)]
    assert judged == ["达到", "未达目标", "低于下限", "未测"]
    assert [Figure(LESS, value).verdict for value in (1.0, 2.0, 2.1)] == ["达到", "未达目标", "低于下限"]


def test_slices_are_compared_side_by_side() -> None:
    assert ratio([1.0, 4.0, 9.0], [2.0, 2.0, 3.0]) == 2.0
    assert (percentile([3.0, 1.0, 2.0], 0.5), percentile([], 0.5)) == (2.0, 0.0)
