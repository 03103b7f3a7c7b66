"""The hot queries use their indexes on a log of a hundred thousand events: plans looked at, and tables' own counters."""

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Engine, text

from service.bench.ground import Ground
from service.bench.statements import statement
from service.bench.stock import Stock, open_stock
from service.bench.town import House
from tests.support.cluster import TEMPLATE, TestCluster
from workflows.commands.recipe import Seen
from workflows.commands.reviewing import approve_table
from workflows.store import outbox, sealing, streams, timers
from workflows.store.journal import PostgresJournal
from workflows.store.leafing import LISTED, ORDERS, Cut, beyond, sorting
from workflows.store.migrating import upgrade
from workflows.store.queries import where
from workflows.store.scopes import VISIBLE, scope_values
from workflows.store.transaction import begin, make_engine
from workflows.store.waiting import waiting
from workflows.vocabulary import Actor, Post, Role

EVENTS = 100_000
BIG = ("event", "stream", "leaf", "payload", "table_standing", "task", "outbox", "timer")
READER = Actor("bureau-1", "王小明", (Post(Role.FINANCE_PERFORMANCE, "bench-bureau"),))
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def stock(cluster: TestCluster, tmp_path_factory) -> Iterator[Stock]:
    database = cluster.new_database(TEMPLATE)
    upgrade(database.owner_url, "demo")
    ground = Ground(tmp_path_factory.mktemp("ground"), database.superuser_url, database.app_url, database.sealer_url)
    made = open_stock(ground)
    made.grow_to(EVENTS)
    sealer = make_engine(database.sealer_url)
    with begin(sealer) as tx:
        assert sealing.seal_batch(tx) == made.events
    sealer.dispose()
    made.waiting_tables = made.tables_waiting(400)
    with psycopg.connect(ground.raw, autocommit=True) as connection:
        connection.execute(statement("put notices"), [20_000])
    made.show_everything()
    yield made
    made.engine.dispose()
    cluster.drop(database)


def plan_of(engine: Engine, sql: str, **values: object) -> dict:
    with begin(engine) as tx:
        found = tx.scalar(f"EXPLAIN (FORMAT JSON, ANALYZE) {sql}", **values)
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def scanned_whole(plan: dict) -> set[str]:
    return {node["Relation Name"] for node in nodes(plan) if node["Node Type"].endswith("Seq Scan")} & set(BIG)


def sane(plan: dict) -> bool:
    """Whether no scan of a big table reads far more rows than the planner thought."""
    scans = [node for node in nodes(plan) if node.get("Relation Name") in BIG]
    return all(node["Actual Rows"] <= 100 * max(1, node["Plan Rows"]) for node in scans)


def a_table(stock: Stock) -> UUID:
    return stock.waiting_tables[0][0]


def of_bureau(rest: str) -> str:
    """Return the list of a reader of the whole bureau, all of which is waiting or under way."""
    return f"SELECT {LISTED} FROM desk.table_standing t WHERE {where(READER, {})} {rest} LIMIT 51"


def middle_of(stock: Stock) -> Cut:
    """Return the place of a table that lies deep in the list."""
    with begin(stock.engine) as tx:
        row = tx.row("SELECT changed_at, table_id FROM desk.table_standing ORDER BY changed_at OFFSET 3000 LIMIT 1")
    assert row is not None
    return Cut(row["changed_at"], row["table_id"])


def queries_on(stock: Stock) -> dict[str, tuple[str, dict[str, object]]]:
    table, scope = a_table(stock), scope_values(READER)
    listed = f"SELECT t.* FROM desk.table_standing t WHERE {VISIBLE} AND t.unit = 'unit-0007'"
    head, a_cut = House(3).head, middle_of(stock)
    return {
        "history": (streams.HISTORY, {"stream": table, "after": 0}),
        "command lookup": (streams.OF_COMMAND, {"stream": table, "command": uuid4()}),
        "worklist": (waiting(head), {"person": head.id, "roles": ["unit_head"], "organs": ["unit-0003"], "limit": 50, "offset": 0}),
        "a unit's list": (f"{listed} ORDER BY t.changed_at DESC, t.table_id LIMIT 50", scope),
        "a bureau's first page": (of_bureau(sorting(ORDERS["changed"])), scope),
        "a bureau's last page": (of_bureau(sorting(ORDERS["changed"], back=True)), scope),
        "a bureau's page after a row": (
            of_bureau(f"AND {beyond(ORDERS['changed'], a_cut)} {sorting(ORDERS['changed'])}"),
            scope | {"cut_key": a_cut.key, "cut_id": a_cut.table_id},
        ),
        "outbox lease": (outbox.LEASE, {"seconds": 30, "limit": 20}),
        "timer lease": (timers.LEASE, {"seconds": 30, "limit": 20}),
        "timers' reason": ("SELECT EXISTS (SELECT FROM desk.task WHERE table_id = :table AND task = 'x')", {"table": table}),
        "follow": (sealing.FOLLOW, {"after": EVENTS // 2, "limit": 500}),
        "oldest unsealed": (sealing.OLDEST_UNSEALED, {}),
    }  # fmt: skip


def test_every_hot_query_uses_its_index_and_guesses_well(stock: Stock) -> None:
    plans = {name: plan_of(stock.engine, sql, **values) for name, (sql, values) in queries_on(stock).items()}
    assert {name: scanned_whole(plan) for name, plan in plans.items()} == {name: set() for name in plans}
    assert {name: sane(plan) for name, plan in plans.items()} == dict.fromkeys(plans, True)


def sequential_scans(stock: Stock, superuser: Engine) -> dict[str, int]:
    sql = text("SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(:big) AND schemaname IN ('log', 'desk')")
    with superuser.connect() as connection:
        return dict(tuple(row) for row in connection.execute(sql, {"big": list(BIG)}))


def flushed(engine: Engine) -> None:
    """Let the connection hand in its counters."""
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        connection.commit()
        connection.execute(text("SELECT 1"))
        connection.commit()


def test_a_page_of_a_bureau_s_list_reads_no_more_than_it_shows(stock: Stock) -> None:
    pages = {name: asked for name, asked in queries_on(stock).items() if name.startswith("a bureau's")}
    read = {name: rows_read(plan_of(stock.engine, sql, **values)) for name, (sql, values) in pages.items()}
    assert {name: number <= 2 * 51 for name, number in read.items()} == dict.fromkeys(pages, True), read


def rows_read(plan: dict) -> float:
    """Return how many rows the scans of big tables met, those that a filter dropped among them."""
    scans = [node for node in nodes(plan) if node.get("Relation Name") in BIG]
    return sum(node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in scans)


def test_an_approval_and_a_seal_scan_no_big_table(stock: Stock) -> None:
    """Inside the functions of the hot path no plan can be looked at from outside; the tables count their scans."""
    superuser, sealer = make_engine(stock.ground.superuser, connections=1), make_engine(stock.ground.sealer, connections=1)
    app = make_engine(stock.ground.application, connections=1)

    def approve(table_id: UUID, house: int) -> None:
        with begin(app) as tx:
            approve_table(
                PostgresJournal(tx), table_id, seen=Seen(5), by=House(house).head, command_id=uuid4(), opinion="同意"
            )

    first, *others = stock.waiting_tables[:30]
    approve(*first)
    with begin(sealer) as tx:
        sealing.seal_batch(tx)
    for engine in (app, sealer):
        flushed(engine)
    before = sequential_scans(stock, superuser)
    for table_id, house in others:
        approve(table_id, house)
    with begin(sealer) as tx:
        assert sealing.seal_batch(tx) == 3 * len(others)
    for engine in (app, sealer):
        flushed(engine)
    assert sequential_scans(stock, superuser) == before
    for engine in (app, sealer, superuser):
        engine.dispose()
