"""Writers of every temper and a follower of the sealed order that misses and doubles nothing; crashes; another cluster."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.store.acting import grow, make_table, scalar
from tests.support.cluster import Database, TestCluster
from workers.sealer import seal_until
from workflows.errors import GoaltrailError
from workflows.events import Recorded
from workflows.store.sealing import Sealed, cursor_of, follow, log_size, move_cursor, oldest_unsealed, seal_batch
from workflows.store.transaction import Transaction, begin, make_engine

WRITERS = 24
ROUNDS = 12
Key = tuple[UUID, int]


def key(recorded: Recorded) -> Key:
    return recorded.stream, recorded.version


def write(app: Engine, number: int) -> list[Key]:
    """One writer's transactions: short, slow, rolled back, or with a savepoint that is rolled back."""
    chance, kept = random.Random(number), []
    streams = [uuid4() for _ in range(3)]
    for count in range(ROUNDS):
        temper = ("short", "slow", "abandoned", "savepoint")[(number + count) % 4]
        try:
            with begin(app) as tx:
                written = [key(grow(tx, chance.choice(streams), count))]
                if temper == "savepoint":
                    with tx.connection.begin_nested() as inner:
                        grow(tx, uuid4(), count)
                        inner.rollback()
                    with tx.connection.begin_nested():
                        written.append(key(grow(tx, uuid4(), count)))
                if temper == "slow":
                    time.sleep(chance.uniform(0.05, 0.3))
                if temper == "abandoned":
                    raise InterruptedError  # noqa: TRY301 - the transaction is abandoned here
        except InterruptedError:
            continue
        kept += written
    return kept


def follow_until(app: Engine, stop: Event, seen: list[Sealed]) -> None:
    """Follow in small bites, the cursor kept in the same transaction, until stopped and nothing more comes."""
    while True:
        ending = stop.is_set()
        with begin(app) as tx:
            fresh = follow(tx, cursor_of(tx, "test"), 7)
            if fresh:
                move_cursor(tx, "test", fresh[-1].log_index)
        seen += fresh
        if ending and not fresh:
            return
        if not fresh:
            time.sleep(0.01)


def assert_dense_and_in_order(seen: list[Sealed]) -> None:
    assert [each.log_index for each in seen] == list(range(len(seen)))
    by_stream: dict[UUID, list[int]] = {}
    for each in seen:
        by_stream.setdefault(each.recorded.stream, []).append(each.recorded.version)
    assert all(versions == list(range(1, len(versions) + 1)) for versions in by_stream.values())


def test_a_follower_misses_and_doubles_nothing(app: Engine, sealer: Engine) -> None:
    seen: list[Sealed] = []
    stop_sealing, stop_following = Event(), Event()
    sealers = [Thread(target=seal_until, args=(stop_sealing, sealer)) for _ in range(2)]
    follower = Thread(target=follow_until, args=(app, stop_following, seen))
    for thread in (*sealers, follower):
        thread.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        kept = [each for written in pool.map(lambda number: write(app, number), range(WRITERS)) for each in written]
    stop_sealing.set()
    for thread in sealers:
        thread.join()
    with begin(sealer) as tx:
        seal_batch(tx)
    stop_following.set()
    follower.join()
    assert sorted(key(each.recorded) for each in seen) == sorted(kept)
    assert_dense_and_in_order(seen)
    with begin(app) as tx:
        assert (log_size(tx), oldest_unsealed(tx)) == (len(kept), None)


def test_a_long_open_transaction_holds_nobody_up(app: Engine, sealer: Engine) -> None:
    with begin(app) as slow:
        grow(slow, uuid4())
        with begin(app) as quick:
            grow(quick, uuid4())
        with begin(sealer) as tx:
            assert seal_batch(tx) == 1
    with begin(sealer) as tx:
        assert seal_batch(tx) == 1
    with begin(sealer) as tx:
        assert seal_batch(tx) == 0


def test_of_two_sealers_one_works(app: Engine, sealer: Engine) -> None:
    make_table(app)
    with begin(sealer) as first:
        assert seal_batch(first) == 2
        with begin(sealer) as second:
            assert seal_batch(second) == -1
    with begin(sealer) as third:
        assert seal_batch(third) == 0


def test_numbers_and_snapshot_come_from_one_statement(app: Engine, sealer: Engine, database: Database) -> None:
    """A seal in two statements loses the event that commits between them; ours has no between."""
    source = str(scalar(app, "SELECT prosrc FROM pg_proc WHERE oid = 'log.seal_batch()'::regprocedure"))
    writing = source[source.index("WITH unseen") : source.index("RETURN sealed")]
    assert (writing.count(";"), writing.count("pg_current_snapshot()"), writing.count("INSERT INTO log.leaf")) == (1, 1, 1)
    with begin(app) as tx:
        grow(tx, uuid4())
    with psycopg.connect(database.superuser_url.replace("+psycopg", "")) as split:
        split.execute("INSERT INTO log.leaf SELECT 0, event_id, leaf_hash FROM log.event")
        with begin(app) as tx:
            grow(tx, uuid4())
        split.execute("INSERT INTO log.seal SELECT 1, 1, pg_current_snapshot(), sysid FROM log.seal WHERE seal_no = 0")
    with begin(sealer) as tx:
        assert seal_batch(tx) == 0
    with begin(app) as tx:
        assert oldest_unsealed(tx) is not None


def load(cluster_url: str, acknowledged: list[Key], stop: Event) -> None:
    app = make_engine(cluster_url, connections=1)
    while not stop.is_set():
        try:
            with begin(app) as tx:
                written = key(grow(tx, uuid4()))
        except (GoaltrailError, DBAPIError):
            time.sleep(0.05)
        else:
            acknowledged.append(written)
    app.dispose()


def crash(cluster: TestCluster, times: int) -> None:
    database = cluster.new_database("goaltrail_template")
    acknowledged: list[Key] = []
    stop = Event()
    sealing = make_engine(database.sealer_url, connections=1)
    threads = [Thread(target=load, args=(database.app_url, acknowledged, stop)) for _ in range(6)]
    threads.append(Thread(target=seal_until, args=(stop, sealing)))
    for thread in threads:
        thread.start()
    for _ in range(times):
        time.sleep(0.7)
        cluster.stop("immediate")
        cluster.start()
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    with begin(sealing) as tx:
        seal_batch(tx)
    seen: list[Sealed] = []
    follow_until(make_engine(database.app_url), stop, seen)
    assert len(acknowledged) > times * 10
    assert set(acknowledged) - {key(each.recorded) for each in seen} == set()
    assert_dense_and_in_order(seen)


@pytest.mark.timeout(120)
def test_nothing_acknowledged_is_lost_in_a_crash(durable_cluster: Callable[[], TestCluster]) -> None:
    crash(durable_cluster(), 3)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_nothing_acknowledged_is_lost_in_twenty_crashes(durable_cluster: Callable[[], TestCluster]) -> None:
    crash(durable_cluster(), 20)


def copied(source: Database, target: Database, program: Path) -> None:
    """Dump one database and restore it into another, as an administrator would."""
    dump = [program / "pg_dump", "--dbname", source.superuser_url.replace("+psycopg", ""), "--schema=log",
            "--schema=desk", "--schema=migration"]  # fmt: skip
    made = subprocess.run(dump, check=True, capture_output=True).stdout
    restore = [program / "psql", "--quiet", "--set=ON_ERROR_STOP=1", target.superuser_url.replace("+psycopg", "")]
    subprocess.run(restore, check=True, capture_output=True, input=made)


@pytest.mark.timeout(120)
def test_a_dump_restored_into_another_cluster_goes_on(
    app: Engine, sealer: Engine, database: Database, durable_cluster: Callable[[], TestCluster]
) -> None:
    make_table(app)
    with begin(sealer) as tx:
        assert seal_batch(tx) == 2
    with begin(app) as tx:
        unsealed = grow(tx, uuid4())
    elsewhere = durable_cluster()
    restored = elsewhere.new_database()
    program = Path(elsewhere.server.installation.program("postgres")).parent
    copied(database, restored, program)
    there, sealing = make_engine(restored.app_url), make_engine(restored.sealer_url)
    with begin(there) as tx:
        grown = grow(tx, unsealed.stream)
    for expected in (2, 0):
        with begin(sealing) as tx:
            assert seal_batch(tx) == expected
    with begin(there) as tx:
        later = grow(tx, unsealed.stream)
    with begin(sealing) as tx:
        assert seal_batch(tx) == 1
    with begin(there) as tx:
        seen = list(follow(tx, -1))
    assert [key(each.recorded) for each in seen[2:]] == [key(each) for each in (unsealed, grown, later)]
    assert_dense_and_in_order(seen)


@pytest.mark.timeout(60)
def test_the_sealer_process_shows_life_and_ends_in_order(database: Database, app: Engine, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    environment = {**os.environ, "GOALTRAIL_DATABASE_URL": database.sealer_url, "GOALTRAIL_READY_FILE": str(ready)}
    process = subprocess.Popen([sys.executable, "-m", "workers.sealer"], env=environment)
    make_table(app)
    until = time.monotonic() + 20
    while time.monotonic() < until and scalar(app, "SELECT count(*) FROM log.leaf") != 2:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert (process.wait(10), ready.exists(), scalar(app, "SELECT count(*) FROM log.leaf")) == (0, True, 2)


def test_a_savepoint_rolled_back_leaves_no_trace(app: Engine) -> None:
    stream = uuid4()
    with begin(app) as tx:
        with tx.connection.begin_nested() as inner:
            grow(Transaction(tx.connection), stream)
            inner.rollback()
        assert grow(tx, stream).version == 1
        assert tx.connection.scalar(text("SELECT count(*) FROM log.event")) == 1
